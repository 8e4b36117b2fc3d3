import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, dirname, join } from 'node:path'
import { packFolder, stagePackage } from '../../scripts/pack/stage.mjs'
import { root } from '../../scripts/setup.mjs'

interface Manifest {
  name: string
  version: string
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

interface Published {
  manifest: Manifest
  tarball: string
}

export interface LocalRegistry {
  url: string
  close(): void
}

/**
 * A registry without a network. It has our packages as they are published, and what they depend on as it is installed here.
 *
 * @param folders Of our packages, in `packages`.
 * @param folder For the tarballs.
 * @param extra More packages that are installed here.
 */
export async function openRegistry(folders: string[], folder: string, extra: string[] = []): Promise<LocalRegistry> {
  const own = folders.map((name) => {
    const staged = join(folder, name)
    const source = join(root, 'packages', name)
    const manifest = stagePackage(source, staged) as Manifest
    return { manifest, source, tarball: packFolder(staged, folder) }
  })
  const ownNames = new Set(own.map(({ manifest }) => manifest.name))
  const wanted = own.map(({ manifest, source }) => ({ manifest, folder: source }))
  const dependencies = Object.fromEntries(extra.map((name) => [name, '*']))
  wanted.push({ manifest: { name: '', version: '', dependencies }, folder: root })
  const others = [...installedBelow(wanted)]
    .filter(([, manifest]) => !ownNames.has(manifest.name))
    .map(([installed, manifest]) => ({ manifest, tarball: tarballOf(installed, manifest, folder) }))
  const published = [...own, ...others]

  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url!.slice(1))
    const tarball = published.find(({ tarball: file }) => path === `-/${basename(file)}`)
    if (tarball) return response.end(readFileSync(tarball.tarball))
    const versions = published.filter(({ manifest }) => manifest.name === path)
    return response
      .writeHead(versions.length > 0 ? 200 : 404, { 'content-type': 'application/json' })
      .end(JSON.stringify(documentOf(path, versions, url)))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** What a registry says about a package. */
function documentOf(name: string, published: Published[], url: string): object {
  const versions = published.map(({ manifest, tarball }) => {
    const integrity = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`
    return [manifest.version, { ...manifest, dist: { tarball: `${url}/-/${basename(tarball)}`, integrity } }]
  })
  return {
    name,
    'dist-tags': { latest: published.at(-1)?.manifest.version },
    versions: Object.fromEntries(versions) as object,
  }
}

/** The folders of all dependencies, each with what it depends on. */
function installedBelow(packages: { manifest: Manifest; folder: string }[]): Map<string, Manifest> {
  const found = new Map<string, Manifest>()
  const waiting = packages.flatMap(({ manifest, folder }) => dependenciesOf(manifest, folder))
  // An array hands out what is added to it while it is read.
  for (const { name, from } of waiting) {
    const folder = folderOf(name, from)
    if (found.has(folder)) continue
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
    found.set(folder, manifest)
    waiting.push(...dependenciesOf(manifest, folder))
  }
  return found
}

/** Optional packages of a hundred megabytes, left out: Next's compiler and what it resizes images with. Our packages work without them. */
const LARGE = /^(?:@next\/swc-|sharp$)/

/** Of the optional ones, those that are for this machine. */
function dependenciesOf(manifest: Manifest, from: string): { name: string; from: string }[] {
  const optional = Object.keys(manifest.optionalDependencies ?? {}).filter(
    (name) => isInstalled(name, from) && !LARGE.test(name),
  )
  const needed = Object.keys(manifest.dependencies ?? {}).filter(
    (name) => !(name in (manifest.optionalDependencies ?? {})),
  )
  return [...needed, ...optional].map((name) => ({ name, from }))
}

function isInstalled(name: string, from: string): boolean {
  return existsSync(join(from, 'node_modules', name)) || (from !== dirname(from) && isInstalled(name, dirname(from)))
}

function folderOf(name: string, from: string): string {
  const folder = join(from, 'node_modules', name)
  if (existsSync(folder)) return folder
  if (from === dirname(from)) throw new Error(`${name} is not installed`)
  return folderOf(name, dirname(from))
}

function tarballOf(installed: string, { name, version }: Manifest, folder: string): string {
  const tarball = join(folder, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`)
  execFileSync('tar', [
    '-cf',
    tarball,
    // It is read once, on this machine.
    '--use-compress-program=gzip -1',
    '--exclude',
    'node_modules',
    '--transform',
    's,^[.],package,',
    '-C',
    installed,
    '.',
  ])
  return tarball
}
