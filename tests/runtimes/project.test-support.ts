import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { buildPackage } from '../../scripts/build.mjs'
import { packFolder, stagePackage } from '../../scripts/pack/stage.mjs'

export const root = fileURLToPath(new URL('../..', import.meta.url))
const programs = fileURLToPath(new URL('programs', import.meta.url))

const execute = promisify(execFile)

export interface Project {
  folder: string
  /** Names of the packages in `node_modules`. */
  packages: string[]
  /** Runs a program of the project and returns what it printed, as JSON. */
  run(program: string, args: string[], env?: Record<string, string>): Promise<unknown>
  /** Checks types. Fails with what the compiler says. */
  compile(options: string[]): Promise<void>
  /** See {@link bundleForEdge}. */
  bundle(program: string, conditions: string[], format: 'esm' | 'iife'): Promise<string>
  remove(): void
}

/** An empty project in which the package is installed as a user gets it, from its tarball alone. */
export async function createProject(): Promise<Project> {
  await buildPackage('backend')
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-project-'))
  const staged = join(folder, 'staged')
  stagePackage(join(root, 'packages/backend'), staged)
  const tarball = packFolder(staged, folder)
  rmSync(staged, { recursive: true })
  cpSync(programs, folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true }')
  await execute('npm', ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', tarball], {
    cwd: folder,
  })
  return {
    folder,
    packages: readdirSync(join(folder, 'node_modules'), { recursive: true, encoding: 'utf8' }).filter((path) =>
      /^(@[^/]+\/)?[^./@][^/]*$/.test(path),
    ),
    async run(program, args, env = {}) {
      const { stdout } = await execute(program, args, {
        cwd: folder,
        env: { NODE_ENV: 'production', PATH: process.env['PATH'], HOME: folder, ...env },
      })
      return JSON.parse(stdout)
    },
    async compile(options) {
      await execute(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...options], {
        cwd: folder,
      }).catch(({ stdout }: { stdout: string }) => {
        throw new Error(stdout)
      })
    },
    bundle: (program, conditions, format) => bundleForEdge(join(folder, program), conditions, format),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/**
 * Bundles a program with the conditions of a runtime.
 *
 * @throws when something in it imports Node's modules
 */
export async function bundleForEdge(file: string, conditions: string[], format: 'esm' | 'iife'): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    write: false,
    format,
    platform: 'neutral',
    target: 'es2022',
    mainFields: ['module', 'main'],
    conditions: ['import', ...conditions],
    // As every bundler for an edge runtime does: there is no `process`, and `@clerk/backend` reads this one without looking.
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'silent',
  })
  return outputFiles[0]!.text
}

/** The first of some files below `node_modules` that is there. */
export function findInstalled(...files: string[]): string | undefined {
  return files.map((file) => join(root, 'node_modules', file)).find((file) => existsSync(file))
}
