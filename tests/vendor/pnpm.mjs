#!/usr/bin/env node
// Stands in for `pnpm` and `pkglab` in a run: an application gets the packages that the runner installed before.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const [command, ...rest] = process.argv.slice(2)
if (command === 'install' || command === 'add') {
  const { name } = JSON.parse(readFileSync('package.json', 'utf8'))
  const folder = readdirSync(process.env.VENDOR_SUITE_PACKAGES).find((template) => isOf(template, name))
  if (!folder) throw new Error(`There are no packages for ${name}`)
  const from = join(process.env.VENDOR_SUITE_PACKAGES, folder, 'node_modules')
  if (!existsSync('node_modules')) spawnSync('cp', ['-al', from, 'node_modules'], { stdio: 'inherit' })
} else if (command !== 'list') {
  const child = spawn('npm', ['run', '--silent', command, ...(rest.length > 0 ? ['--', ...rest] : [])], {
    stdio: 'inherit',
  })
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code) => (process.exitCode = code ?? 1))
}

/** Their manifests know the folder by another name; a quickstart has the packages of the whole template. */
function isOf(template, name) {
  const manifest = join(process.env.VENDOR_SUITE_PACKAGES, template, 'package.json')
  return JSON.parse(readFileSync(manifest, 'utf8')).name === name.replace(/-quickstart$/, '')
}
