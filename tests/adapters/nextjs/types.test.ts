import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { asApplication, compile, pathsToOurs } from '../../compile.test-support.js'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const programs = Object.fromEntries(
  ['middleware', 'app', 'pages'].map((name) => [`${name}.mts`, read(`./programs/${name}.mts`)]),
)

/** As an application of Next's is compiled. */
const settings = (paths: Record<string, string[]> = {}) => ({
  base: 'tsconfig.base.json',
  compilerOptions: { ...asApplication, module: 'esnext', moduleResolution: 'bundler', jsx: 'preserve', paths },
})

it('the programs are written for @clerk/nextjs', async () => {
  expect(await compile(programs, settings())).toBe('')
})

it('and compile with ours in its place', async () => {
  expect(await compile(programs, settings(pathsToOurs('nextjs')))).toBe('')
})

it('the lines of the README compile', async () => {
  const blocks = [...read('../../../packages/nextjs/README.md').matchAll(/^```(tsx?)\n([^]*?)^```/gm)]
  expect(blocks).toHaveLength(2)
  const files = Object.fromEntries(blocks.map(([, extension, code], index) => [`block-${index}.${extension}`, code!]))
  expect(await compile(files, settings(pathsToOurs('nextjs')))).toBe('')
})
