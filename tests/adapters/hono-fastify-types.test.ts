import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const compiler = join(root, 'node_modules/typescript/bin/tsc')

/** Where a program's imports lead when ours stand in for the official package. */
function oursInPlaceOf(name: string): Record<string, string[]> {
  const source = (file: string) => [join(root, 'packages', file)]
  return {
    [`@clerk/${name}`]: source(`${name}/src/index.ts`),
    [`@clerk/${name}/*`]: source(`${name}/src/*.ts`),
    '@latchkey/backend': source('backend/src/index.ts'),
    '@latchkey/backend/*': source('backend/src/*.ts'),
    '@latchkey/crypto': source('crypto/src/index.ts'),
    '@latchkey/crypto/*': source('crypto/src/*.ts'),
    '@latchkey/types': source('types/src/index.ts'),
  }
}

let folder: string
beforeAll(async () => {
  await mkdir(join(root, '.build'), { recursive: true })
  folder = await mkdtemp(join(root, '.build/types-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** What the compiler has against a program; nothing, if all is well. */
async function complaints(program: string, paths: Record<string, string[]>): Promise<string> {
  const configuration = {
    extends: join(root, 'tsconfig.base.json'),
    compilerOptions: { composite: false, declaration: false, emitDeclarationOnly: false, noEmit: true, types: ['node'], paths },
    files: [join(root, 'tests/adapters', program)],
  }
  const file = join(folder, `${program.replace(/\W/g, '-')}-${Object.keys(paths).length}.json`)
  await writeFile(file, JSON.stringify(configuration))
  try {
    await promisify(execFile)(process.execPath, [compiler, '-p', file])
    return ''
  } catch (error) {
    return (error as { stdout: string }).stdout
  }
}

describe.each(['hono', 'fastify'])('a program written for @clerk/%s', (name) => {
  it('compiles against that package', async () => {
    expect(await complaints(`${name}/program.mts`, {})).toBe('')
  })

  it('compiles against ours', async () => {
    expect(await complaints(`${name}/program.mts`, oursInPlaceOf(name))).toBe('')
  })
})
