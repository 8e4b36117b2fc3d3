// Finds what must not be in a published package.
import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { INLINED } from '../build/bundles.mjs'
import { filesBelow } from '../build/stamp.mjs'
import { publishedFolders, readManifest } from './stage.mjs'

/**
 * Checks a package as its users get it.
 *
 * @param {string} unpacked the folder of its tarball
 * @returns {string[]} what is wrong with it
 */
export function problemsOf(unpacked) {
  return [
    ...unpublishedReferences(unpacked),
    ...installScripts(unpacked),
    ...missingFiles(unpacked),
    ...nodeOnEdge(unpacked),
    ...demandingDeclarations(unpacked),
  ]
}

/**
 * Finds names of unpublished packages, in code, declarations or dependencies, and dependencies that exist only in this
 * repository.
 */
function unpublishedReferences(unpacked) {
  const { dependencies, optionalDependencies, peerDependencies } = readManifest(unpacked)
  const versions = new Map(
    publishedFolders()
      .map((path) => readManifest(path))
      .map(({ name, version }) => [name, version]),
  )
  const problems = []
  for (const [name, range] of Object.entries({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
    if (/^(?!npm:).*[:/]/.test(range)) problems.push(`depends on ${name} at ${range}, which no registry has`)
    else if (name.startsWith('@latchkey/') && versions.get(name) !== range)
      problems.push(`depends on ${name} ${range}, which is not published with it`)
  }
  const names = INLINED.map((name) => `@latchkey/${name}`)
  for (const file of filesBelow(unpacked)) {
    if (!/\.(c?js|d\.c?ts)$/.test(file)) continue
    const text = readFileSync(file, 'utf8')
    for (const name of names)
      if (new RegExp(`['"]${name}['"/]`).test(text)) problems.push(`${relative(unpacked, file)} imports ${name}`)
  }
  return problems
}

/** npm would run these scripts on the machine of every user who installs the package. */
function installScripts(unpacked) {
  const scripts = Object.keys(readManifest(unpacked).scripts ?? {}).map((name) => `has the script "${name}"`)
  return existsSync(join(unpacked, 'binding.gyp')) ? [...scripts, 'has a binding.gyp, which npm compiles'] : scripts
}

function missingFiles(unpacked) {
  return ['LICENSE', 'NOTICE', 'README.md']
    .filter((file) => !existsSync(join(unpacked, file)))
    .map((file) => `lacks ${file}`)
}

/** Finds imports of Node's modules in a build for runtimes without them, where bundlers fail or warn. */
function nodeOnEdge(unpacked) {
  const files = filesBelow(join(unpacked, 'dist/edge')).filter((file) =>
    /getBuiltinModule|['"]node:/.test(readFileSync(file, 'utf8')),
  )
  return files.map((file) => `${relative(unpacked, file)} asks for Node's modules`)
}

/**
 * Types that neither TypeScript 5.4 nor `@types/node` declares, so that a project would need the DOM library.
 *
 * @type {[RegExp, string][]}
 */
const DEMANDING = [
  [/\bUint8Array</, 'a type argument of Uint8Array, which TypeScript 5.4 does not know'],
  [/\b(?:BodyInit|BufferSource|CryptoKey)\b/, 'a type of the DOM library'],
]

/** Finds declarations that demand more of a project than TypeScript 5.4 and `@types/node`. */
function demandingDeclarations(unpacked) {
  return filesBelow(unpacked)
    .filter((file) => /\.d\.c?ts$/.test(file))
    .flatMap((file) => {
      const text = readFileSync(file, 'utf8').replace(/\/\*.*?\*\/|\/\/[^\n]*/gs, '')
      return DEMANDING.filter(([pattern]) => pattern.test(text)).map(
        ([, what]) => `${relative(unpacked, file)} needs ${what}`,
      )
    })
}
