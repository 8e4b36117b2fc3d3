import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createContext, Script } from 'node:vm'
import type { Clerk } from '@latchkey/sdk-node'
import { createTestServer, type TestServer } from '@latchkey/testing'
import got from 'got'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildPrograms } from '../../scripts/build.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const umdFile = fileURLToPath(new URL('../../packages/sdk-node/dist/index.umd.cjs', import.meta.url))

let server: TestServer
beforeAll(async () => {
  await buildPrograms()
  server = await createTestServer({ port: 0 })
})
afterAll(() => server.close())

/** Uses a build in a program of its own, which makes `Clerk` and whatever else it can name. */
async function run(type: 'module' | 'commonjs', loading: string): Promise<unknown> {
  const program = `${loading}
const clerk = new Clerk.default(process.env.KEY, { serverApiUrl: process.env.URL })
clerk.users.getUserList().then(async (users) => {
  const error = await clerk.users.getUser('user_none').catch((thrown) => thrown)
  console.log(JSON.stringify({
    list: Array.isArray(users),
    itself: Clerk.default === Clerk && named.Clerk === Clerk,
    name: Clerk.name,
    later: Clerk.users === named.users,
    functions: [named.ExpressAuthMiddleware, named.ClerkExpressMiddleware, named.withSession, named.requireSession, named.setClerkApiKey].map((value) => typeof value),
    error: [error.name, error.status, error instanceof named.NotFoundError],
  }))
})`
  const env = { PATH: process.env['PATH'], KEY: server.secretKey, URL: server.url }
  const { stdout } = await promisify(execFile)(process.execPath, [`--input-type=${type}`, '-e', program], {
    cwd: root,
    env,
  })
  return JSON.parse(stdout)
}

const USABLE = {
  list: true,
  itself: true,
  name: 'Clerk',
  later: true,
  functions: Array<string>(5).fill('function'),
  error: ['ClerkAPIResponseError', 404, true],
}

describe('the builds of the classic SDK', () => {
  it('are loaded by import', async () => {
    expect(await run('module', "import * as named from '@latchkey/sdk-node'\nconst Clerk = named.default")).toEqual(
      USABLE,
    )
    expect(
      await run('module', "import Clerk from '@latchkey/sdk-node'\nconst named = await import('@latchkey/sdk-node')"),
    ).toEqual(USABLE)
  })

  it('are loaded by require', async () => {
    expect(await run('commonjs', "const Clerk = require('@latchkey/sdk-node')\nconst named = Clerk")).toEqual(USABLE)
    expect(
      await run(
        'commonjs',
        "const Clerk = require('@latchkey/sdk-node').default\nconst named = require('@latchkey/sdk-node')",
      ),
    ).toEqual(USABLE)
  })

  it('have the errors of the SDK of today', async () => {
    const comparison =
      "console.log(require('@latchkey/sdk-node').NotFoundError === require('@latchkey/backend/errors').NotFoundError)"
    const asModule = comparison.replaceAll('require(', '(await import(').replaceAll("')", "'))")
    for (const [type, program] of [
      ['commonjs', comparison],
      ['module', asModule],
    ]) {
      const { stdout } = await promisify(execFile)(process.execPath, [`--input-type=${type}`, '-e', program!], {
        cwd: root,
      })
      expect(stdout).toBe('true\n')
    }
  })
})

describe('the UMD build', () => {
  /** What a script sees in a browser or in any other place that is not Node. */
  const platform = {
    URL,
    URLSearchParams,
    Headers,
    Request,
    Response,
    TextEncoder,
    TextDecoder,
    setTimeout,
    clearTimeout,
    AbortController,
    crypto,
  }
  const script = () => new Script(readFileSync(umdFile, 'utf8'), { filename: umdFile })

  async function expectUsable(Loaded: typeof Clerk): Promise<void> {
    expect(Loaded.default).toBe(Loaded)
    expect(await new Loaded(server.secretKey, { serverApiUrl: server.url }).users.getUserList()).toHaveLength(0)
    await expect(new Loaded('sk_test_wrong', { serverApiUrl: server.url }).users.getUserList()).rejects.toMatchObject({
      status: 401,
    })
  }

  it('is one file for CommonJS, in which got alone is asked for', async () => {
    expect(await run('commonjs', "const Clerk = require('@latchkey/sdk-node/umd')\nconst named = Clerk")).toEqual(
      USABLE,
    )
    const asked: string[] = []
    const module = { exports: {} }
    const require = (name: string): unknown => {
      asked.push(name)
      return createRequire(import.meta.url)(name)
    }
    script().runInContext(createContext({ ...platform, module, require }))
    expect(asked).toEqual(['got'])
    await expectUsable(module.exports as typeof Clerk)
  })

  it('is a module for AMD', async () => {
    const defined: { names?: string[]; Loaded?: typeof Clerk } = {}
    const define = Object.assign(
      (names: string[], factory: (transport: unknown) => typeof Clerk) =>
        Object.assign(defined, { names, Loaded: factory(got) }),
      { amd: {} },
    )
    script().runInContext(createContext({ ...platform, define }))
    expect(defined.names).toEqual(['got'])
    await expectUsable(defined.Loaded!)
  })

  it('is a global for a plain script', async () => {
    const context: { Clerk?: typeof Clerk } = createContext({ ...platform, got })
    script().runInContext(context)
    await expectUsable(context.Clerk!)
  })
})
