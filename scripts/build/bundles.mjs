// JavaScript of every package, made by esbuild from the sources. Entries come from "exports" in package.json: the
// target ./dist/a.js is built from src/a.ts. Code that entries share goes into chunks, so that a class is one class.
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { build, transform } from 'esbuild'
import { root } from '../setup.mjs'
import { filesBelow, packageFolders } from './stamp.mjs'
import { thirdPartyNotices } from './notices.mjs'

/** Never published: these are bundled into the packages that use them. */
export const INLINED = ['types', 'crypto']

/** Native code, resolved at run time. `sharp` and `pg-native` are optional. */
const NATIVE = ['@photostructure/sqlite', '@node-rs/argon2', 'bcrypt', 'sharp', 'pg-native']

/** Has files of its own, which it finds beside its code. */
const WITH_FILES = ['@latchkey/pages']

/**
 * Builds for runtimes that only have web standards: the targets of the conditions `workerd`, `edge-light` and
 * `browser`.
 */
const EDGE = './dist/edge/'

/** Single files for every kind of loader. */
const UMD = /\bumd\.cjs$/

/** The global variable of a single file that is loaded as a plain script. */
const GLOBALS = { '@latchkey/backend': 'LatchkeyBackend', '@latchkey/sdk-node': 'Clerk' }

/** @satisfies {import('esbuild').BuildOptions} */
const common = /** @type {const} */ ({
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'node20.19',
  write: false,
  metafile: true,
  legalComments: 'none',
  logLevel: 'warning',
})

export async function bundlePackages() {
  await Promise.all(
    packageFolders().map(async (folder) => {
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
      const outputs = manifest.bin ? await bundleProgram(folder, manifest) : await bundleLibrary(folder, manifest)
      writeOutputs(join(folder, 'dist'), outputs)
    }),
  )
}

async function bundleLibrary(folder, manifest) {
  const targets = [...new Set(exportTargets(manifest.exports))]
  const entries = targets.filter((file) => file.endsWith('.js'))
  const forEdge = entries.filter((file) => file.startsWith(EDGE))
  const modules = await bundleModules(
    folder,
    entries.filter((file) => !file.startsWith(EDGE)),
    { outdir: join(folder, 'dist') },
  )
  if (forEdge.length > 0) {
    modules.push(
      ...(await bundleModules(folder, forEdge, {
        outdir: join(folder, EDGE),
        target: 'es2022',
        plugins: [edgeSiblings],
      })),
    )
  }
  if (!targets.some((file) => file.endsWith('.cjs'))) return modules
  const single = targets.filter((file) => UMD.test(file)).map((file) => bundleUmd(folder, file, manifest.name))
  return [...modules, ...(await Promise.all([...modules.map(toCommonJs), ...single]))]
}

/**
 * @param {string} folder
 * @param {string[]} targets
 * @param {{ outdir: string, target?: string, plugins?: import('esbuild').Plugin[] }} options
 */
async function bundleModules(folder, targets, { plugins = [], ...options }) {
  const { outputFiles, metafile } = await build({
    ...common,
    entryPoints: targets.map((file) => sourceOf(folder, file)),
    outbase: join(folder, 'src'),
    platform: 'neutral',
    packages: 'external',
    plugins: [fromSources(new RegExp(`^@latchkey/(${INLINED.join('|')})(?:/(.+))?$`)), ...plugins],
    ...options,
  })
  return outputFiles.map(({ path, text }) => ({ path, text, hasDefault: hasDefaultExport(metafile, path) }))
}

/** One file for CommonJS, AMD and plain scripts, with our own packages inside and all others outside. */
async function bundleUmd(folder, target, name) {
  const path = join(folder, target)
  const { outputFiles, metafile } = await build({
    ...common,
    splitting: false,
    entryPoints: [sourceOf(folder, target.replace(/(\.umd)?\.cjs$/, '.js'))],
    outfile: path,
    platform: 'neutral',
    plugins: [fromSources(/^@latchkey\/([a-z-]+)(?:\/(.+))?$/), externalPackages],
  })
  const { text } = await toCommonJs({ path, text: outputFiles[0].text, hasDefault: hasDefaultExport(metafile, path) })
  const [{ imports }] = Object.values(metafile.outputs)
  const names = [...new Set(imports.filter(({ external }) => external).map((imported) => imported.path))]
  return { path, text: umdOf(text, names, GLOBALS[name]) }
}

/** The names of dependencies must be identifiers. */
function umdOf(commonJs, names, global) {
  return `(function (root, factory) {
  if (typeof module === 'object' && module.exports) module.exports = factory(${names.map((name) => `require('${name}')`).join(', ')})
  else if (typeof define === 'function' && define.amd) define(${JSON.stringify(names)}, factory)
  else root.${global} = factory(${names.map((name) => `root.${name}`).join(', ')})
})(typeof globalThis === 'object' ? globalThis : this, function (${names.join(', ')}) {
var module = { exports: {} }
${names.length > 0 ? `var require = function (name) { return { ${names.join(', ')} }[name] }\n` : ''}${commonJs}return module.exports
})
`
}

