// node scripts/pack/production.mjs FOLDER [npm options]: lays out what a server needs of the built repository, and installs
// the packages it depends on, in the versions of the lock file. The folder is for this kind of machine; it holds no source.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root, run } from '../setup.mjs'

/** The command, and what it loads of this repository. */
const SERVED = ['packages/cli', 'packages/pages']

const KEPT = ['node_modules', 'packages']

/**
 * @param {string} folder an empty one, or one that is not there yet
 * @param {readonly string[]} [npmOptions] such as `--offline`
 */
export async function installProduction(folder, npmOptions = []) {
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new Error(`${folder} is not empty. Name a new folder.`)
  for (const served of SERVED) {
    if (!existsSync(join(root, served, 'dist'))) throw new Error(`${served} is not built. Run: npm run build`)
    cpSync(join(root, served, 'dist'), join(folder, served, 'dist'), {
      recursive: true,
      filter: (file) => !/\.d\.ts$|\.tsbuildinfo$/.test(file),
    })
  }
  // npm compares the lock file with the manifests of all workspaces, also of those that are left out.
  for (const file of ['package-lock.json', '.npmrc', ...manifests()]) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    cpSync(join(root, file), join(folder, file))
  }
  // The binaries for the machine are packages of their own: no install script has to fetch or build one.
  const only = ['--omit=dev', '--ignore-scripts', '--workspace=latchkey']
  await run('npm', ['ci', ...only, ...npmOptions], { cwd: folder })
  for (const entry of readdirSync(folder)) {
    if (!KEPT.includes(entry)) rmSync(join(folder, entry), { recursive: true })
  }
  for (const entry of readdirSync(join(folder, 'packages'))) {
    if (!SERVED.includes(`packages/${entry}`)) rmSync(join(folder, 'packages', entry), { recursive: true })
  }
  for (const file of ['LICENSE', 'NOTICE']) cpSync(join(root, file), join(folder, file))
  // Whoever installs it may keep new files to themselves; another user runs it.
  await run('chmod', ['-R', 'a+rX', folder])
}

/** @returns {string[]} */
function manifests() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  const folders = Object.keys(packages).filter((path) => !path.includes('node_modules'))
  return folders.map((path) => join(path, 'package.json'))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder, ...npmOptions] = process.argv.slice(2)
  if (folder === undefined || folder.startsWith('-')) {
    process.stderr.write('Name the folder: node scripts/pack/production.mjs FOLDER\n')
    process.exit(1)
  }
  await installProduction(resolve(folder), npmOptions)
}
