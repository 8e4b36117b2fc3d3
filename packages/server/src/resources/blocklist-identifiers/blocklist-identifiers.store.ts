import { Rows, type Owner } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { blocklistIdentifiers } from './blocklist-identifiers.table.js'

export class BlocklistIdentifierStore extends Rows<typeof blocklistIdentifiers> {
  constructor(owner: Owner) {
    super(blocklistIdentifiers, owner)
  }

  /** Those of the patterns that are on the list. */
  async matching(patterns: readonly string[], tx?: Tx): Promise<Set<string>> {
    const rows = await this.select(tx).select('pattern').where('pattern', 'in', patterns).execute()
    return new Set(rows.map(({ pattern }) => pattern))
  }
}
