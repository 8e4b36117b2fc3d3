import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, run } from '../setup.mjs'

const folder = join(root, 'packages/server/src/storage/migrations')

/**
 * Writes the file of a migration and the list of all.
 *
 * @param {{ name: string, additive: boolean, sqlite: string[], postgres: string[] }} migration name without number
 * @returns {Promise<string>} the path of the file, from the root of the repository
 */
export async function writeMigration({ name, additive, sqlite, postgres }) {
  const files = migrationFiles()
  const taken = files.find((file) => file.slice(5, -3) === name)
  if (taken) throw new Error(`There is a migration of that name: ${taken}`)
  const number = Math.max(...files.map((file) => Number(file.slice(0, 4)))) + 1
  const full = `${String(number).padStart(4, '0')}-${name}`
  const identifier = name.replace(/-(.)/g, (_, letter) => letter.toUpperCase())
  const path = join(folder, `${full}.ts`)
  const index = join(folder, 'index.ts')
  writeFileSync(
    path,
    `import { frozen } from './migration.js'

export const ${identifier} = frozen({
  name: '${full}',
  additive: ${additive},
  sqlite: [${sqlite.map(quoted).join(', ')}],
  postgres: [${postgres.map(quoted).join(', ')}],
})
`,
  )
  writeFileSync(index, renderIndex())
  await run(process.execPath, [join(root, 'node_modules/oxfmt/bin/oxfmt'), path, index], { stdio: 'ignore' })
  return path.slice(root.length + 1)
}

function renderIndex() {
  const migrations = migrationFiles().map((file) => {
    const [, identifier] = /^export const (\w+)/m.exec(readFileSync(join(folder, file), 'utf8')) ?? []
    if (!identifier) throw new Error(`${file} exports no migration`)
    return { identifier, module: file.replace(/\.ts$/, '.js') }
  })
  return `${migrations.map(({ identifier, module }) => `import { ${identifier} } from './${module}'`).join('\n')}
import type { Migration } from './migration.js'

/** In the order in which they are applied. */
export const migrations: readonly Migration[] = [${migrations.map(({ identifier }) => identifier).join(', ')}]
`
}

function migrationFiles() {
  return readdirSync(folder)
    .filter((file) => /^\d{4}-[a-z0-9-]+\.ts$/.test(file))
    .sort()
}

/** A statement as a literal of TypeScript. */
function quoted(statement) {
  if (!/\n|'.*"|".*'/s.test(statement)) return JSON.stringify(statement)
  return `\`${statement.replace(/[\\`]|\$\{/g, '\\$&').replaceAll('\n', '\n    ')}\``
}
