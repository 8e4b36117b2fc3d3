import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createTestServer, type TestServer } from '@latchkey/testing'
import { signWebhook } from '@latchkey/backend/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readyLines } from '../../packages/cli/src/ready-lines.js'
import { root } from '../setup.mjs'

const folder = join(root, '.build', `readme-programs-${process.pid}`)
const signingSecret = `whsec_${btoa('a secret for the tests')}`

let server: TestServer
let environment: NodeJS.ProcessEnv
let token: string
let userId: string

beforeAll(async () => {
  mkdirSync(folder, { recursive: true })
  server = await createTestServer({ port: 0 })
  const { url, secretKey, publishableKey, client } = server
  const addresses = { apiUrl: url, frontendApiUrl: url, secretKey, publishableKey }
  const lines = readyLines(addresses, { dependencies: { '@latchkey/backend': '0.1.0' } })
  environment = {
    NODE_ENV: 'test',
    // Only the variables that `latchkey dev` prints for an .env file.
    ...Object.fromEntries(
      lines.filter((line) => /^[A-Z_]+=/.test(line)).map((line) => line.split('=') as [string, string]),
    ),
    CLERK_WEBHOOK_SIGNING_SECRET: signingSecret,
  }
  const user = await client.users.createUser({
    emailAddress: ['ada@example.com'],
    firstName: 'Ada',
    lastName: 'Lovelace',
  })
  const session = await client.sessions.createSession({ userId: user.id })
  token = (await client.sessions.getToken(session.id)).jwt
  userId = user.id
})

afterAll(async () => {
  rmSync(folder, { recursive: true })
  await server.close()
})

/** Cuts the programs below a heading of a README out, and writes each to a file. */
function programs(name: string, heading: string): string[] {
  const text = readFileSync(join(root, 'packages', name, 'README.md'), 'utf8')
  const section = text.split(/^#+ /m).find((part) => part.startsWith(`${heading}\n`))
  return [...section!.matchAll(/^```js\n([^]*?)^```/gm)].map(([, code], index) => {
    const file = join(folder, `${name}-${heading.replaceAll(/\W/g, '-')}-${index}.mjs`)
    writeFileSync(file, code!)
    return file
  })
}

/** Runs a program to its end, against the built packages. */
async function run(args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: environment })
  return stdout.trim()
}

/** Runs a program that listens, for as long as `work` takes. */
async function serve(file: string, work: (url: string) => Promise<void>): Promise<string> {
  const port = await freePort()
  const program = spawn(process.execPath, [file], { env: { ...environment, PORT: String(port) } })
  let output = ''
  program.stdout.on('data', (text) => (output += text))
  try {
    await expect
      .poll(
        () =>
          fetch(`http://127.0.0.1:${port}/`, { method: 'HEAD' }).then(
            () => true,
            () => false,
          ),
        { timeout: 20_000 },
      )
      .toBe(true)
    await work(`http://127.0.0.1:${port}/`)
  } finally {
    program.kill()
    await once(program, 'close')
  }
  return output.trim()
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  probe.close()
  await once(probe, 'close')
  return port
}

describe('the programs of the README of @latchkey/backend', () => {
  it('read users', async () => {
    const [program] = programs('backend', 'Read users')
    expect(await run([program!])).toBe(`1 users\n${userId} Ada Lovelace ada@example.com`)
  })

  it('verify a token, and refuse one that was changed', async () => {
    const [program] = programs('backend', 'Verify a token')
    expect(await run([program!, token])).toMatch(new RegExp(`^${userId} in sess_`))
    await expect(run([program!, token.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))])).rejects.toMatchObject({
      code: 1,
    })
  })

  it('authenticate requests on Node', async () => {
    const [program] = programs('backend', 'Authenticate a request')
    await serve(program!, async (url) => {
      const signedIn = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
      expect([signedIn.status, await signedIn.text()]).toEqual([200, `Hello ${userId}`])
      expect((await fetch(url)).status).toBe(401)
      // A browser that is not known yet is sent to the Frontend API, which knows it.
      const browser = await fetch(url, {
        headers: { accept: 'text/html', 'sec-fetch-dest': 'document' },
        redirect: 'manual',
      })
      expect([browser.status, browser.headers.get('location')]).toEqual([
        307,
        expect.stringContaining('/v1/client/handshake?'),
      ])
    })
  })

  it('authenticate requests of the web', async () => {
    const [, program] = programs('backend', 'Authenticate a request')
    const ask = (headers: object) =>
      run([
        '--input-type=module',
        '-e',
        `import app from ${JSON.stringify(program)}
        const answer = await app.fetch(new Request('https://app.example.com/', { headers: ${JSON.stringify(headers)} }))
        console.log(answer.status, await answer.text())`,
      ])
    expect(await ask({ authorization: `Bearer ${token}` })).toBe(`200 Hello ${userId}`)
    expect(await ask({})).toBe('401 Sign in first.')
  })

  it('receive webhooks, and refuse others', async () => {
    const [program] = programs('backend', 'Receive a webhook')
    const { headers, body } = await signWebhook({ type: 'user.created', data: { id: userId } }, { signingSecret })
    const output = await serve(program!, async (url) => {
      expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(204)
      expect((await fetch(url, { method: 'POST', headers, body: body.replace('created', 'deleted') })).status).toBe(400)
    })
    expect(output).toBe(`Welcome ${userId}`)
  })

  it('test without a server', async () => {
    const [program] = programs('backend', 'Test without a server')
    expect(await run([program!])).toBe('It works.')
  })
})

describe('the programs of the other READMEs', () => {
  it('test with a server', async () => {
    const [program] = programs('testing', '@latchkey/testing')
    expect(await run([program!])).toBe('')
  })

  it('embed a server', async () => {
    const [program] = programs('server', '@latchkey/server')
    expect(JSON.parse((await run([program!])).replaceAll(/(\w+):/g, '"$1":').replaceAll("'", '"'))).toEqual({
      object: 'total_count',
      total_count: 0,
    })
  })

  it.each(['express', 'fastify', 'hono'])('greet who is signed in, with @latchkey/%s', async (name) => {
    const [program] = programs(name, `@latchkey/${name}`)
    writeFileSync(program!, readFileSync(program!, 'utf8').replace('3000', 'Number(process.env.PORT)'))
    await serve(program!, async (url) => {
      const signedIn = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
      expect([signedIn.status, await signedIn.text()]).toEqual([200, `Hello, ${userId}!`])
      expect((await fetch(url)).status).toBe(401)
    })
  })

  it('use what the command serves', async () => {
    const [program] = programs('cli', 'latchkey')
    await server.client.users.deleteUser(userId)
    expect(await run([program!])).toMatch(/^user_\w{27}$/)
  })
})
