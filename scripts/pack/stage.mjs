// Lays out each published package as its users get it, in a separate folder, so that `dist` is not changed.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { INLINED } from '../build/bundles.mjs'
import { packageFolders } from '../build/stamp.mjs'
import { root } from '../setup.mjs'
import { copyDeclarations } from './declarations.mjs'

/** Fields that all packages share are written once, in the repository's manifest. */
const SHARED_FIELDS = ['license', 'author', 'repository', 'homepage', 'bugs', 'keywords', 'funding']

/** Fields without meaning for users of the package. */
const PRIVATE_FIELDS = ['private', 'scripts', 'devDependencies']

/** The folders of the packages that are published, in `packages`. */
export function publishedFolders() {
  return packageFolders().filter((folder) => !INLINED.includes(basename(folder)))
}

/**
 * Lays out a built package.
 *
 * @param {string} folder the package, in `packages`
 * @param {string} target the folder to create; its previous contents are removed
 * @returns {Record<string, any>} the manifest as published
 */
export function stagePackage(folder, target) {
  const original = readManifest(folder)
  const manifest = publishedManifest(original)
  rmSync(target, { recursive: true, force: true })
  mkdirSync(target, { recursive: true })
  cpSync(join(folder, 'dist'), join(target, 'dist'), {
    recursive: true,
    filter: (file) => !/\.d\.c?ts$|\.tsbuildinfo$/.test(file),
  })
  copyDeclarations(join(folder, 'dist'), join(target, 'dist'), original)
  for (const file of ['README.md', 'LICENSE', 'NOTICE']) {
    const own = join(folder, file)
    cpSync(existsSync(own) ? own : join(root, file), join(target, file))
  }
  writeManifest(target, manifest)
  for (const [name, stub] of Object.entries(stubsOf(original))) writeManifest(join(target, name), stub)
  return manifest
}

/**
 * For tools that do not read `exports`, such as `moduleResolution: node10` and old bundlers: a folder for each subpath,
 * whose manifest points to the files. Only for packages that can be required, because such tools require.
 *
 * @param {Record<string, any>} manifest
 * @returns {Record<string, { main: string, types: string }>} by the name of the folder
 */
function stubsOf({ exports = {} }) {
  const stubs = {}
  for (const [subpath, conditions] of Object.entries(exports)) {
    const { default: main, types } = conditions.require ?? conditions
    if (subpath !== '.' && main?.endsWith('.cjs')) stubs[subpath.slice(2)] = { main: `.${main}`, types: `.${types}` }
  }
  return stubs
}

function writeManifest(folder, manifest) {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}

/**
 * Packs a folder.
 *
 * @param {string} folder as created by {@link stagePackage}
 * @param {string} destination the folder for the tarball
 * @returns {string} the tarball
 */
export function packFolder(folder, destination) {
  mkdirSync(destination, { recursive: true })
  const output = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', destination], {
    cwd: folder,
    encoding: 'utf8',
  })
  return join(destination, JSON.parse(output)[0].filename)
}

export function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}

function publishedManifest(original) {
  const shared = readManifest(root)
  const manifest = {
    ...original,
    files: [...original.files, ...Object.keys(stubsOf(original)), 'NOTICE'],
    // Tools read the manifest of a dependency, and may do so only if it is exported.
    ...(original.exports ? { exports: { ...original.exports, './package.json': './package.json' } } : {}),
    publishConfig: { access: 'public', provenance: true },
  }
  for (const field of SHARED_FIELDS) if (field in shared) manifest[field] ??= shared[field]
  for (const field of PRIVATE_FIELDS) delete manifest[field]
  return manifest
}
