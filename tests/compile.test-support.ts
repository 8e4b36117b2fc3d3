import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))
const compiler = join(root, 'node_modules/typescript/bin/tsc')

export interface CompileOptions {
  /** The settings to begin with, of the root. Default is `tsconfig.test.json`, where `@latchkey/*` are the sources. */
  base?: string
  compilerOptions?: object
}

/**
 * Compiles programs of their own: what they declare globally holds for no other.
 *
 * @param programs The text of each file by its name.
 * @returns What the compiler says, nothing when it is content.
 */
export async function compile(
  programs: Record<string, string>,
  { base = 'tsconfig.test.json', compilerOptions }: CompileOptions = {},
): Promise<string> {
  mkdirSync(join(root, '.build'), { recursive: true })
  // Below the root, where the programs find the packages.
  const folder = mkdtempSync(join(root, '.build/compiled-'))
  try {
    for (const [name, text] of Object.entries(programs)) writeFileSync(join(folder, name), text)
    const config = {
      extends: join(root, base),
      compilerOptions: { noEmit: true, incremental: false, ...compilerOptions },
      include: [],
      files: Object.keys(programs),
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const { stdout } = await promisify(execFile)(process.execPath, [compiler, '-p', folder, '--pretty', 'false'])
    return stdout
  } catch (error) {
    return (error as { stdout: string }).stdout
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Where imports lead when sources of ours take the place of the official package of a framework. */
export function pathsToOurs(name: string): Record<string, string[]> {
  const source = (file: string) => [join(root, 'packages', file)]
  return {
    [`@clerk/${name}`]: source(`${name}/src/index.ts`),
    [`@clerk/${name}/*`]: source(`${name}/src/*.ts`),
    [`@latchkey/${name}/*`]: source(`${name}/src/*.ts`),
    '@latchkey/backend': source('backend/src/index.ts'),
    '@latchkey/backend/*': source('backend/src/*.ts'),
    '@latchkey/crypto': source('crypto/src/index.ts'),
    '@latchkey/crypto/*': source('crypto/src/*.ts'),
    '@latchkey/types': source('types/src/index.ts'),
  }
}

/** Settings without the paths of our tests: what packages export is what there is. */
export const asApplication = { composite: false, declaration: false, emitDeclarationOnly: false, types: ['node'] }
