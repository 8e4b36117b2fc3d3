import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Bundles `writer.ts` for the tests of a file, so that plain Node runs it. */
export function useWriter(): { file: string } {
  return useProgram('writer.ts')
}

/** Bundles a program of this folder for the tests of a file. */
export function useProgram(name: string): { file: string } {
  const writer = { file: '' }
  let folder: string

  beforeAll(async () => {
    mkdirSync(join(root, '.build'), { recursive: true })
    // Inside the repository, for what is not bundled to be found.
    folder = mkdtempSync(join(root, '.build/durability-'))
    writer.file = join(folder, 'writer.mjs')
    await build({
      entryPoints: [join(root, 'tests/durability', name)],
      outfile: writer.file,
      bundle: true,
      platform: 'node',
      format: 'esm',
      // Without the packages themselves, loading them would be most of what the program does before it is killed.
      external: ['@node-rs/argon2', '@photostructure/sqlite', 'bcrypt', 'pg-native', 'sharp'],
      banner: {
        js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url)",
      },
      alias: { '@latchkey/crypto': join(root, 'packages/crypto/src/index.ts') },
      logLevel: 'error',
    })
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return writer
}

export type Writer = ChildProcessByStdio<null, Readable, null>

/** Starts a program that creates users, 16 at a time, until it is killed. */
export function startWriter(file: string, location: string, instanceId: string): Writer {
  return startProgram(file, [location, instanceId, '16', '1000000'])
}

export function startProgram(file: string, parameters: readonly string[]): Writer {
  return spawn(process.execPath, [file, ...parameters], { stdio: ['ignore', 'pipe', 'inherit'] })
}
