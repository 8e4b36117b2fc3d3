import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { installApart } from '../../scripts/apart.mjs'
import { build } from '../../scripts/build.mjs'
import { publishedFolders, readManifest } from '../../scripts/pack/stage.mjs'
import { root } from '../../scripts/setup.mjs'
import { openRegistry } from '../classic/local-registry.test-support.js'

interface Manifest {
  name: string
  exports?: Record<string, unknown>
}

const folders = publishedFolders()
const packages = folders.map((path) => readManifest(path) as Manifest)

/** What an application with TypeScript has beside them. */
const OTHERS = ['@types/node', '@types/express', 'express', 'fastify', 'hono', 'next', 'react', 'react-dom']

/** Packing, installing and compiling take seconds; on a machine that does much else, minutes. */
const MINUTES = 600_000

const execute = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'latchkey-packed-'))
const project = join(folder, 'project')
const programs = fileURLToPath(new URL('programs', import.meta.url))
const checkOurs = fileURLToPath(new URL('check-ours.mjs', import.meta.url))
const tools = await installApart(fileURLToPath(new URL('tools', import.meta.url)))

/** Every module of the packages that a program may import. */
const modules = packages.flatMap(({ name, exports = {} }) => Object.keys(exports).map((subpath) => join(name, subpath)))

/** Nothing of this repository. */
const env = { PATH: process.env['PATH'], HOME: folder, CI: '1' }

/** Runs a program of the project and returns what it printed, and fails with that. */
async function run(args: string[], program = process.execPath): Promise<string> {
  try {
    const { stdout, stderr } = await execute(program, args, { cwd: project, env })
    return stdout + stderr
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    // oxlint-disable-next-line preserve-caught-error -- it repeats the whole command
    throw new Error(`${stdout}\n${stderr}`)
  }
}

beforeAll(async () => {
  await build()
  const registry = await openRegistry(
    folders.map((path) => basename(path)),
    join(folder, 'registry'),
    OTHERS,
  )
  mkdirSync(project)
  cpSync(programs, project, { recursive: true })
  writeFileSync(join(project, 'package.json'), '{ "private": true }')
  const wanted = [...packages.map(({ name }) => name), ...OTHERS]
  const options = ['--registry', registry.url, '--cache', join(folder, 'cache'), '--ignore-scripts', '--no-audit']
  try {
    await run(['install', ...wanted, ...options, '--no-fund', '--legacy-peer-deps'], 'npm')
  } finally {
    registry.close()
  }
}, MINUTES)
afterAll(() => rmSync(folder, { recursive: true, force: true }), MINUTES)

