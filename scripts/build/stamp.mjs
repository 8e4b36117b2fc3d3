// Decides whether the last build is still up to date, from names, sizes and times of its inputs and outputs.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from '../setup.mjs'

const stampFile = join(root, '.build/stamp.json')

export function isUpToDate() {
  if (!existsSync(stampFile)) return false
  const stamp = JSON.parse(readFileSync(stampFile, 'utf8'))
  return stamp.inputs === inputsFingerprint() && stamp.outputs === outputsFingerprint()
}

/**
 * @param {string} inputs The fingerprint from before the build, so that files edited during the build are built the
 * next time.
 */
export function writeStamp(inputs) {
  const temporary = `${stampFile}.${process.pid}`
  mkdirSync(dirname(stampFile), { recursive: true })
  writeFileSync(temporary, JSON.stringify({ inputs, outputs: outputsFingerprint() }))
  renameSync(temporary, stampFile)
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

function outputsFingerprint() {
  const outputs = packageFolders().flatMap((folder) => filesBelow(join(folder, 'dist')))
  // Every type check rewrites the incremental state.
  return fingerprint(outputs.filter((file) => !file.endsWith('.tsbuildinfo')))
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
