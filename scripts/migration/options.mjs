import { parseArgs } from 'node:util'

export const HELP = `npm run migration -- NAME [options]

Compares the definitions of all tables (packages/server/src/compose/tables.ts) with the databases that the migrations
make, on SQLite and PostgreSQL, and writes what is missing as packages/server/src/storage/migrations/NNNN-NAME.ts. Read
the file before you commit it, and change it where data has to be moved: the tests compare the result, not the way.

  --additive                    fail unless programs that do not know the migration can go on with the database
  --breaking                    they must not, even if each change by itself would let them
  --rename OLD=NEW              a table has got another name; without this it is dropped, and one is created
  --recreate TABLE              drop the table with its rows and create it anew
  --default TABLE.COLUMN=VALUE  what rows that exist get in a column that is not null
  --help

Additive are new tables, new columns that are nullable or have a default, and new indexes that are not unique. Without
--additive or --breaking the migration is additive if all its changes are. --rename, --recreate and --default can be
given several times.`

/**
 * @param {string[]} args
 * @returns {{ help: true } | { help: false, name: string, additive: boolean, answers: object }}
 */
export function parseOptions(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      additive: { type: 'boolean', default: false },
      breaking: { type: 'boolean', default: false },
      rename: { type: 'string', multiple: true, default: [] },
      recreate: { type: 'string', multiple: true, default: [] },
      default: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return { help: true }
  const [name] = positionals
  if (positionals.length !== 1 || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
    throw new Error('Give the migration one name, in lower case with hyphens: npm run migration -- add-organizations')
  if (values.additive && values.breaking) throw new Error('A migration is either --additive or --breaking')
  return {
    help: false,
    name,
    additive: values.additive,
    answers: {
      renames: pairs('--rename', values.rename, /^(\w+)=(\w+)$/, 'OLD=NEW'),
      recreated: values.recreate,
      defaults: pairs('--default', values.default, /^(\w+\.\w+)=(.*)$/s, 'TABLE.COLUMN=VALUE'),
      breaking: values.breaking,
    },
  }
}

function pairs(option, given, pattern, form) {
  return Object.fromEntries(
    given.map((text) => {
      const match = pattern.exec(text)
      if (!match) throw new Error(`${option} takes ${form}, not ${JSON.stringify(text)}`)
      return [match[1], match[2]]
    }),
  )
}
