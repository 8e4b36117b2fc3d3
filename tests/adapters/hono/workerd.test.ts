import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { Miniflare } from 'miniflare'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findInstalled } from '../../runtimes/project.test-support.js'
import { production, tokens } from '../hono-fastify.test-support.js'
import { body, event, sign, signingSecret } from '../webhooks-hono-fastify.test-support.js'

const workerd = findInstalled(
  `@cloudflare/workerd-${process.platform}-${process.arch === 'x64' ? '64' : process.arch}/bin/workerd`,
)
if (!workerd) console.warn('Skipped: workerd is not installed on this platform.')

const packages = fileURLToPath(new URL('../../../packages', import.meta.url))

const worker = `
  import { Hono } from 'hono'
  import { clerkMiddleware, getAuth } from '@latchkey/hono'
  import { verifyWebhook } from '@latchkey/hono/webhooks'

  const app = new Hono()
  app.use('/api/*', clerkMiddleware())
  app.get('/api/me', (c) => c.json({ userId: getAuth(c).userId, may: getAuth(c).has({ permission: 'org:invoices:read' }) }))
  app.get('/api/user', async (c) => c.json(await c.get('clerk').users.getUser(getAuth(c).userId)))
  app.post('/webhooks', async (c) => {
    const { type, object, data } = await verifyWebhook(c)
    return c.json({ type, object, data })
  })
  app.onError((error, c) => c.text(error.message, 500))
  export default app
`

/** A worker as one would be deployed: our sources in one file, with nothing of Node's. */
async function bundleWorker(): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: worker, resolveDir: packages },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['workerd', 'worker', 'browser', 'import'],
    plugins: [
      {
        name: 'latchkey-sources',
        setup: (bundler) =>
          bundler.onResolve({ filter: /^@latchkey\// }, ({ path }) => {
            const [, name, subpath = 'index'] = path.split('/')
            return { path: `${packages}/${name}/src/${subpath}.ts` }
          }),
      },
    ],
  })
  return outputFiles[0]!.text
}

describe.skipIf(!workerd)('@latchkey/hono in workerd', () => {
  const { publishableKey, secretKey, keySet } = production
  const user = {
    object: 'user',
    id: 'user_test',
    email_addresses: [],
    phone_numbers: [],
    web3_wallets: [],
    external_accounts: [],
    enterprise_accounts: [],
  }
  const asked: string[] = []
  let miniflare: Miniflare

  beforeAll(async () => {
    miniflare = new Miniflare({
      modules: true,
      script: await bundleWorker(),
      compatibilityDate: '2025-11-01',
      bindings: {
        CLERK_PUBLISHABLE_KEY: publishableKey,
        CLERK_SECRET_KEY: secretKey,
        CLERK_API_URL: 'https://api.example.com',
        CLERK_WEBHOOK_SIGNING_SECRET: signingSecret,
      },
      outboundService(request: { url: string }) {
        const { pathname } = new URL(request.url)
        asked.push(pathname)
        return Response.json(pathname === '/v1/jwks' ? keySet : user) as never
      },
    })
    await miniflare.ready
  })
  afterAll(() => miniflare?.dispose())

  const get = async (path: string, token?: string) => {
    const response = await miniflare.dispatchFetch(`https://app.example.com${path}`, {
      headers: token ? { authorization: `Bearer ${token}` } : {},
    })
    return { status: response.status, body: await response.json() }
  }

  it('takes its keys from the bindings, fetches the key set once and verifies tokens', async () => {
    expect(await get('/api/me', tokens.session)).toEqual({ status: 200, body: { userId: 'user_test', may: true } })
    expect(await get('/api/me', tokens.ofGrace)).toMatchObject({ body: { userId: 'user_grace' } })
    expect(await get('/api/me', tokens.stranger)).toMatchObject({ body: { userId: null } })
    expect(await get('/api/me')).toMatchObject({ body: { userId: null } })
    expect(asked.filter((path) => path === '/v1/jwks')).toHaveLength(1)
  })

  it('asks the API', async () => {
    expect(await get('/api/user', tokens.session)).toMatchObject({ status: 200, body: { id: 'user_test' } })
  })

  it('verifies webhooks', async () => {
    const { headers } = await sign()
    const verified = await miniflare.dispatchFetch('https://app.example.com/webhooks', {
      method: 'POST',
      headers,
      body,
    })
    expect([verified.status, await verified.json()]).toEqual([200, event])
    const forged = await miniflare.dispatchFetch('https://app.example.com/webhooks', {
      method: 'POST',
      headers,
      body: body.replace('user_1', 'user_2'),
    })
    expect(forged.status).toBe(500)
  })
})
