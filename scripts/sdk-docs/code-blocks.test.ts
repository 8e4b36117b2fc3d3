import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { root } from '../setup.mjs'

const folder = join(root, '.build', `code-blocks-${process.pid}`)
const pages = [
  'docs/sdk/requests.md',
  'docs/sdk/tokens.md',
  'packages/backend/README.md',
  'packages/server/README.md',
  'packages/testing/README.md',
  'packages/cli/README.md',
]

/** The TypeScript and JavaScript of a page, block by block. */
function blocksOf(page: string): { page: string; extension: string; code: string }[] {
  const text = readFileSync(join(root, page), 'utf8')
  return [...text.matchAll(/^```(ts|js)\n([^]*?)^```/gm)].map(([, extension, code]) => ({
    page,
    extension: extension!,
    code: code!,
  }))
}

const config = {
  extends: '../../tsconfig.test.json',
  compilerOptions: {
    rootDir: '../..',
    lib: ['es2023', 'dom', 'dom.iterable'],
    checkJs: true,
    noUnusedLocals: false,
    paths: {
      // The built packages: a page may declare the roles of its reader's application, which our sources do not have.
      '@latchkey/backend/*': ['../../packages/backend/dist/*.d.ts'],
      '@latchkey/*': ['../../packages/*/dist/index.d.ts'],
    },
  },
  include: ['*.ts', '*.mjs'],
}

beforeAll(() => mkdirSync(folder, { recursive: true }))
afterAll(() => rmSync(folder, { recursive: true }))

it('of the pages about the SDK compile', { timeout: 120_000 }, async () => {
  const names = pages.flatMap(blocksOf).map(({ page, extension, code }, index) => {
    const name = `${page.replaceAll(/\W/g, '-')}-${index}.${extension === 'js' ? 'mjs' : 'ts'}`
    writeFileSync(join(folder, name), `${code}\nexport {}\n`)
    return name
  })
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))

  const compile = promisify(execFile)(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder, '--pretty', 'false'],
    { cwd: folder },
  )
  const { stdout } = await compile.catch((error: { stdout: string }) => error)
  expect(names.length).toBeGreaterThan(15)
  expect(stdout).toBe('')
})
