// Packs what is published and looks at the tarballs as a user would get them.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { INLINED } from '../build/bundles.mjs'
import { filesBelow, packageFolders } from '../build/stamp.mjs'
import { root, runScript } from '../setup.mjs'

const folder = join(root, '.build/pack')

await runScript(async () => {
  const published = packageFolders().filter((path) => !INLINED.includes(basename(path)))
  const problems = []
  for (const path of published) {
    const { name } = manifestOf(path)
    console.log(`\n${name}`)
    const tarball = pack(path)
    const unpacked = unpack(tarball, name)
    problems.push(...unpublishedReferences(unpacked).map((problem) => `${name}: ${problem}`))
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

function manifestOf(path) {
  return JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'))
}

function pack(path) {
  mkdirSync(folder, { recursive: true })
  const output = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { cwd: path, encoding: 'utf8' })
  return join(folder, JSON.parse(output)[0].filename)
}

/** Below a `node_modules`, so that the packed packages find each other and, above them, the installed ones. */
function unpack(tarball, name) {
  const target = join(folder, 'node_modules', name)
  rmSync(target, { recursive: true, force: true })
  mkdirSync(target, { recursive: true })
  execFileSync('tar', ['-xzf', tarball, '-C', target, '--strip-components=1'])
  return target
}

function checksOf(unpacked, tarball) {
  const { exports = {}, bin } = manifestOf(unpacked)
  const checks = [[join(root, 'node_modules/publint/src/cli.js'), unpacked, '--strict']]
  if (bin) return [...checks, [join(unpacked, Object.values(bin)[0]), '--version']]
  const profile = JSON.stringify(exports).includes('.cjs') ? 'node16' : 'esm-only'
  checks.push([join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js'), tarball, '--profile', profile, '--no-emoji'])
  for (const entry of Object.keys(exports).filter((name) => !name.endsWith('.json'))) {
    checks.push(['--input-type=module', '-e', `await import(${JSON.stringify(join(manifestOf(unpacked).name, entry))})`])
  }
  return checks
}

/** Names of unpublished packages, in code, declarations or dependencies. */
function unpublishedReferences(unpacked) {
  const { dependencies = {} } = manifestOf(unpacked)
  const names = INLINED.map((name) => `@latchkey/${name}`)
  const problems = names.filter((name) => name in dependencies).map((name) => `depends on ${name}, which is not published`)
  for (const file of filesBelow(unpacked)) {
    if (!/\.(c?js|d\.c?ts)$/.test(file)) continue
    const text = readFileSync(file, 'utf8')
    for (const name of names) if (new RegExp(`['"]${name}['"/]`).test(text)) problems.push(`${file.slice(unpacked.length + 1)} imports ${name}`)
  }
  return problems
}
