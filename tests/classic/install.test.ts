import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createTestServer, type TestServer } from '@latchkey/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildPrograms } from '../../scripts/build.mjs'
import { root, run as runTool } from '../../scripts/setup.mjs'
import { openRegistry, type LocalRegistry } from './local-registry.test-support.js'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-install-'))
const compiler = join(root, 'node_modules/typescript/bin/tsc')
const yarn = join(root, 'node_modules/yarn/bin/yarn.js')

let registry: LocalRegistry | undefined
let server: TestServer | undefined

beforeAll(async () => {
  await buildPrograms()
  await runTool(process.execPath, [compiler, '-b', 'packages/sdk-node'])
  registry = await openRegistry(['backend', 'sdk-node'], join(folder, 'registry'))
  server = await createTestServer({ port: 0 })
})
afterAll(async () => {
  registry?.close()
  await server?.close()
  rmSync(folder, { recursive: true })
})

/** Runs a program in the folder of an application; none of its caches and settings come from outside. */
function run(application: string, program: string, args: string[], environment: Record<string, string> = {}) {
  const env = {
    PATH: process.env['PATH'],
    HOME: application,
    npm_config_cache: join(application, '.npm'),
    YARN_CACHE_FOLDER: join(application, '.yarn'),
    ...environment,
  }
  return promisify(execFile)(program, args, { cwd: application, env })
}

describe('the packed classic SDK', () => {
  const installers: Record<string, (application: string) => Promise<unknown>> = {
    npm: (application) =>
      run(application, 'npm', [
        'install',
        '@latchkey/sdk-node',
        '--registry',
        registry!.url,
        '--no-audit',
        '--no-fund',
      ]),
    'yarn 1': (application) =>
      run(application, process.execPath, [
        yarn,
        'add',
        '@latchkey/sdk-node',
        '--registry',
        registry!.url,
        '--non-interactive',
        '--no-progress',
      ]),
  }

  it.each(Object.keys(installers))('is installed by %s, runs and is typed', async (name) => {
    const application = join(folder, name.replace(' ', ''))
    mkdirSync(application)
    writeFileSync(join(application, 'package.json'), '{ "name": "application", "version": "1.0.0", "private": true }')
    await installers[name]!(application)

    writeFileSync(
      join(application, 'list.mts'),
      `import Clerk, { NotFoundError, type Session, type User } from '@latchkey/sdk-node'
const clerk: Clerk = new Clerk.default('key', { httpOptions: { headers: { 'x-unicorn': 'rainbow' } } })
export const users: User[] = await clerk.userApi.getUserList()
export const owner = (session: Session): string => session.user_id ?? session.userId
export const missing = (error: unknown): boolean => error instanceof NotFoundError && error.status === 404
// @ts-expect-error There is no such call.
await clerk.userApi.getUsers()
`,
    )
    writeFileSync(
      join(application, 'list.cts'),
      `import Clerk = require('@latchkey/sdk-node')
export const users: Promise<Clerk.User[]> = new Clerk.default('key').users.getUserList()
`,
    )
    const check = [
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2022',
      '--types',
      'node',
      '--typeRoots',
      join(root, 'node_modules/@types'),
      'list.mts',
      'list.cts',
    ]
    await expect(run(application, process.execPath, [compiler, ...check])).resolves.toMatchObject({ stdout: '' })

    const list =
      'new Clerk.default(process.env.KEY, { serverApiUrl: process.env.URL }).userApi.getUserList().then((users) => console.log(users.length))'
    const [key, url] = [server!.secretKey, server!.url]
    await server!.client.users.createUser({ username: `ada_${name.replace(' ', '')}` })
    const count = String(await server!.client.users.getCount())
    for (const [type, loading] of [
      ['commonjs', "const Clerk = require('@latchkey/sdk-node')"],
      ['module', "import Clerk from '@latchkey/sdk-node'"],
    ]) {
      const { stdout } = await run(
        application,
        process.execPath,
        [`--input-type=${type}`, '-e', `${loading}\n${list}`],
        { KEY: key, URL: url },
      )
      expect(stdout.trim()).toBe(count)
    }
  })
})
