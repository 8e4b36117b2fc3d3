import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { asApplication, compile } from '../../tests/compile.test-support.js'
import { build } from '../build.mjs'
import { publishedFolders, readManifest } from './stage.mjs'

const packages = publishedFolders().map((folder) => {
  const {
    name,
    dependencies = {},
    exports = {},
  } = readManifest(folder) as {
    name: string
    dependencies?: Record<string, string>
    exports?: Record<string, unknown>
  }
  const readme = readFileSync(join(folder, 'README.md'), 'utf8')
  return { folder: basename(folder), name, needs: Object.keys(dependencies), subpaths: Object.keys(exports), readme }
})
const byName = new Map(packages.map((one) => [one.name, one]))

/** What lies beside the README in a package. */
const BESIDE = ['LICENSE', 'NOTICE', 'package.json']

describe.each(packages)('the README of $name', ({ folder, name, readme, subpaths }) => {
  it('has no link to what is not in the package', () => {
    const targets = [...readme.matchAll(/\]\(([^)\s]+)\)/g), ...readme.matchAll(/(?:href|src)="([^"]+)"/g)]
    const leaving = targets.map(([, target]) => target!).filter((target) => !/^(https?:|mailto:|#)/.test(target))
    expect(leaving.filter((target) => !BESIDE.includes(target))).toEqual([])
  })

  it('says how to get the package, with every package of ours that it needs', () => {
    const needed = (one: string): string[] => [
      one,
      ...byName
        .get(one)!
        .needs.filter((other) => byName.has(other))
        .flatMap(needed),
    ]
    const [line = ''] = /npm install (?:\\\n|[^\n`])+/.exec(readme) ?? []
    const named = [...line.matchAll(/\$LATCHKEY\/\.build\/release\/latchkey-(\[0-9\]|[a-z-]+?)-?\*\.tgz/g)].map(
      ([, one]) => (one === '[0-9]' ? 'latchkey' : `@latchkey/${one}`),
    )
    expect(named).toEqual(expect.arrayContaining([...new Set(needed(name))]))
    expect(readme).toContain('`npm run release` packs them')
    expect(readme).not.toMatch(/npm install (--save-dev )?@latchkey\//)
  })

  it('names no subpath and no export that does not exist', async () => {
    const named = [...readme.matchAll(/['"`](@latchkey\/[a-z-]+)((?:\/[a-z-]+)*)['"`]/g)]
    const missing = named.filter(
      ([, other, subpath]) => !byName.get(other!)?.subpaths.includes(subpath === '' ? '.' : `.${subpath}`),
    )
    // Next's package has no main entry; its name alone still names it.
    expect(missing.map(([text]) => text.slice(1, -1)).filter((text) => !byName.has(text))).toEqual([])

    const modules: Record<string, unknown>[] = []
    for (const subpath of subpaths.filter((one) => !['./umd', './types', './env'].includes(one))) {
      modules.push((await import(`@latchkey/${folder}${subpath.slice(1)}`)) as Record<string, unknown>)
    }
    const listed = [
      ...[...readme.matchAll(/^Exports: ((?:.|\n(?!\n))*)/gm)].map(([, text]) => text!),
      ...[...readme.matchAll(/^\| `@latchkey[^|]*\|(.*)\|$/gm)].map(([, text]) => text!),
    ].flatMap((text) => [...text.matchAll(/`([a-z]\w*)`/gi)].map(([, one]) => one!))
    expect(listed.filter((one) => !modules.some((module) => one in module))).toEqual([])
  })
})

it('the imports in the READMEs are of exports that are there', { timeout: 180_000 }, async () => {
  const imports = packages.flatMap(({ readme }) =>
    [...readme.matchAll(/^import (type )?(?:(\w+)(?:, )?)?(?:\{([^}]*)\} )?from '(@latchkey\/[^']+)'/gm)].flatMap(
      ([, , main, names = '', from]) => [
        ...(main ? [`{ default as _NUMBER_ } from '${from}'`] : []),
        ...names.split(',').flatMap((one) => {
          const name = one.trim().replace(/^type /, '')
          return name === '' ? [] : [`{ type ${name} as _NUMBER_ } from '${from}'`]
        }),
      ],
    ),
  )
  expect(imports.length).toBeGreaterThan(15)
  // In the built packages, as their readers have them.
  await build()
  const lines = imports.map((text, index) => `import ${text.replace('_NUMBER_', `name${index}`)}`)
  const options = { base: 'tsconfig.base.json', compilerOptions: { ...asApplication, noUnusedLocals: false } }
  expect(await compile({ 'imports.ts': `${lines.join('\n')}\nexport {}\n` }, options)).toBe('')
})
