// Decides whether the last build is still up to date, from names, sizes and times of its inputs and outputs.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from '../setup.mjs'

/**
 * What a stamp is about: the whole build, or only its JavaScript.
 *
 * @typedef {'everything' | 'programs'} What
 */

/** @param {What} [what] */
export function isUpToDate(what = 'everything') {
  if (!existsSync(stampFile(what))) return false
  const stamp = JSON.parse(readFileSync(stampFile(what), 'utf8'))
  return stamp.inputs === inputsFingerprint() && stamp.outputs === outputsFingerprint(what)
}

/**
 * @param {string} inputs The fingerprint from before the build, so that files edited during the build are built the
 * next time.
 * @param {What} [what]
 */
export function writeStamp(inputs, what = 'everything') {
  const file = stampFile(what)
  const temporary = `${file}.${process.pid}`
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(temporary, JSON.stringify({ inputs, outputs: outputsFingerprint(what) }))
  renameSync(temporary, file)
}

function stampFile(what) {
  return join(root, '.build', what === 'everything' ? 'stamp.json' : `stamp-of-${what}.json`)
}

export function inputsFingerprint() {
  const packages = packageFolders().flatMap((folder) => [
    join(folder, 'package.json'),
    join(folder, 'tsconfig.json'),
    ...['browser-packages.json'].map((file) => join(folder, file)).filter((file) => existsSync(file)),
    ...filesBelow(join(folder, 'src')).filter((file) => !/\.test(-support)?\.ts$/.test(file)),
  ])
  const shared = [
    'tsconfig.json',
    'tsconfig.base.json',
    'package-lock.json',
    'scripts/build.mjs',
    'scripts/browser-packages.mjs',
    'scripts/tar.mjs',
  ].map((file) => join(root, file))
  return fingerprint([...packages, ...shared, ...filesBelow(join(root, 'scripts/build'))])
}

function outputsFingerprint(what) {
  const outputs = packageFolders().flatMap((folder) => filesBelow(join(folder, 'dist')))
  // Every type check rewrites the incremental state.
  const ignored = what === 'programs' ? /\.d\.ts$|\.tsbuildinfo$/ : /\.tsbuildinfo$/
  return fingerprint(outputs.filter((file) => !ignored.test(file)))
}

export function packageFolders() {
  return readdirSync(join(root, 'packages'))
    .sort()
    .map((name) => join(root, 'packages', name))
}

export function filesBelow(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

function fingerprint(files) {
  const hash = createHash('sha256')
  for (const file of files) {
    const { size, mtimeMs } = statSync(file)
    hash.update(`${file}\n${size}\n${mtimeMs}\n`)
  }
  return hash.digest('hex')
}
