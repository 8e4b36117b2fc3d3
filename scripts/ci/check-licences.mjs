// Checks that every package our users install has a licence that allows its use in any product.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, runScript } from '../setup.mjs'

const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Unlicense',
])

/**
 * sharp is optional, and its library libvips is a separate file that anyone may replace, as the LGPL requires. The
 * table of browsers is data of Next, so its users already have it.
 */
const EXCEPTIONS = [
  { package: /^@img\/sharp-/, licence: 'LGPL-3.0-or-later' },
  { package: /^caniuse-lite$/, licence: 'CC-BY-4.0' },
]

await runScript(async () => {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  const bundled = bundledPackages()
  const installed = Object.entries(packages).filter(
    ([path, { link, dev }]) => path.includes('node_modules/') && !link && (!dev || bundled.has(nameOf(path))),
  )
  const refused = installed
    .filter(([path, { license }]) => !isAllowed(license, nameOf(path)))
    .map(([path, { license }]) => `${path}: ${license ?? 'no licence'}`)
  if (refused.length > 0) throw new Error(`Not on the list of allowed licences:\n${refused.join('\n')}`)
  console.log(`${installed.length} packages, all of allowed licences`)
})

/** Names of the packages bundled into the program; for npm they are development dependencies. */
function bundledPackages() {
  const notices = readFileSync(join(root, 'packages/cli/dist/THIRD-PARTY-NOTICES.txt'), 'utf8')
  return new Set([...notices.matchAll(/^(\S+) \S+\n-{72}$/gm)].map(([, name]) => name))
}

/** An expression "A OR B" is allowed if one side is, "A AND B" if both are. */
function isAllowed(expression = '', name) {
  const excepted = EXCEPTIONS.filter((exception) => exception.package.test(name)).map(({ licence }) => licence)
  const accepts = (licence) => ALLOWED.has(licence) || excepted.includes(licence)
  const choices = expression.replace(/[()]/g, '').split(' OR ')
  return choices.some((choice) => choice.split(' AND ').every((licence) => accepts(licence.trim())))
}

function nameOf(path) {
  return path.split('node_modules/').pop()
}
