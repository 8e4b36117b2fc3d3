// Every package that our users install has a licence that lets them use it in any product.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, runScript } from '../setup.mjs'

const ALLOWED = new Set(['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'CC0-1.0', 'ISC', 'MIT', 'MIT-0', 'Unlicense'])

await runScript(async () => {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  const installed = Object.entries(packages).filter(([path, entry]) => path.includes('node_modules/') && !entry.link && !entry.dev)
  const refused = installed.filter(([, { license }]) => !isAllowed(license)).map(([path, { license }]) => `${path}: ${license ?? 'no licence'}`)
  if (refused.length > 0) throw new Error(`Not on the list of allowed licences:\n${refused.join('\n')}`)
  console.log(`${installed.length} packages, all of allowed licences`)
})

/** An expression "A OR B" is allowed if one side is, "A AND B" if both are. */
function isAllowed(expression = '') {
  const plain = expression.replace(/[()]/g, '')
  return plain.split(' OR ').some((choice) => choice.split(' AND ').every((name) => ALLOWED.has(name.trim())))
}