function hasDefaultExport({ outputs }, path) {
  return Object.entries(outputs).some(([name, { exports }]) => resolve(name) === path && exports.includes('default'))
}

/** One program that contains everything except native code. It starts faster than separate modules. */
async function bundleProgram(folder, manifest) {
  const result = await build({
    ...common,
    entryPoints: Object.values(manifest.bin).map((file) => sourceOf(folder, file)),
    outdir: join(folder, 'dist'),
    chunkNames: 'chunks/[name]-[hash]',
    platform: 'node',
    external: NATIVE,
    // CommonJS packages inside the bundle load Node's own modules with require().
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    // Saves 5 MB of memory at rest; names stay, for stack traces.
    minifyWhitespace: true,
    minifySyntax: true,
    plugins: [fromSources(/^@latchkey\/([a-z-]+)(?:\/(.+))?$/), withoutZodLocales],
  })
  const outputs = result.outputFiles.map(({ path, text }) => ({
    path,
    text: path.endsWith('.js') ? toAscii(text) : text,
    executable: path === join(folder, Object.values(manifest.bin)[0]),
  }))
  return [...outputs, { path: join(folder, 'dist/THIRD-PARTY-NOTICES.txt'), text: thirdPartyNotices(result.metafile) }]
}

/**
 * esbuild escapes what is in strings, but not in regular expressions. One such character would make V8 keep the whole
 * program in two bytes a character.
 */
function toAscii(text) {
  return text.replace(/[^\0-\x7F]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** `require()` returns the default export; the other exports become its properties. */
const DEFAULT_AS_MODULE =
  'module.exports = Object.defineProperties(module.exports.default, Object.getOwnPropertyDescriptors(module.exports));\n'

/** A module that knows where it is. Only then: the builds for edge runtimes have no modules of Node. */
const OWN_URL = "const __moduleUrl = require('node:url').pathToFileURL(__filename).href;"

async function toCommonJs({ path, text, hasDefault }) {
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: common.target,
    // Jest runs modules in a place of its own, where only `require` works.
    supported: { 'dynamic-import': false },
    ...(text.includes('import.meta.url') ? { define: { 'import.meta.url': '__moduleUrl' }, banner: OWN_URL } : {}),
  })
  const local = code.replace(/require\("(\.[^"]+)\.js"\)/g, 'require("$1.cjs")')
  return { path: path.replace(/\.js$/, '.cjs'), text: hasDefault ? local + DEFAULT_AS_MODULE : local }
}

function fromSources(filter) {
  return {
    name: 'from-sources',
    setup(bundler) {
      bundler.onResolve({ filter }, ({ path }) => {
        if (WITH_FILES.includes(path)) return { path, external: true }
        const [, name, subpath = 'index'] = filter.exec(path)
        const file = join(root, 'packages', name, 'src', `${subpath}.ts`)
        return { path: existsSync(file) ? file : join(root, 'packages', name, 'src', subpath, 'index.ts') }
      })
    },
  }
}

/** If a module has a sibling for the edge (`runtime.edge.ts` beside `runtime.ts`), uses the sibling. */
const edgeSiblings = {
  name: 'edge-siblings',
  setup(bundler) {
    bundler.onResolve({ filter: /^\..*\.js$/ }, ({ path, resolveDir }) => {
      const file = join(resolveDir, path.replace(/\.js$/, '.edge.ts'))
      return existsSync(file) ? { path: file } : null
    })
  },
}

const externalPackages = {
  name: 'external-packages',
  setup(bundler) {
    bundler.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' ? null : { path, external: true },
    )
  },
}

/** Drops messages in forty languages, a sixth of the program, which the server never uses. */
const withoutZodLocales = {
  name: 'without-zod-locales',
  setup(bundler) {
    bundler.onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, ({ path }) => ({
      contents: "export { default as en } from './en.js'",
      resolveDir: dirname(path),
    }))
  },
}

export function exportTargets(exports) {
  return typeof exports === 'string' ? [exports] : Object.values(exports ?? {}).flatMap(exportTargets)
}

function sourceOf(folder, target) {
  return join(folder, target.replace(/^(\.\/)?dist\/(edge\/)?/, 'src/').replace(/\.js$/, '.ts'))
}

/** Writes changed files atomically, and removes files left by earlier builds. */
function writeOutputs(dist, outputs) {
  for (const { path, text, executable } of outputs) {
    if (existsSync(path) && readFileSync(path, 'utf8') === text) continue
    mkdirSync(dirname(path), { recursive: true })
    const temporary = `${path}.${process.pid}`
    writeFileSync(temporary, text)
    if (executable) chmodSync(temporary, 0o755)
    renameSync(temporary, path)
  }
  const current = new Set(outputs.map(({ path }) => path))
  for (const file of filesBelow(dist)) {
    if (/\.c?js$/.test(file) && !current.has(file)) rmSync(file)
  }
}
