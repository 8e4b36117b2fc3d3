// npm run migration -- NAME [options]
//
// Compares the definitions of all tables (packages/server/src/compose/tables.ts) with the databases that the migrations
// make, on SQLite and PostgreSQL, and writes what is missing as packages/server/src/storage/migrations/NNNN-NAME.ts. Read
// the file before you commit it, and change it where data has to be moved: the tests compare the result, not the way.
//
//   --additive                    fail unless programs that do not know the migration can go on with the database
//   --breaking                    they must not, even if each change by itself would let them
//   --rename OLD=NEW              a table has got another name; without this it is dropped, and one is created
//   --recreate TABLE              drop the table with its rows and create it anew
//   --default TABLE.COLUMN=VALUE  what rows that exist get in a column that is not null
//
// Additive are new tables, new columns that are nullable or have a default, and new indexes that are not unique. Without
// --additive or --breaking the migration is additive if all its changes are. --rename, --recreate and --default can be
// given several times.
import { writeMigration } from './migration/files.mjs'
import { parseOptions } from './migration/options.mjs'
import { startPostgres } from './postgres.mjs'
import { preparePostgres, runScript } from './setup.mjs'

await runScript(async () => {
  const options = parseOptions(process.argv.slice(2))
  await preparePostgres()
  const { loadSources } = await import('./supported/load.mjs')
  const server = await loadSources(
    'migration',
    `export { CompiledQuery } from 'kysely'
     export { tables } from './compose/tables.js'
     export { migrate } from './storage/migrate.js'
     export { openDatabase } from './storage/open-database.js'
     export { compareSchemas, describeChange } from './storage/schema/changes.js'
     export { describeTables } from './storage/schema/describe.js'
     export { planMigration } from './storage/schema/plan.js'
     export { readSchema } from './storage/schema/read.js'`,
  )
  const postgres = await startPostgres()
  try {
    const plans = {
      sqlite: await planOn(server, ':memory:', options.answers),
      postgres: await planOn(server, postgres.url, options.answers),
    }
    await finish(plans, options)
  } finally {
    await postgres.stop()
  }
})

async function finish({ sqlite, postgres }, { name, additive, answers }) {
  if (sqlite.statements.length === 0 && postgres.statements.length === 0) {
    console.log('Nothing to migrate: the migrations make what is defined.')
    return
  }
  const breaking = [...new Set([...sqlite.breaking, ...postgres.breaking])]
  if (additive && breaking.length > 0)
    throw new Error(`The migration cannot be additive, because of these changes:\n  ${breaking.join('\n  ')}`)
  const isAdditive = sqlite.additive && postgres.additive
  const path = await writeMigration({
    name,
    additive: isAdditive,
    sqlite: sqlite.statements,
    postgres: postgres.statements,
  })
  for (const change of new Set([...sqlite.summary, ...postgres.summary])) console.log(change)
  const reason = isAdditive || !answers.breaking || breaking.length > 0 ? '' : ', as you say'
  console.log(`\nWrote ${path}: ${isAdditive ? 'additive' : `breaking${reason}`}.`)
}

/** Plans the migration of an empty database, and runs it there: what does not reach its aim is not written. */
async function planOn(server, location, answers) {
  const database = await server.openDatabase({ location })
  try {
    await server.migrate(database, 0)
    const defined = server.describeTables(database.dialect, server.tables)
    const plan = server.planMigration(database.dialect, await server.readSchema(database), defined, answers)
    await run(server, database, plan.statements)
    const left = server.compareSchemas(await server.readSchema(database), defined)
    if (left.length > 0)
      throw new Error(
        [`The statements for ${database.dialect} leave differences:`, ...left.map(server.describeChange)].join('\n  '),
      )
    return plan
  } finally {
    await database.close()
  }
}

async function run({ CompiledQuery }, database, statements) {
  let current
  try {
    await database.transaction(async (tx) => {
      for (current of statements) await tx.executeQuery(CompiledQuery.raw(current))
    })
  } catch (error) {
    throw new Error(`${database.dialect} refuses a statement: ${error.message}\n  ${current}`, { cause: error })
  }
}
