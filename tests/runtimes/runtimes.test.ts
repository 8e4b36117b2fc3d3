import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createContext, Script } from 'node:vm'
import { EdgeVM } from '@edge-runtime/vm'
import { Miniflare } from 'miniflare'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { installNodes } from '../../scripts/apart.mjs'
import { serveApi } from './api.test-support.js'
import { exercise } from './programs/exercise.mjs'
import { createProject, findInstalled, type Project } from './project.test-support.js'
import { SEEN } from './seen.test-support.js'

const bun = findInstalled(
  `@oven/bun-${process.platform}-${process.arch === 'arm64' ? 'aarch64' : process.arch}/bin/bun`,
  'bun/bin/bun.exe',
)
const deno = findInstalled(
  `@deno/${process.platform}-${process.arch}-glibc/deno`,
  `@deno/${process.platform}-${process.arch}/deno`,
)
const workerd = findInstalled(
  `@cloudflare/workerd-${process.platform}-${process.arch === 'x64' ? '64' : process.arch}/bin/workerd`,
)
const nodes = await installNodes()

let project: Project
let api: Awaited<ReturnType<typeof serveApi>>
const runs: Record<string, boolean> = { Bun: !!bun, Deno: !!deno, workerd: !!workerd }
beforeAll(async () => {
  for (const [name, found] of Object.entries(runs))
    if (!found) console.warn(`Skipped: ${name} is not installed on this platform.`)
  ;[project, api] = await Promise.all([createProject(), serveApi()])
})
afterAll(() => {
  project.remove()
  api.close()
})

const builds = ['with-import.mjs', 'with-require.cjs', 'with-umd.cjs']

describe('the installed package', () => {
  it('needs no other', () => {
    expect(project.packages).toEqual(['@latchkey/backend'])
  })

  it.each(['consumer.mts', 'consumer.cts'])('declares its types without another package, to %s', async (file) => {
    if (file !== 'consumer.mts') cpSync(join(project.folder, 'consumer.mts'), join(project.folder, file))
    const options = [
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      'false',
      '--module',
      'nodenext',
      '--target',
      'es2022',
      '--lib',
      'es2023,dom,dom.iterable',
      '--types',
      '',
    ]
    await expect(project.compile([...options, file])).resolves.toBeUndefined()
  })

  describe.each(nodes)('works in Node $major', ({ program: node }) => {
    it.each(builds)('%s', async (program) => {
      expect(await project.run(node, [program], { API_URL: api.url })).toEqual(SEEN)
    })
  })

  it.skipIf(!bun).each(builds)('works in Bun, %s', async (program) => {
    expect(await project.run(bun!, ['--no-install', program], { API_URL: api.url })).toEqual(SEEN)
  })

  it.skipIf(!deno).each(builds)('works in Deno, %s', async (program) => {
    const permissions = ['--allow-net=127.0.0.1', '--allow-env', '--allow-read']
    expect(
      await project.run(deno!, ['run', '--no-prompt', '--cached-only', ...permissions, program], {
        API_URL: api.url,
        DENO_NO_UPDATE_CHECK: '1',
      }),
    ).toEqual(SEEN)
  })

  it('works in edge-runtime, without Node in the bundle', async () => {
    const bundled = await project.bundle('on-edge.mjs', ['edge-light'], 'iife')
    // Next.js warns of each, even where it is never reached.
    expect(bundled).not.toMatch(/getBuiltinModule|node:|process\.(?!env)/)
    const vm = new EdgeVM({ initialCode: bundled })
    // As text, because objects of another realm equal none of this one.
    const text = await vm.evaluate<Promise<string>>(`exercise(${JSON.stringify(api.url)}).then(JSON.stringify)`)
    expect(JSON.parse(text)).toEqual(SEEN)
  })

  it.skipIf(!workerd).each([[[]], [['nodejs_compat']]])(
    'works in workerd with the flags %j',
    async (compatibilityFlags) => {
      const script = await project.bundle('on-edge.mjs', ['workerd', 'worker', 'browser'], 'esm')
      const worker = new Miniflare({ modules: true, script, compatibilityDate: '2025-11-01', compatibilityFlags })
      try {
        const response = await worker.dispatchFetch(`http://worker/?api=${encodeURIComponent(api.url)}`)
        expect(await response.json()).toEqual(SEEN)
      } finally {
        await worker.dispose()
      }
    },
  )
})

describe('the UMD build', () => {
  /** What a script sees in a place that is not Node. */
  const platform = {
    Blob,
    FormData,
    URL,
    URLSearchParams,
    Headers,
    Request,
    Response,
    TextEncoder,
    TextDecoder,
    ReadableStream,
    setTimeout,
    clearTimeout,
    performance,
    AbortController,
    AbortSignal,
    DOMException,
    crypto,
    fetch,
    atob,
    btoa,
  }
  const load = (loader: object) => {
    const file = join(project.folder, 'node_modules/@latchkey/backend/dist/umd.cjs')
    const context = createContext({ ...platform, ...loader }) as Record<string, unknown>
    new Script(readFileSync(file, 'utf8'), { filename: file }).runInContext(context)
    return context
  }

  async function use(umd: unknown): Promise<unknown> {
    const folder = join(project.folder, 'node_modules/@latchkey/backend/dist')
    const [internal, testing] = await Promise.all(
      ['internal', 'testing'].map((name) => import(/* @vite-ignore */ join(folder, `${name}.js`))),
    )
    const sdk = { main: umd, errors: umd, jwt: umd, proxy: umd, webhooks: umd, internal, testing }
    return JSON.parse(JSON.stringify(await exercise(sdk, api.url)))
  }

  it('is a module for CommonJS that requires none', async () => {
    const module = { exports: {} }
    load({ module, require: undefined })
    expect(await use(module.exports)).toEqual(SEEN)
  })

  it('is a module for AMD', async () => {
    const defined: unknown[] = []
    load({
      define: Object.assign((names: string[], factory: () => unknown) => defined.push(names, factory()), { amd: {} }),
    })
    expect(defined[0]).toEqual([])
    expect(await use(defined[1])).toEqual(SEEN)
  })

  it('is a global for a plain script', async () => {
    expect(await use(load({})['LatchkeyBackend'])).toEqual(SEEN)
  })

  it('has every value that the modules have which it holds', async () => {
    const umd = load({})['LatchkeyBackend'] as object
    const folder = join(project.folder, 'node_modules/@latchkey/backend/dist')
    for (const name of ['index', 'errors', 'jwt', 'proxy', 'webhooks']) {
      const module = (await import(/* @vite-ignore */ join(folder, `${name}.js`))) as object
      expect(Object.keys(umd)).toEqual(expect.arrayContaining(Object.keys(module)))
    }
  })
})
