import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createTestServer } from '@latchkey/testing'

const script = fileURLToPath(new URL('../users.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'node-script-'))

/** Resolves `@latchkey/backend` to the official package, in the process of the script. */
const OFFICIAL = ['--import', new URL('./use-official.js', import.meta.url).href]

let latchkey
before(async () => {
  latchkey = await createTestServer()
  await latchkey.listen()
})
after(async () => {
  await latchkey.close()
  rmSync(folder, { recursive: true })
})

/** Runs the script, and returns its exit code and its output on both streams. */
function run(args, env, { official = false } = {}) {
  const { PATH } = process.env
  return new Promise((resolve) => {
    const options = { cwd: folder, env: { PATH, CLERK_TELEMETRY_DISABLED: '1', ...env } }
    execFile(process.execPath, [...(official ? OFFICIAL : []), script, ...args], options, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, stdout: stdout.trim(), stderr: stderr.trim() })
    })
  })
}

for (const official of [false, true]) {
  describe(official ? 'with @clerk/backend' : 'with @latchkey/backend', () => {
    let env
    before(async () => {
      // Each has its own users.
      const { secretKey } = await latchkey.createInstance()
      env = { CLERK_SECRET_KEY: secretKey, CLERK_API_URL: latchkey.url }
    })
    const users = (...args) => run(args, env, { official })

    test('users are created, changed, found and listed', async () => {
      const { stdout } = await users('create', 'ada@example.com', '--first', 'Ada')
      assert.match(stdout, /^user_\w+ {2}ada@example\.com {2}Ada$/)
      const [ada] = stdout.split(' ')
      assert.equal((await users('update', ada, '--last', 'Lovelace')).stdout, `${ada}  ada@example.com  Ada Lovelace`)
      latchkey.clock.advance(1000)
      const { stdout: second } = await users('create', 'grace@example.com')
      assert.equal((await users('list')).stdout, `${second}\n${ada}  ada@example.com  Ada Lovelace\n2 of 2`)
      assert.equal((await users('list', 'lovelace')).stdout, `${ada}  ada@example.com  Ada Lovelace\n1 of 1`)
    })

    test('a token says whose it is until the user is banned', async () => {
      const [userId] = (await users('create', 'alan@example.com')).stdout.split(' ')
      // The clock of the test server stands still; that of the script does not.
      latchkey.clock.advance(Math.max(0, Date.now() - latchkey.clock.now()))
      const { stdout: token } = await users('token', userId)
      assert.match((await users('verify', token)).stdout, new RegExp(`^${userId}, until \\S+; the session is active$`))

      assert.match((await users('ban', userId)).stdout, /banned$/)
      assert.match((await users('verify', token)).stdout, /; the session is revoked$/)
      assert.equal((await users('token', userId)).code, 1)
      assert.doesNotMatch((await users('unban', userId)).stdout, /banned/)
      assert.equal((await users('token', userId)).code, 0)
    })

    test('what is wrong is said in a line', async () => {
      assert.deepEqual(await users('ban', 'user_none'), {
        code: 1,
        stdout: '',
        stderr: 'No user was found with id "user_none"',
      })
      assert.match((await users('create', 'ada')).stderr, /email address/)
      const { code, stderr } = await users('verify', 'nonsense')
      assert.equal(code, 1)
      assert.match(stderr, /JWT/)
      const wrong = await run(['list'], { ...env, CLERK_SECRET_KEY: 'sk_test_wrong' }, { official })
      assert.equal(wrong.code, 1)
      assert.doesNotMatch(wrong.stderr, /sk_test_wrong/)
    })
  })
}

test('a script without its settings says which line to put where', async () => {
  const { code, stderr } = await run(['list'], {})
  assert.equal(code, 1)
  assert.match(stderr, /\/\.env:\n\n {2}CLERK_SECRET_KEY=sk_test_…\n\n/)
  writeFileSync(join(folder, '.env'), `CLERK_SECRET_KEY=${latchkey.secretKey}\nCLERK_API_URL=${latchkey.url}\n`)
  assert.equal((await run(['list'], {})).stdout, '0 of 0')
})

test('a script that is called in another way says how', async () => {
  for (const args of [[], ['toString'], ['ban'], ['ban', 'user_1', 'user_2'], ['list', '--all']]) {
    const { code, stderr } = await run(args, {})
    assert.equal(code, 1)
    assert.match(stderr, /Usage: node users\.js COMMAND/)
  }
})
