import { randomBytes } from 'node:crypto'
import type pg from 'pg'

/** A statement with more parameters than this contains a list of any length: too many shapes to keep each prepared. */
const NAMED_STATEMENT_PARAMETERS = 48
/**
 * Statements that each connection keeps prepared. Filters come in more shapes than that: only the first ones are kept.
 */
const NAMED_STATEMENTS = 500

/** Sends each statement under a name, so that a connection parses and plans it once: half the time of a small query. */
export class PreparedStatements {
  #named = new Map<string, pg.QueryConfig>()
  #tag: string | undefined

  of(sql: string, parameters: unknown[]): pg.QueryConfig {
    // What `like` finds with an index depends on the text: a plan made for any text would read everything.
    if (parameters.length > NAMED_STATEMENT_PARAMETERS || parameters.length === 0 || sql.includes(' like '))
      return { text: sql, values: parameters }
    let named = this.#named.get(sql)
    if (!named) {
      if (this.#named.size >= NAMED_STATEMENTS) return { text: sql, values: parameters }
      const number = this.#named.size
      named =
        this.#tag === undefined
          ? { name: `s${number}`, text: sql }
          : { name: `s${number}_${this.#tag}`, text: `${sql} /* ${this.#tag} */` }
      this.#named.set(sql, named)
    }
    return { ...named, values: parameters }
  }

  /**
   * Prepares everything anew, after the shape of a table has changed. The texts change too: PgBouncer knows its
   * statements by them.
   */
  renew(): void {
    this.#named = new Map()
    this.#tag = randomBytes(4).toString('hex')
  }
}

/** PostgreSQL refuses a prepared statement whose columns are no longer those of its first run. */
export function isStale(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string }
  return code === '0A000' && message === 'cached plan must not change result type'
}
