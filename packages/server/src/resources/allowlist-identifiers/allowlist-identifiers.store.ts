import { Rows, type Owner } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { allowlistIdentifiers } from './allowlist-identifiers.table.js'

export class AllowlistIdentifierStore extends Rows<typeof allowlistIdentifiers> {
  constructor(owner: Owner) {
    super(allowlistIdentifiers, owner)
  }

  /** Those of the patterns that are on the list. */
  async matching(patterns: readonly string[], tx?: Tx): Promise<Set<string>> {
    const rows = await this.select(tx).select('pattern').where('pattern', 'in', patterns).execute()
    return new Set(rows.map(({ pattern }) => pattern))
  }
}
