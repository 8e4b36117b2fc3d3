import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startApp } from './start.js'

const program = fileURLToPath(new URL('../../../packages/cli/dist/latchkey.js', import.meta.url))
const folder = fileURLToPath(new URL('..', import.meta.url))

// The steps of the README: Latchkey with the seed, the application, and a token of somebody in the seed.
let latchkey
let app
let env
before(async () => {
  const options = ['dev', '--json', '--port', '0', '--database', ':memory:', '--seed', 'seed.json']
  latchkey = spawn(process.execPath, [program, ...options], {
    cwd: folder,
    env: {},
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(createInterface({ input: latchkey.stdout }), 'line')
  const { apiUrl, secretKey, publishableKey } = JSON.parse(line)
  env = { CLERK_API_URL: apiUrl, CLERK_SECRET_KEY: secretKey, CLERK_PUBLISHABLE_KEY: publishableKey }
  app = await startApp(env)
})
after(async () => {
  await app.stop()
  latchkey.kill()
  await once(latchkey, 'exit')
})

for (const [user, read, create, settings] of [
  ['user_reader', 200, 403, 403],
  ['user_bookkeeper', 200, 201, 403],
  ['user_admin', 403, 403, 200],
]) {
  test(`the token of ${user} opens what the role allows`, async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['token.js', user], { cwd: folder, env })
    const headers = { authorization: `Bearer ${stdout.trim()}`, 'content-type': 'application/json' }
    const ask = async (method, path, body) =>
      (await fetch(app.url + path, { method, headers, ...(body && { body }) })).status
    assert.deepEqual(
      [
        await ask('GET', '/invoices'),
        await ask('POST', '/invoices', '{"amount": 4999}'),
        await ask('GET', '/settings'),
      ],
      [read, create, settings],
    )
  })
}
