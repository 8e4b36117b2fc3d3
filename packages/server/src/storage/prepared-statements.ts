import { createHash, randomBytes } from 'node:crypto'
import type pg from 'pg'

/** A statement with more parameters than this contains a list of any length: too many shapes to keep each prepared. */
const NAMED_STATEMENT_PARAMETERS = 48
/**
 * Statements that each connection keeps prepared. Filters come in more shapes than that: only the first ones are kept.
 */
const NAMED_STATEMENTS = 500

/** PostgreSQL's codes for a statement that is not prepared, and for one that is prepared already. */
const ELSEWHERE = new Set(['26000', '42P05'])

/** Sends each statement under a name, so that a connection parses and plans it once: half the time of a small query. */
export class PreparedStatements {
  #named = new Map<string, pg.QueryConfig>()
  #tag: string | undefined
  #areKept = true

  of(sql: string, parameters: unknown[]): pg.QueryConfig {
    // What `like` finds with an index depends on the text: a plan made for any text would read everything.
    if (
      !this.#areKept ||
      parameters.length > NAMED_STATEMENT_PARAMETERS ||
      parameters.length === 0 ||
      sql.includes(' like ')
    )
      return { text: sql, values: parameters }
    let named = this.#named.get(sql)
    if (!named) {
      if (this.#named.size >= NAMED_STATEMENTS) return { text: sql, values: parameters }
      const text = this.#tag === undefined ? sql : `${sql} /* ${this.#tag} */`
      named = { name: nameOf(text), text }
      this.#named.set(sql, named)
    }
    return { ...named, values: parameters }
  }

  /** @returns whether the error came of a prepared statement: what failed succeeds if it runs again */
  recover(error: unknown): boolean {
    const { code, message } = error as { code?: string; message?: string }
    // PostgreSQL refuses a prepared statement whose columns are no longer those of its first run.
    if (code === '0A000' && message === 'cached plan must not change result type') {
      // The texts change too: PgBouncer knows its statements by them.
      this.#named = new Map()
      this.#tag = randomBytes(4).toString('hex')
      return true
    }
    // A pool that changes connections between transactions, and does not bring the statements along.
    if (!ELSEWHERE.has(code ?? '')) return false
    this.#areKept = false
    return true
  }
}

/** The same for the same text only: a pool may lead to a connection on which another node has prepared its statements. */
function nameOf(text: string): string {
  return `s_${createHash('sha256').update(text).digest('base64url').slice(0, 22)}`
}
