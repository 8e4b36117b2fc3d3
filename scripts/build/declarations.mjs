// Makes the declarations of published packages stand alone: those of the unpublished packages are copied in, and each
// gets a CommonJS twin (.d.cts) where the package can be required.
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { INLINED } from './bundles.mjs'
import { filesBelow, packageFolders } from './stamp.mjs'

const SPECIFIER = /(\bfrom\s+|\bimport\(|\bimport\s+)(['"])([^'"]+)\2/g

export function completeDeclarations() {
  for (const folder of packageFolders()) {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const name = manifest.name.replace('@latchkey/', '')
    if (manifest.bin || INLINED.includes(name)) continue
    completePackage(join(folder, 'dist'), JSON.stringify(manifest.exports).includes('.d.cts'))
  }
}

/**
 * Takes the rewriting back, for the compiler: a package that refers to another project reads its declarations as if they
 * lay beside their sources, where there are no copies.
 */
export function restoreDeclarations() {
  const copied = new RegExp(`^(?:\\.{1,2}/)+_(${INLINED.join('|')})/(?:index|(.+?)(?:/index)?)\\.js$`)
  for (const folder of packageFolders()) {
    const dist = join(folder, 'dist')
    if (!existsSync(dist)) continue
    for (const file of filesBelow(dist)) {
      if (!file.endsWith('.d.ts') || file.startsWith(join(dist, '_'))) continue
      const original = readFileSync(file, 'utf8')
      const text = rewrite(original, (specifier) => {
        const match = copied.exec(specifier)
        return match ? `@latchkey/${match[1]}${match[2] ? `/${match[2]}` : ''}` : specifier
      })
      if (text !== original) writeFileSync(file, text)
    }
  }
}

function completePackage(dist, withCommonJs) {
  for (const name of INLINED) {
    const copy = join(dist, `_${name}`)
    rmSync(copy, { recursive: true, force: true })
    cpSync(join(dist, '../..', name, 'dist'), copy, {
      recursive: true,
      preserveTimestamps: true,
      filter: (source) => !/\.(js|tsbuildinfo)$/.test(source),
    })
  }
  for (const file of filesBelow(dist)) if (file.endsWith('.d.cts')) rmSync(file)
  for (const file of filesBelow(dist)) {
    if (!file.endsWith('.d.ts')) continue
    const original = readFileSync(file, 'utf8')
    const text = rewrite(original, (specifier) => localSpecifier(specifier, dist, dirname(file)))
    if (text !== original) writeFileSync(file, text)
    if (withCommonJs) {
      writeFileSync(file.replace(/\.d\.ts$/, '.d.cts'), rewrite(text, (specifier) => specifier.replace(/^(\..*)\.js$/, '$1.cjs')))
    }
  }
}

function rewrite(text, change) {
  return text.replace(SPECIFIER, (_, before, quote, specifier) => `${before}${quote}${change(specifier)}${quote}`)
}

function localSpecifier(specifier, dist, from) {
  const match = /^@latchkey\/([a-z]+)(?:\/(.+))?$/.exec(specifier)
  if (!match || !INLINED.includes(match[1])) return specifier
  const [, name, subpath = 'index'] = match
  const direct = join(dist, `_${name}`, `${subpath}.js`)
  const target = existsSync(direct.replace(/\.js$/, '.d.ts')) ? direct : join(dist, `_${name}`, subpath, 'index.js')
  const path = relative(from, target).split(sep).join('/')
  return path.startsWith('.') ? path : `./${path}`
}
