import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../setup.mjs'
import { readDeclarations } from './declarations.mjs'
import { Fields } from './fields.mjs'
import { readMethods } from './methods.mjs'

/** @typedef {import('./declarations.mjs').Declaration} Declaration */

/**
 * A namespace of the client.
 *
 * @typedef {object} Namespace
 * @property {string} name such as `users`
 * @property {Declaration} api its class
 * @property {import('./methods.mjs').Method[]} methods
 */

const folder = join(root, 'packages/backend/src')

/** Reads the SDK's namespaces, and the types that their methods return, from its sources. */
export function readSources() {
  const apis = readDeclarations(filesOf(join(folder, 'api')))
  const others = readDeclarations([...filesOf(join(root, 'packages/types/src')), join(folder, 'core/pages.ts')])
  const byName = new Map([...others, ...apis].map((declaration) => [declaration.name, declaration]))
  const types = apis.filter(
    ({ name, exported, node }) => exported && !node.typeParameters && !/(Api|Params|Options)$/.test(name),
  )
  return { namespaces: readNamespaces(byName), types, byName, fields: new Fields(byName) }
}

/** @param {string} path */
function filesOf(path) {
  return readdirSync(path)
    .filter((file) => file.endsWith('.ts') && !file.includes('.test'))
    .map((file) => join(path, file))
}

/** @returns {Namespace[]} */
function readNamespaces(/** @type {Map<string, Declaration>} */ byName) {
  const source = readFileSync(join(folder, 'api/apis.ts'), 'utf8')
  return [...source.matchAll(/^ {4}(\w+): new (\w+)\(client(?:, '(\w+)')?/gm)].map(
    ([, name = '', className = '', path]) => {
      const api = byName.get(className)
      if (!api) throw new Error(`No file declares ${className}.`)
      return { name, api, methods: readMethods(api, path) }
    },
  )
}
