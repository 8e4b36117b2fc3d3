import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { packageFolders } from '../build/stamp.mjs'
import { problemsOf } from './problems.mjs'
import { sbomOf } from './sbom.mjs'
import { publishedFolders, stagePackage } from './stage.mjs'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

const good = {
  name: '@latchkey/example',
  version: '0.1.0',
  dependencies: { '@latchkey/backend': '0.1.0', hono: '^4.0.0' },
}

function createPackage(manifest: object, files: Record<string, string> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-pack-'))
  folders.push(folder)
  const all = {
    LICENSE: '',
    NOTICE: '',
    'README.md': '',
    'package.json': JSON.stringify({ ...good, ...manifest }),
    ...files,
  }
  for (const [file, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
  return folder
}

describe('what is published', () => {
  it('is all but the two packages that others carry inside', () => {
    const left = packageFolders().filter((folder) => !publishedFolders().includes(folder))
    expect(left.map((folder) => folder.slice(dirname(folder).length + 1))).toEqual(['crypto', 'types'])
  })

  it('is let through when nothing is wrong with it', () => {
    expect(
      problemsOf(
        createPackage(
          {},
          { 'dist/edge/index.js': 'export {}', 'dist/index.d.ts': "export * from '@latchkey/backend/types'" },
        ),
      ),
    ).toEqual([])
  })

  it.each([
    ['an install script', { scripts: { postinstall: 'node x' } }, 'has the script "postinstall"'],
    [
      'an unpublished dependency',
      { dependencies: { '@latchkey/types': '0.1.0' } },
      'depends on @latchkey/types 0.1.0, which is not published with it',
    ],
    [
      'a sibling of another version',
      { dependencies: { '@latchkey/backend': '0.0.9' } },
      'depends on @latchkey/backend 0.0.9, which is not published with it',
    ],
    [
      'a dependency in a folder',
      { dependencies: { other: 'file:../other' } },
      'depends on other at file:../other, which no registry has',
    ],
    [
      'a dependency in a repository',
      { optionalDependencies: { other: 'owner/other' } },
      'depends on other at owner/other, which no registry has',
    ],
  ])('may not have %s', (_, manifest, problem) => {
    expect(problemsOf(createPackage(manifest))).toEqual([problem])
  })

  it.each([
    ['dist/index.js', "import { a } from '@latchkey/crypto'", 'dist/index.js imports @latchkey/crypto'],
    ['dist/index.d.cts', 'export type A = import("@latchkey/types").A', 'dist/index.d.cts imports @latchkey/types'],
    ['dist/edge/index.js', "import { createHash } from 'node:crypto'", "dist/edge/index.js asks for Node's modules"],
    ['binding.gyp', '{}', 'has a binding.gyp, which npm compiles'],
    [
      'dist/bytes.d.cts',
      'export declare const a: Uint8Array<ArrayBuffer>',
      'dist/bytes.d.cts needs a type argument of Uint8Array, which TypeScript 5.4 does not know',
    ],
    [
      'dist/key.d.ts',
      '/** A CryptoKey. */ export declare const a: CryptoKey',
      'dist/key.d.ts needs a type of the DOM library',
    ],
  ])('may not have this in %s: %s', (file, text, problem) => {
    expect(problemsOf(createPackage({}, { [file]: text }))).toEqual([problem])
  })

  it('has its licence and its description', () => {
    const folder = createPackage({})
    for (const file of ['LICENSE', 'README.md']) rmSync(join(folder, file))
    expect(problemsOf(folder)).toEqual(['lacks LICENSE', 'lacks README.md'])
  })
})

describe('a package that can be required', () => {
  const target = mkdtempSync(join(tmpdir(), 'latchkey-stage-'))
  afterAll(() => rmSync(target, { recursive: true }))

  it('has a folder for each subpath, for tools that read no exports, and lets its manifest be read', () => {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-pack-'))
    folders.push(folder)
    const both = (name: string) => ({
      import: { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` },
      require: { types: `./dist/${name}.d.cts`, default: `./dist/${name}.cjs` },
    })
    const exports = { '.': both('index'), './errors': both('errors') }
    const files = ['index.js', 'index.d.ts', 'errors.js', 'errors.d.ts', 'index.cjs', 'errors.cjs']
    mkdirSync(join(folder, 'dist'))
    for (const file of files) writeFileSync(join(folder, 'dist', file), '')
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...good, files: ['dist'], exports }))
    const manifest = stagePackage(folder, target) as { exports: object; files: string[] }
    expect(manifest.exports).toEqual({ ...exports, './package.json': './package.json' })
    expect(manifest.files).toContain('errors')
    const stub = JSON.parse(readFileSync(join(target, 'errors/package.json'), 'utf8')) as Record<
      'main' | 'types',
      string
    >
    expect(stub).toEqual({ main: '../dist/errors.cjs', types: '../dist/errors.d.cts' })
    for (const file of Object.values(stub)) expect(existsSync(join(target, 'errors', file))).toBe(true)
  })
})

describe('the list of what is installed with a package', () => {
  const listOf = (name: string) => {
    const { metadata, components } = JSON.parse(
      sbomOf(packageFolders().find((folder) => folder.endsWith(`/${name}`))!),
    ) as Sbom
    return { of: metadata.component.name, names: components.map((component) => component.name) }
  }

  it('is empty where a package needs no other', () => {
    expect(listOf('backend')).toEqual({ of: '@latchkey/backend', names: [] })
  })

  it('has what a dependency needs in turn, and nothing of the tests', () => {
    const { names } = listOf('sdk-node')
    expect(names).toEqual(expect.arrayContaining(['@latchkey/backend', 'got', 'cacheable-request']))
    expect(names).not.toContain('vitest')
  })

  it('has what a program carries inside', () => {
    expect(listOf('cli')).toMatchObject({
      of: 'latchkey',
      names: expect.arrayContaining(['commander', 'hono', 'kysely', 'bcrypt']),
    })
  })
})

interface Sbom {
  metadata: { component: { name: string } }
  components: { name: string }[]
}
