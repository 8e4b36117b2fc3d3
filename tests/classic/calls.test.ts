import type { AddressInfo } from 'node:net'
import { createContext, Script } from 'node:vm'
import { createAdaptorServer } from '@hono/node-server'
import { createClerkClient, verifyToken } from '@latchkey/backend'
import { Clerk, ExpressAuthMiddleware, requireSession, withSession, type Middleware } from '@latchkey/sdk-node'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { dialects, useTestServer } from '../../packages/server/src/server.test-support.js'
import { codeIn, readTables } from './pages.js'

const tables = readTables('calls.md')
const classicRows = tables.get('The classic Node SDK')!
const elixirRows = tables.get('The Elixir client')!

/** A PNG. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg==',
  'base64',
)

interface Exchange {
  request: string
  answer: string
}

/** What the snippets of the page speak of. */
interface World {
  userId: string
  sessionId: string
  clientId: string
  emailAddressId: string
  phoneNumberId: string
  templateId: string
  sessionToken: string
  password: string
  code: string
  image: Uint8Array
}

// What a call means is the same on each database; the tests of the resources show that.
describe('docs/calls.md', () => {
  const server = useTestServer(dialects[0]!)
  let exchanges: Exchange[]
  let world: World
  let apiUrl: string
  let close = async () => {}

  beforeAll(async () => {
    const listening = createAdaptorServer({
      fetch: async (request) => {
        const body = await namesIn(request.clone())
        const { pathname, search } = new URL(request.url)
        const response = await server.fetch(request)
        exchanges.push({
          request: withoutIds(`${request.method} ${pathname}${search}${body}`, world),
          answer: await describeAnswer(response.clone()),
        })
        return response
      },
    })
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
    apiUrl = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`
    close = () => new Promise((resolve, reject) => listening.close((error) => (error ? reject(error) : resolve())))
  })
  afterAll(() => close())
  afterEach(() => vi.unstubAllEnvs())

  beforeEach(async () => {
    exchanges = []
    const { id: instanceId, secretKey } = server.instance
    vi.stubEnv('CLERK_API_KEY', secretKey)
    vi.stubEnv('CLERK_API_URL', apiUrl)
    const password = 'secret_password'
    const userId = `user_${instanceId}`
    const code = 'backup-code'
    await server.server.admin.seed(instanceId, {
      instance: { organization_settings: { enabled: true } },
      users: [
        {
          id: userId,
          email_addresses: ['ada@example.com'],
          phone_numbers: ['+14155552671'],
          password,
          external_accounts: [
            {
              provider: 'oauth_google',
              provider_user_id: '7',
              email_address: 'ada@gmail.example',
              email_address_verified: true,
              access_token: 'ya29.token',
            },
          ],
        },
      ],
    })
    const user = await server.client.users.updateUser(userId, { totpSecret: 'JBSWY3DPEHPK3PXP', backupCodes: [code] })
    await server.client.users.updateUserProfileImage(userId, { file: new Blob([PIXEL], { type: 'image/png' }) })
    const session = await server.client.sessions.createSession({ userId })
    const { jwt: sessionToken } = await server.client.sessions.getToken(session.id)
    const { id: templateId } = await server.client.jwtTemplates.create({ name: 'template_name', claims: {} })
    world = {
      userId,
      sessionId: session.id,
      clientId: session.clientId,
      emailAddressId: user.emailAddresses[0]!.id,
      phoneNumberId: user.phoneNumbers[0]!.id,
      templateId,
      sessionToken,
      password,
      code,
      image: PIXEL,
    }
  })

  /** Runs a snippet of the page with what it speaks of; an error of the API is what some are about. */
  async function run(code: string, more: object): Promise<unknown> {
    const { secretKey } = server.instance
    const context = createContext({ ...world, secretKey, apiUrl, Blob, verifyToken, ...more })
    return new Script(`(async () => ${code})()`).runInContext(context) as Promise<unknown>
  }

  const ofToday = () => ({ clerk: createClerkClient({ secretKey: server.instance.secretKey, apiUrl }) })

  function classic(): object {
    const { secretKey: apiKey } = server.instance
    const request = { headers: { cookie: `__session=${world.sessionToken}` } }
    const expectSession = (): void =>
      expect(request).toMatchObject({ session: { id: world.sessionId, user_id: world.userId } })
    return {
      clerk: new Clerk(apiKey),
      apiKey,
      serverApiUrl: apiUrl,
      onError: (error: unknown) => expect.fail(String(error)),
      ExpressAuthMiddleware,
      app: { use: (middleware: Middleware) => middleware(request, {}, expectSession) },
      // Of its own, so that no key set of another test is known.
      withSession: (handler: () => void) => withSession(handler, { clerk: new Clerk(apiKey) }),
      requireSession: (handler: () => void) => requireSession(handler, { clerk: new Clerk(apiKey) }),
      handler: expectSession,
      req: request,
      res: { statusCode: 200, end: () => expect.fail('The session was not seen.') },
    }
  }

  function expectExchange(requests: string, answer: string): void {
    expect(exchanges.map(({ request }) => request).sort()).toEqual(codeIn(requests).sort())
    expect(exchanges.map((exchange) => exchange.answer).sort()).toEqual(answer.split(' and ').sort())
  }

  it.each(classicRows)('the classic %s', async (call, requests, answer) => {
    await run(codeIn(call!)[0]!, classic())
    expectExchange(requests!, answer!)
  })

  it.each(classicRows)('today’s way for %s', async (_call, _requests, _answer, code) => {
    await run(codeIn(code!)[0]!, ofToday())
    expect(exchanges.map((exchange) => exchange.answer).filter((answer) => /^\d/.test(answer))).toEqual([])
  })

  it.each(elixirRows)('Elixir’s %s', async (_call, requests, answer, code) => {
    const failure: unknown = await run(codeIn(code!)[0]!, ofToday()).then(
      () => undefined,
      (error: unknown) => error,
    )
    expectExchange(requests!, answer!)
    expect(failure === undefined).toBe(!/^\d/.test(answer!))
  })

  it('takes what Elixir’s client sends: empty bodies called JSON, {}, a lifetime of null; and names "email", which it does not know', async () => {
    const { userId, sessionId } = world
    for (const action of ['ban', 'unban', 'lock', 'unlock'])
      expect((await server.call('POST', `/users/${userId}/${action}`, {}, { version: null })).status).toBe(200)
    const { body: session } = await server.call('POST', '/sessions', { user_id: userId }, { version: null })
    expect(
      (await server.call('POST', `/sessions/${session.id}/tokens`, { expires_in_seconds: null }, { version: null }))
        .status,
    ).toBe(200)
    expect((await server.call('POST', `/sessions/${session.id}/revoke`, undefined, { version: null })).status).toBe(200)
    expect((await server.call('GET', `/sessions/${sessionId}`, undefined, { version: null })).status).toBe(200)
    const refused = await server.call(
      'POST',
      '/users',
      { username: 'new_user', email: 'new@example.com', password: 'secret_password' },
      { version: null },
    )
    expect(refused).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'form_param_unknown', meta: { param_name: 'email' } }] },
    })
  })
})

describe('the page of calls', () => {
  it('has every call of both documents', () => {
    expect(classicRows).toHaveLength(19)
    expect(elixirRows).toHaveLength(36)
  })
})

/** The names of a body, as the page writes them. */
async function namesIn(request: Request): Promise<string> {
  const type = request.headers.get('content-type') ?? ''
  const text = await request.clone().text()
  if (text === '') return ''
  if (type.startsWith('multipart/')) return ` {${[...(await request.formData()).keys()].join(', ')}}`
  const names = type.startsWith('application/json')
    ? Object.keys(JSON.parse(text) as object)
    : [...new URLSearchParams(text).keys()]
  return ` {${names.join(', ')}}`
}

function withoutIds(text: string, world: World): string {
  const names: Record<string, string> = {
    '{user_id}': world.userId,
    '{session_id}': world.sessionId,
    '{client_id}': world.clientId,
    '{email_address_id}': world.emailAddressId,
    '{template_id}': world.templateId,
  }
  return Object.entries(names).reduce((result, [name, id]) => result.replaceAll(id, name), text)
}

/** An answer in the words of the page. */
async function describeAnswer(response: Response): Promise<string> {
  const body = (await response.json()) as Record<string, unknown> & { errors?: { code: string }[] }
  if (body.errors) return `${response.status} ${body.errors.map(({ code }) => code).join(', ')}`
  if (Array.isArray(body)) return `[${kindOf(body[0])}]`
  if (Array.isArray(body['data']))
    return body['data'].length === 0 ? 'empty page' : `page of ${kindOf(body['data'][0])}`
  if (body['verified']) return 'verified'
  return body['keys'] ? 'keys' : `${body['deleted'] ? 'deleted ' : ''}${kindOf(body)}`
}

function kindOf(value: unknown): string {
  return String((value as { object?: string } | undefined)?.object)
}