describe('the packed packages, installed in an empty project', { timeout: MINUTES }, () => {
  it('are imported and required, each module, without require() of ES modules', async () => {
    const list = JSON.stringify(modules)
    const count = new RegExp(`^${modules.length}$`, 'm')
    const imported = `let count = 0; for (const name of ${list}) if (await import(name)) count++; console.log(count)`
    expect(await run(['--input-type=module', '-e', imported])).toMatch(count)
    const required = `let count = 0; for (const name of ${list}) if (require(name)) count++; console.log(count)`
    expect(await run(['--no-experimental-require-module', '-e', required])).toMatch(count)
  })

  it('export their manifests', async () => {
    const names = JSON.stringify(packages.map(({ name }) => `${name}/package.json`))
    expect(await run(['-p', `${names}.map((name) => require(name).version).join()`])).toMatch(/^(0\.1\.0,?)+\n$/)
  })

  it('have a program that npx runs: it says its version and its commands', async () => {
    expect(await run(['latchkey', '--version'], 'npx')).toBe('0.1.0\n')
    expect(await run(['latchkey', '--help'], 'npx')).toMatch(/^ +dev .*\n(?:.*\n)* +start /m)
  })

  it('have a program that serves the API, whose pages come from the package beside it', async () => {
    const program = join(project, 'node_modules/.bin/latchkey')
    const args = [program, 'dev', '--port', '0', '--database', ':memory:', '--json']
    const child = spawn(process.execPath, args, { cwd: project, env, stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
      const { apiUrl, secretKey } = JSON.parse(line) as Record<'apiUrl' | 'secretKey', string>
      const ask = (path: string, key = '') => fetch(apiUrl + path, { headers: { authorization: `Bearer ${key}` } })
      expect((await ask('/v1/users')).status).toBe(401)
      expect(await (await ask('/v1/users/count', secretKey)).json()).toEqual({ object: 'total_count', total_count: 0 })
      expect((await ask('/npm/@clerk/clerk-js@6/dist/clerk.browser.js')).status).toBe(200)
    } finally {
      child.kill()
      await once(child, 'exit')
    }
  })

  it('work in Jest without a flag', async () => {
    const jest = join(tools, 'node_modules/jest/bin/jest.js')
    const options = ['--testRegex', 'works\\.test\\.cjs$', '--ci', `--testTimeout=${MINUTES}`]
    const printed = await run([jest, '--rootDir', project, ...options])
    expect(printed).toMatch(/Tests: +11 passed, 11 total/)
    expect(printed).not.toMatch(/open handles|did not exit|worker process has failed to exit/i)
  })

  it('work in Vitest', async () => {
    // Vitest has no `require` of its own in a test that is an ES module.
    const text = readFileSync(join(programs, 'works.test.cjs'), 'utf8')
    const imports = text
      .replace(/^const (of\w+) = require\('(.*)'\)$/gm, "import * as $1 from '$2'")
      .replace(/^const (\{.*\}|\w+) = require\('(.*)'\)$/gm, "import $1 from '$2'")
    writeFileSync(join(project, 'works.test.mjs'), imports)
    const printed = await run([
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--globals',
      `--testTimeout=${MINUTES}`,
      '--root',
      project,
      'works.test.mjs',
    ])
    expect(printed).toMatch(/11 passed/)
  })
})

describe('the declarations of the packed packages', { timeout: MINUTES }, () => {
  const newest = join(root, 'node_modules/typescript/bin/tsc')
  const oldest = join(tools, 'node_modules/typescript')

  it.each([
    { compiler: '5.4', resolution: 'node10', module: 'commonjs', file: 'types.ts' },
    { compiler: '5.4', resolution: 'node16', module: 'node16', file: 'types.cts' },
    { compiler: '5.4', resolution: 'node16', module: 'node16', file: 'types.mts' },
    { compiler: 'the newest', resolution: 'node16', module: 'node16', file: 'types.cts' },
    { compiler: 'the newest', resolution: 'node16', module: 'node16', file: 'types.mts' },
    { compiler: 'the newest', resolution: 'bundler', module: 'esnext', file: 'types.mts' },
  ])('hold for TypeScript $compiler with $resolution, in $file', async ({ compiler, resolution, module, file }) => {
    const isNewest = compiler === 'the newest'
    const all = modules.map((name, index) => `import * as module${index} from '${name}'`)
    writeFileSync(
      join(project, file),
      `${all.join('\n')}
export const modules = [${all.map((_, index) => `module${index}`).join(', ')}]
import type { User } from '@latchkey/backend'
import { createTestServer, type TestServer } from '@latchkey/testing'
export async function use(): Promise<string> {
  const server: TestServer = await createTestServer({ port: 0 })
  const user: User = await server.client.users.createUser({ firstName: 'Ada' })
  // @ts-expect-error: a user has an id that is text
  const wrong: number = user.id
  return user.id + String(wrong)
}
`,
    )
    // Without the DOM library, and not skipping the declarations of libraries.
    const own = { lib: ['es2022'], types: ['node'], skipLibCheck: false }
    const options = { noEmit: true, strict: true, target: 'es2022', module, moduleResolution: resolution, ...own }
    const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])
    // The newest compiler is fast, and can only be run.
    const printed = isNewest
      ? await run([newest, ...flags, file]).catch(String)
      : await run([checkOurs, oldest, file, JSON.stringify(options)])
    // Other packages' declarations may want more than ours.
    const ours = printed
      .split('\n')
      .filter((line) => /error TS/.test(line) && !/^(?:Error: )?node_modules\/(?!@latchkey\/)/.test(line))
    expect(ours).toEqual([])
    if (!isNewest) expect(Number(/^(\d+) files are ours$/m.exec(printed)?.[1])).toBeGreaterThan(modules.length)
  })
})
