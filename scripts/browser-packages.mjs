// Puts the browser packages, compressed, into packages/pages/dist/npm. Their exact versions and checksums stand in
// packages/pages/browser-packages.json. Only what a browser can load is kept, with the licence. Their dependencies, some
// 300 MB, are not installed: the files contain what they need.
//
// node scripts/browser-packages.mjs [--optional]: with --optional a missing network is no error; the next build tries again.
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gunzipSync, gzip } from 'node:zlib'
import { withLock } from './lock.mjs'
import { note, npm, root, run, runScript, waitingFor } from './setup.mjs'
import { readTar } from './tar.mjs'

export const manifestFile = join(root, 'packages/pages/browser-packages.json')
const target = join(root, 'packages/pages/dist/npm')
const indexFile = join(target, 'index.json')

/** Bundles and their chunks, in the top folder of `dist`. The other files there are for bundlers, servers or mobile. */
const FOR_BROWSERS = [
  /^dist\/[\w.]+\.browser\.js$/,
  /^dist\/[\w-]+_(ui|clerk(\.\w+)*)_[\da-f]+_[\d.]+\.js$/,
  /^dist\/clerk\.(headless\.js|mjs)$/,
]
const NOT_FOR_BROWSERS = /_clerk\.native_/

/** Brings the folder up to date, which takes some seconds and the network; does nothing if it is. */
export async function prepareBrowserPackages() {
  if (isPrepared()) return
  const lock = join(root, '.build/browser-packages.lock')
  await withLock(lock, prepare, waitingFor('fetching the browser packages'))
}

/** Whether the folder was made from this manifest by this script. */
function isPrepared() {
  return existsSync(indexFile) && JSON.parse(readFileSync(indexFile, 'utf8')).madeFrom === fingerprint()
}

function fingerprint() {
  const inputs = [manifestFile, fileURLToPath(import.meta.url)].map((file) => readFileSync(file))
  return createHash('sha256').update(Buffer.concat(inputs)).digest('base64url')
}

async function prepare() {
  if (isPrepared()) return
  const started = performance.now()
  note('Fetching the browser packages (once) …')
  const wanted = JSON.parse(readFileSync(manifestFile, 'utf8'))
  mkdirSync(join(root, '.build'), { recursive: true })
  const folder = mkdtempSync(join(root, '.build/browser-packages-'))
  try {
    await fetchTarballs(wanted, folder)
    const packages = []
    for (const one of wanted) packages.push(await unpack(one, folder))
    writeFileSync(join(folder, 'index.json'), JSON.stringify({ madeFrom: fingerprint(), packages }))
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.tgz'))) rmSync(join(folder, file))
    mkdirSync(dirname(target), { recursive: true })
    rmSync(target, { recursive: true, force: true })
    // A temporary folder is its owner's alone; these files may be served by another user than the one who built them.
    chmodSync(folder, 0o755)
    renameSync(folder, target)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  note(`Fetched the browser packages in ${((performance.now() - started) / 1000).toFixed(1)} s`)
}

/** By npm, which knows the registry, the proxy and the cache of this machine. */
async function fetchTarballs(wanted, folder) {
  const specs = wanted.map(({ name, version }) => `${name}@${version}`)
  const [program, args, options] = npm('pack', ...specs, '--ignore-scripts', '--prefer-offline', '--loglevel=error')
  await run(program, [...args, '--pack-destination', folder], { ...options, stdio: ['ignore', 'ignore', 2] })
}

/** @returns what the server has to know of the package */
async function unpack({ name, version, integrity, tags }, folder) {
  const tarball = readFileSync(join(folder, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`))
  const got = `sha512-${createHash('sha512').update(tarball).digest('base64')}`
  if (got !== integrity) {
    throw new Error(
      `${name}@${version} is not the package that ${manifestFile} names: expected ${integrity}, got ${got}`,
    )
  }
  const kept = readTar(gunzipSync(tarball)).filter(({ path }) => path === 'LICENSE' || isForBrowsers(path))
  const files = await Promise.all(
    kept.map(async ({ path, content }) => {
      const file = join(folder, `${name}@${version}`, path)
      mkdirSync(dirname(file), { recursive: true })
      const [zipped, brotli] = await Promise.all([toGzip(content), toBrotli(content)])
      writeFileSync(`${file}.gz`, zipped)
      writeFileSync(`${file}.br`, brotli)
      // Readable for whoever looks into the folder, too.
      if (path === 'LICENSE') writeFileSync(file, content)
      const hash = createHash('sha256').update(content).digest('base64url').slice(0, 27)
      return { path, size: content.length, hash }
    }),
  )
  return { name, version, tags, files }
}

function isForBrowsers(path) {
  return FOR_BROWSERS.some((pattern) => pattern.test(path)) && !NOT_FOR_BROWSERS.test(path)
}

function toGzip(content) {
  return promisify(gzip)(content, { level: 9 })
}

/** Quality 5 is as small as gzip's best; 9 would take half a minute for all files and save two percent. */
function toBrotli(content) {
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = constants
  return promisify(brotliCompress)(content, {
    params: { [BROTLI_PARAM_QUALITY]: 5, [BROTLI_PARAM_SIZE_HINT]: content.length },
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runScript(async () => {
    try {
      await prepareBrowserPackages()
    } catch (error) {
      if (!process.argv.includes('--optional')) throw error
      note(`The browser packages could not be fetched; the next build tries again. ${error.message}`)
    }
  })
}
