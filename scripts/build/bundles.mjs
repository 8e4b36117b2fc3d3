// JavaScript of every package, made by esbuild from the sources. Entries come from "exports" in package.json: the
// target ./dist/a.js is built from src/a.ts. Code that entries share goes into chunks, so that a class is one class.
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { build, transform } from 'esbuild'
import { root } from '../setup.mjs'
import { filesBelow, packageFolders } from './stamp.mjs'
import { thirdPartyNotices } from './notices.mjs'

/** Never published: these are carried inside the packages that use them. */
export const INLINED = ['types', 'crypto']

/** Native code, found at run time. `sharp` and `pg-native` are optional. */
const NATIVE = ['@photostructure/sqlite', '@node-rs/argon2', 'bcrypt', 'sharp', 'pg-native']

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
  await Promise.all(packageFolders().map(async (folder) => {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const outputs = manifest.bin ? await bundleProgram(folder, manifest) : await bundleLibrary(folder, manifest)
    writeOutputs(join(folder, 'dist'), outputs)
  }))
}

async function bundleLibrary(folder, manifest) {
  const targets = exportTargets(manifest.exports)
  const result = await build({
    ...common,
    entryPoints: targets.filter((file) => file.endsWith('.js')).map((file) => sourceOf(folder, file)),
    outbase: join(folder, 'src'),
    outdir: join(folder, 'dist'),
    platform: 'neutral',
    packages: 'external',
    plugins: [fromSources(new RegExp(`^@latchkey/(${INLINED.join('|')})(?:/(.+))?$`))],
  })
  const modules = result.outputFiles.map(({ path, text }) => ({ path, text, hasDefault: hasDefaultExport(result.metafile, path) }))
  if (!targets.some((file) => file.endsWith('.cjs'))) return modules
  const single = targets.filter((file) => file.endsWith('.umd.cjs')).map((file) => bundleUmd(folder, file))
  return [...modules, ...(await Promise.all([...modules.map(toCommonJs), ...single]))]
}

/** One file for CommonJS, AMD and plain scripts, with our own packages inside and all others outside. */
async function bundleUmd(folder, target) {
  const { outputFiles, metafile } = await build({
    ...common,
    splitting: false,
    format: 'cjs',
    entryPoints: [sourceOf(folder, target.replace(/\.umd\.cjs$/, '.js'))],
    outfile: join(folder, target),
    // Lists the exports in a form that Node finds when the file is imported.
    platform: 'node',
    plugins: [fromSources(/^@latchkey\/([a-z-]+)(?:\/(.+))?$/), externalPackages],
  })
  const [{ imports }] = Object.values(metafile.outputs)
  const names = [...new Set(imports.filter(({ external }) => external).map(({ path }) => path))]
  return { path: join(folder, target), text: umdOf(`${outputFiles[0].text}${DEFAULT_AS_MODULE}`, names) }
}

/** The global of a plain script has the name of what the module is. The names of packages must be identifiers. */
function umdOf(commonJs, names) {
  return `(function (root, factory) {
  if (typeof module === 'object' && module.exports) module.exports = factory(${names.map((name) => `require('${name}')`).join(', ')})
  else if (typeof define === 'function' && define.amd) define(${JSON.stringify(names)}, factory)
  else root.Clerk = factory(${names.map((name) => `root.${name}`).join(', ')})
})(typeof globalThis === 'object' ? globalThis : this, function (${names.join(', ')}) {
var module = { exports: {} }
var require = function (name) { return { ${names.join(', ')} }[name] }
${commonJs}return module.exports
})
`
}

function hasDefaultExport({ outputs }, path) {
  return Object.entries(outputs).some(([name, { exports }]) => resolve(name) === path && exports.includes('default'))
}

/** One program with everything inside but native code: it starts faster than the modules it is made of. */
async function bundleProgram(folder, manifest) {
  const result = await build({
    ...common,
    entryPoints: Object.values(manifest.bin).map((file) => sourceOf(folder, file)),
    outdir: join(folder, 'dist'),
    chunkNames: 'chunks/[name]-[hash]',
    platform: 'node',
    external: NATIVE,
    // CommonJS packages inside the bundle ask for Node's own modules with require().
    banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
    // Memory at rest falls by 5 MB; names stay, for stack traces.
    minifyWhitespace: true,
    minifySyntax: true,
    plugins: [fromSources(/^@latchkey\/([a-z-]+)(?:\/(.+))?$/), withoutZodLocales],
  })
  const outputs = result.outputFiles.map(({ path, text }) => ({ path, text, executable: path === join(folder, Object.values(manifest.bin)[0]) }))
  return [...outputs, { path: join(folder, 'dist/THIRD-PARTY-NOTICES.txt'), text: thirdPartyNotices(result.metafile) }]
}

/** A default export is what `require()` gives; the other exports are its properties. */
const DEFAULT_AS_MODULE = 'module.exports = Object.defineProperties(module.exports.default, Object.getOwnPropertyDescriptors(module.exports));\n'

async function toCommonJs({ path, text, hasDefault }) {
  const { code } = await transform(text, { format: 'cjs', platform: 'node', target: common.target })
  const local = code.replace(/require\("(\.[^"]+)\.js"\)/g, 'require("$1.cjs")')
  return { path: path.replace(/\.js$/, '.cjs'), text: hasDefault ? local + DEFAULT_AS_MODULE : local }
}

function fromSources(filter) {
  return {
    name: 'from-sources',
    setup(bundler) {
      bundler.onResolve({ filter }, ({ path }) => {
        const [, name, subpath = 'index'] = filter.exec(path)
        const file = join(root, 'packages', name, 'src', `${subpath}.ts`)
        return { path: existsSync(file) ? file : join(root, 'packages', name, 'src', subpath, 'index.ts') }
      })
    },
  }
}

const externalPackages = {
  name: 'external-packages',
  setup(bundler) {
    bundler.onResolve({ filter: /^[^./]/ }, ({ path, kind }) => (kind === 'entry-point' ? null : { path, external: true }))
  },
}

/** Messages in forty languages, a sixth of the program, which the server never asks for. */
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
  return join(folder, target.replace(/^(\.\/)?dist\//, 'src/').replace(/\.js$/, '.ts'))
}

/** Writes what changed, whole files at a time, and removes what earlier builds left. */
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
