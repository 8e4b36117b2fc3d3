// Packs what is published and looks at the tarballs as a user would get them.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { INLINED } from '../build/bundles.mjs'
import { filesBelow } from '../build/stamp.mjs'
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
    const found = [...unpublishedReferences(unpacked), ...installScripts(unpacked), ...missingFiles(unpacked, path), ...nodeOnEdge(unpacked)]
    problems.push(...found.map((problem) => `${name}: ${problem}`))
    for (const check of checksOf(unpacked, tarball)) {
      try {
        execFileSync(process.execPath, check, { cwd: root, stdio: 'inherit' })
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
  const { exports = {}, bin } = readManifest(unpacked)
  const checks = [[join(root, 'node_modules/publint/src/cli.js'), unpacked, '--strict']]
  if (bin) return [...checks, [join(unpacked, Object.values(bin)[0]), '--version']]
  const profile = JSON.stringify(exports).includes('.cjs') ? 'node16' : 'esm-only'
  checks.push([join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js'), tarball, '--profile', profile, '--no-emoji'])
  for (const entry of Object.keys(exports).filter((name) => !name.endsWith('.json'))) {
    checks.push(['--input-type=module', '-e', `await import(${JSON.stringify(join(readManifest(unpacked).name, entry))})`])
  }
  return checks
}

/** Names of unpublished packages, in code, declarations or dependencies, and dependencies that are nowhere but here. */
function unpublishedReferences(unpacked) {
  const { dependencies, optionalDependencies, peerDependencies } = readManifest(unpacked)
  const versions = new Map(publishedFolders().map((path) => readManifest(path)).map(({ name, version }) => [name, version]))
  const problems = []
  for (const [name, range] of Object.entries({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
    if (/^(?!npm:).*[:/]/.test(range)) problems.push(`depends on ${name} at ${range}, which no registry has`)
    else if (/^@latchkey\//.test(name) && versions.get(name) !== range) problems.push(`depends on ${name} ${range}, which is not published with it`)
  }
  const names = INLINED.map((name) => `@latchkey/${name}`)
  for (const file of filesBelow(unpacked)) {
    if (!/\.(c?js|d\.c?ts)$/.test(file)) continue
    const text = readFileSync(file, 'utf8')
    for (const name of names) if (new RegExp(`['"]${name}['"/]`).test(text)) problems.push(`${relative(unpacked, file)} imports ${name}`)
  }
  return problems
}

/** npm would run these on the machine of whoever installs the package. */
function installScripts(unpacked) {
  const scripts = Object.keys(readManifest(unpacked).scripts ?? {}).map((name) => `has the script "${name}"`)
  return existsSync(join(unpacked, 'binding.gyp')) ? [...scripts, 'has a binding.gyp, which npm compiles'] : scripts
}

function missingFiles(unpacked, path) {
  const missing = ['LICENSE', 'NOTICE', 'README.md'].filter((file) => !existsSync(join(unpacked, file))).map((file) => `lacks ${file}`)
  return existsSync(join(path, 'README.md')) ? missing : [...missing, 'has no README.md of its own']
}

/** Node's modules in a build for runtimes without them, where bundlers refuse or complain. */
function nodeOnEdge(unpacked) {
  const files = filesBelow(join(unpacked, 'dist/edge')).filter((file) => /getBuiltinModule|['"]node:/.test(readFileSync(file, 'utf8')))
  return files.map((file) => `${relative(unpacked, file)} asks for Node's modules`)
}
