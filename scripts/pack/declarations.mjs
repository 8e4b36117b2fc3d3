// Makes the declarations of a published package self-contained: copies everything that its entries reference, also from
// unpublished packages. If the package can be required, each file gets a CommonJS twin (.d.cts).
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { INLINED, exportTargets } from '../build/bundles.mjs'
import { root } from '../setup.mjs'

const SPECIFIER = /(\bfrom\s+|\bdeclare module\s+|\bimport\(|\bimport\s+)(['"])([^'"]+)\2/g

/**
 * Writes the declarations that a package publishes.
 *
 * @param {string} source the package's `dist`, as the compiler wrote it
 * @param {string} target the `dist` of the copy that is published
 * @param {Record<string, any>} manifest the package's `package.json`
 */
export function copyDeclarations(source, target, manifest) {
  const entries = exportTargets(manifest.exports).filter((file) => /\.d\.c?ts$/.test(file))
  const withCommonJs = entries.some((file) => file.endsWith('.d.cts'))
  const found = new Set(entries.map((file) => join(source, '..', file.replace(/\.d\.cts$/, '.d.ts'))))
  // Iterating over a set includes items that are added meanwhile.
  for (const file of found) {
    const copy = copyOf(file, source, target)
    const text = rewrite(forOldCompilers(readFileSync(file, 'utf8')), (specifier) => {
      const declaration = declarationOf(specifier, dirname(file))
      if (!declaration) return specifier
      found.add(declaration)
      const path = relative(dirname(copy), copyOf(declaration, source, target))
        .split(sep)
        .join('/')
        .replace(/\.d\.ts$/, '.js')
      return path.startsWith('.') ? path : `./${path}`
    })
    mkdirSync(dirname(copy), { recursive: true })
    writeFileSync(copy, text)
    if (withCommonJs) {
      writeFileSync(
        copy.replace(/\.d\.ts$/, '.d.cts'),
        rewrite(text, (specifier) => specifier.replace(/^(\..*)\.js$/, '$1.cjs')),
      )
    }
  }
}

/** `Uint8Array` takes a type argument from TypeScript 5.7 on; without it, newer ones assume `ArrayBufferLike`. */
function forOldCompilers(text) {
  return text.replace(/\bUint8Array<[A-Za-z]+>/g, 'Uint8Array')
}

function rewrite(text, change) {
  return text.replace(SPECIFIER, (_, before, quote, specifier) => `${before}${quote}${change(specifier)}${quote}`)
}

/** The file that declares a module of this package or of an unpublished one. Null for a package that is installed. */
function declarationOf(specifier, from) {
  if (specifier.startsWith('.')) {
    const file = join(from, specifier.replace(/\.js$/, '.d.ts'))
    // Examples in comments may import modules too.
    return existsSync(file) ? file : null
  }
  const match = /^@latchkey\/([a-z]+)(?:\/(.+))?$/.exec(specifier)
  if (!match || !INLINED.includes(match[1])) return null
  const [, name, subpath = 'index'] = match
  const dist = join(root, 'packages', name, 'dist')
  const direct = join(dist, `${subpath}.d.ts`)
  return existsSync(direct) ? direct : join(dist, subpath, 'index.d.ts')
}

function copyOf(file, source, target) {
  const own = relative(source, file)
  if (!own.startsWith('..')) return join(target, own)
  const [name, , ...path] = relative(join(root, 'packages'), file).split(sep)
  return join(target, `_${name}`, ...path)
}
