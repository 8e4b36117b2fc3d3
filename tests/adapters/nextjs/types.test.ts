import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))

const programs = ['middleware', 'app', 'pages'].map((name) => join(import.meta.dirname, `programs/${name}.mts`))

const source = (file: string) => [join(root, 'packages', file)]

/** Where the imports lead when ours take the place of the official package. */
const ours = {
  '@latchkey/nextjs/*': source('nextjs/src/*.ts'),
  '@clerk/nextjs/*': source('nextjs/src/*.ts'),
  '@latchkey/backend': source('backend/src/index.ts'),
  '@latchkey/backend/*': source('backend/src/*.ts'),
  '@latchkey/crypto': source('crypto/src/index.ts'),
  '@latchkey/types': source('types/src/index.ts'),
}

/** What the compiler has against the programs, as an application of Next's compiles them; nothing, if all is well. */
async function complaints(files: string[], paths: Record<string, string[]> = {}): Promise<string> {
  mkdirSync(join(root, '.build'), { recursive: true })
  const folder = mkdtempSync(join(root, '.build/types-nextjs-'))
  const compilerOptions = { composite: false, declaration: false, emitDeclarationOnly: false, noEmit: true, module: 'esnext', moduleResolution: 'bundler', jsx: 'preserve', types: ['node'], paths }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: join(root, 'tsconfig.base.json'), compilerOptions, files }))
  try {
    await promisify(execFile)(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder])
    return ''
  } catch (error) {
    return (error as { stdout: string }).stdout
  } finally {
    rmSync(folder, { recursive: true })
  }
}

it('the programs are written for @clerk/nextjs', async () => {
  expect(await complaints(programs)).toBe('')
})

it('and compile with ours in its place', async () => {
  expect(await complaints(programs, ours)).toBe('')
})

it('the lines of the README compile', async () => {
  const blocks = [...readFileSync(join(root, 'packages/nextjs/README.md'), 'utf8').matchAll(/^```(tsx?)\n([^]*?)^```/gm)]
  const folder = mkdtempSync(join(root, '.build/readme-nextjs-'))
  try {
    const files = blocks.map(([, extension, code], index) => {
      const file = join(folder, `block-${index}.${extension}`)
      writeFileSync(file, code!)
      return file
    })
    expect(files).toHaveLength(2)
    expect(await complaints(files, ours)).toBe('')
  } finally {
    rmSync(folder, { recursive: true })
  }
})
