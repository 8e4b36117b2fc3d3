// Packs the published packages and checks the tarballs as a user would get them.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import { problemsOf } from '../pack/problems.mjs'
import { packFolder, publishedFolders, readManifest, stagePackage } from '../pack/stage.mjs'
import { root, runScript } from '../setup.mjs'

const folder = join(root, '.build/pack')

await runScript(async () => {
  const problems = []
  for (const path of publishedFolders()) {
    const staged = join(folder, basename(path))
    const { name } = stagePackage(path, staged)
    console.log(`\n${name}`)
    const tarball = packFolder(staged, folder)
    const unpacked = unpack(tarball, name)
    const nested = join(path, 'node_modules')
    // Versions of dependencies that only this package has.
    if (existsSync(nested)) symlinkSync(nested, join(unpacked, 'node_modules'))
    problems.push(...problemsOf(unpacked).map((problem) => `${name}: ${problem}`))
    if (!existsSync(join(path, 'README.md'))) problems.push(`${name}: has no README.md of its own`)
    for (const check of checksOf(unpacked, tarball)) {
      try {
        execFileSync(process.execPath, check, { cwd: folder, stdio: 'inherit' })
      } catch {
        problems.push(`${name}: ${check.map((argument) => argument.replace(`${root}/`, '')).join(' ')}`)
      }
    }
  }
  if (problems.length > 0) throw new Error(`\nPackages with problems:\n${problems.join('\n')}`)
})

/** Below a `node_modules`, so that the packed packages find each other and, above them, the installed ones. */
function unpack(tarball, name) {
  const target = join(folder, 'node_modules', name)
  rmSync(target, { recursive: true, force: true })
  mkdirSync(target, { recursive: true })
  execFileSync('tar', ['-xzf', tarball, '-C', target, '--strip-components=1'])
  return target
}

function checksOf(unpacked, tarball) {
  const { name, exports = {}, bin } = readManifest(unpacked)
  const checks = [[join(root, 'node_modules/publint/src/cli.js'), unpacked, '--strict']]
  if (bin) return [...checks, [join(unpacked, Object.values(bin)[0]), '--version']]
  // Strict: also for `node10`, which needs a folder for each subpath, and for CommonJS, which needs a twin of each module.
  const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js')
  checks.push([attw, tarball, '--profile', 'strict', '--no-emoji'])
  for (const entry of Object.keys(exports).filter((subpath) => !subpath.endsWith('.json'))) {
    const module = JSON.stringify(join(name, entry))
    checks.push(['--input-type=module', '-e', `await import(${module})`])
    checks.push(['--input-type=commonjs', '-e', `require(${module})`])
  }
  return checks
}
