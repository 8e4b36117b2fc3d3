// npm run release [-- --publish]: lays out the published packages in .build/release, each with its tarball and the list
// of its dependencies (CycloneDX), and publishes them, dependencies first. Without --publish it does everything except
// publishing.
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from './build.mjs'
import { sbomOf } from './pack/sbom.mjs'
import { packFolder, publishedFolders, readManifest, stagePackage } from './pack/stage.mjs'
import { note, root, run, runScript } from './setup.mjs'

const output = join(root, '.build/release')

await runScript(async () => {
  const { values } = parseArgs({ options: { publish: { type: 'boolean', default: false } } })
  await build()
  await run(process.execPath, [join(root, 'scripts/ci/check-packages.mjs')])
  rmSync(output, { recursive: true, force: true })
  const packages = dependenciesFirst(publishedFolders().map(prepare))
  for (const { name, tarball } of packages) note(`${name}: ${tarball}`)

  const obstacles = findObstacles(packages)
  if (values.publish && obstacles.length > 0) throw new Error(`Nothing was published:\n${obstacles.join('\n')}`)
  for (const obstacle of obstacles) note(`Before publishing: ${obstacle}`)
  const mode = values.publish ? ['--provenance'] : ['--dry-run']
  // In order, because a package must not be published before its dependencies.
  for (const { staged } of packages) await run('npm', ['publish', ...mode], { cwd: staged })
})

function prepare(folder) {
  const staged = join(output, basename(folder))
  const { name, version, dependencies = {} } = stagePackage(folder, staged)
  const tarball = packFolder(staged, output)
  writeFileSync(tarball.replace(/\.tgz$/, '.cdx.json'), sbomOf(folder))
  return { name, version, dependencies: Object.keys(dependencies), staged, tarball }
}

/** @template {{ name: string, dependencies: string[] }} Package @param {Package[]} packages @returns {Package[]} */
function dependenciesFirst(packages) {
  /** @type {Set<Package>} */
  const ordered = new Set()
  const add = (entry) => {
    for (const name of entry.dependencies) {
      const own = packages.find((other) => other.name === name)
      if (own && !ordered.has(own)) add(own)
    }
    ordered.add(entry)
  }
  for (const entry of packages) add(entry)
  return [...ordered]
}

/** Finds what would be missing in the registry or in the change log. */
function findObstacles(packages) {
  const obstacles = []
  const versions = new Set(packages.map(({ version }) => version))
  if (versions.size > 1) obstacles.push(`The packages have different versions: ${[...versions].join(', ')}.`)
  for (const version of versions) {
    if (!readFileSync(join(root, 'CHANGELOG.md'), 'utf8').includes(`## ${version}`))
      obstacles.push(`CHANGELOG.md has no section "## ${version}".`)
  }
  if (!readManifest(root).repository)
    obstacles.push('package.json has no "repository", which provenance is checked against.')
  if (execFileSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' }))
    obstacles.push('There are changes that are not committed.')
  return obstacles
}
