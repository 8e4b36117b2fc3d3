import { sql } from 'kysely'
import type { Database } from './database.js'
import type { Table } from './table.js'

/** Rows of one transaction: a request that wants one of them waits a moment only. */
const AT_ONCE = 100

/** Times that all tables are gone through. In more, a node goes on sealing with another key. */
const MAX_PASSES = 5

export interface Resealing {
  /** Values of the rows that were written again. */
  resealed: number
  /** False if values under another key kept coming in. */
  complete: boolean
}

/**
 * Puts every sealed column through `reseal`, while servers are using the database. Each part is one transaction, so after
 * a crash the next run goes on where this one was.
 *
 * @param reseal returns a text that is as it should be unchanged
 */
export async function resealInParts(
  database: Database,
  tables: readonly Table[],
  reseal: (text: string) => string,
): Promise<Resealing> {
  let resealed = 0
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    let found = 0
    for (const table of tables) {
      if (!sealedColumnsOf(table).length) continue
      const changes = await resealTable(database.patient, table, reseal)
      found += changes.found
      resealed += changes.resealed
    }
    // Meanwhile a value may have been written beside this run, also under the other key: it looks again until it finds none.
    if (found === 0) return { resealed, complete: true }
  }
  return { resealed, complete: false }
}

/** The columns, as in SQL, that hold sealed values. */
export function sealedColumnsOf({ columns, names }: Table): string[] {
  return Object.values(columns).flatMap(({ sealed }, index) => (sealed ? [names[index]!] : []))
}

async function resealTable(
  database: Database,
  table: Table,
  reseal: (text: string) => string,
): Promise<{ found: number; resealed: number }> {
  const [keyName, ...more] = table.primaryKey
  if (keyName === undefined || more.length > 0) throw new Error(`${table.name} must have one column as its primary key`)
  const columns = sealedColumnsOf(table)
  const [rows, key] = [sql.table(table.name), sql.ref(keyName)]
  const selected = sql.join(columns.map((column) => sql.ref(column)))
  const anything = sql.join(
    columns.map((column) => sql`${sql.ref(column)} is not null`),
    sql` or `,
  )
  let [found, resealed] = [0, 0]
  for (let after = ''; ;) {
    const part = await sql<Record<string, string | null>>`select ${key}, ${selected} from ${rows}
      where ${key} > ${after} and (${anything}) order by ${key} limit ${sql.lit(AT_ONCE)}`.execute(database.read)
    const changes = part.rows.flatMap((row) =>
      columns.flatMap((column) => {
        const before = row[column]
        if (before == null) return []
        const text = reseal(before)
        return text === before ? [] : [{ id: row[keyName]!, column: sql.ref(column), before, text }]
      }),
    )
    found += changes.length
    if (changes.length > 0) {
      resealed += await database.transaction(async (tx) => {
        let written = 0
        for (const { id, column, before, text } of changes) {
          // A value that a request has replaced meanwhile stays.
          const { numAffectedRows } = await sql`update ${rows} set ${column} = ${text}
            where ${key} = ${id} and ${column} = ${before}`.execute(tx)
          written += Number(numAffectedRows)
        }
        return written
      })
    }
    if (part.rows.length < AT_ONCE) return { found, resealed }
    after = part.rows.at(-1)![keyName]!
  }
}
