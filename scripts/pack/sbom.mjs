// The CycloneDX list of the packages bundled into a published package and of those installed with it.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { INLINED } from '../build/bundles.mjs'
import { root } from '../setup.mjs'
import { readManifest } from './stage.mjs'

/**
 * Lists a package's dependencies at the versions in the repository's lock file.
 *
 * @param {string} folder the package, in `packages`
 * @returns {string} CycloneDX, as JSON
 */
export function sbomOf(folder) {
  const { name, version, license, bin, dependencies, devDependencies, optionalDependencies } = readManifest(folder)
  // A program's other dependencies are bundled; for npm they are development dependencies.
  const manifest = {
    name,
    version,
    license,
    dependencies: { ...dependencies, ...(bin && devDependencies) },
    optionalDependencies,
  }
  const temporary = mkdtempSync(join(tmpdir(), 'latchkey-sbom-'))
  try {
    // npm takes the name of the package from the folder.
    const target = join(temporary, name)
    mkdirSync(target, { recursive: true })
    writeFileSync(join(target, 'package.json'), JSON.stringify(manifest))
    writeFileSync(
      join(target, 'package-lock.json'),
      JSON.stringify({ name, version, lockfileVersion: 3, packages: lockedFor(manifest, relative(root, folder)) }),
    )
    return execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], {
      cwd: target,
      encoding: 'utf8',
    })
  } finally {
    rmSync(temporary, { recursive: true })
  }
}

/**
 * The part of the repository's lock file that a package needs, as if it were installed alone.
 *
 * @param {Record<string, any>} manifest
 * @param {string} folder its folder in the lock file
 */
function lockedFor(manifest, folder) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  /** @type {Record<string, object>} */
  const needed = { '': manifest }
  // Folders of packages in the lock file, with their place in the new one.
  const queue = [{ from: folder, to: '', entry: manifest }]
  for (const { from, to, entry } of queue) {
    for (const name of Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })) {
      const path = pathOf(packages, name, from)
      if (!path) continue
      const { link, resolved } = packages[path]
      const target = path.startsWith(`${from}/`) ? join(to, path.slice(from.length)).replace(/^\//, '') : path
      if (target in needed) continue
      const found = link ? withoutInlined(packages[resolved]) : withoutFlags(packages[path])
      needed[target] = found
      queue.push({ from: link ? resolved : path, to: target, entry: found })
    }
  }
  return needed
}

/**
 * Finds a package as Node does: in `node_modules` of the folder or of one above it. Undefined if it is not installed.
 */
function pathOf(packages, name, from) {
  const folders = from.split('/').map((_, index, segments) => segments.slice(0, segments.length - index).join('/'))
  return [...folders.map((folder) => `${folder}/node_modules/${name}`), `node_modules/${name}`].find(
    (path) => path in packages,
  )
}

/** A development dependency of the repository may be a regular dependency of the package. */
function withoutFlags({ dev: _dev, devOptional: _devOptional, ...entry }) {
  return entry
}

/** One of our own packages, as published. */
function withoutInlined({ devDependencies: _devDependencies, dependencies = {}, ...entry }) {
  const published = Object.entries(dependencies).filter(([name]) => !INLINED.includes(name.replace('@latchkey/', '')))
  return { ...entry, dependencies: Object.fromEntries(published) }
}
