import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import type { Page } from '../../kernel/page.js'
import { accessErrors } from '../access/access.errors.js'
import { parsePattern } from '../access/identifier-patterns.rules.js'
import { BlocklistIdentifierStore } from './blocklist-identifiers.store.js'
import type { BlocklistIdentifierRecord } from './blocklist-identifiers.table.js'

/** Who may not sign up or in, while the instance's block-list is switched on. */
export class BlocklistIdentifierService {
  readonly #store: BlocklistIdentifierStore
  readonly matching: BlocklistIdentifierStore['matching']

  constructor(private readonly context: InstanceContext) {
    this.#store = new BlocklistIdentifierStore(context)
    this.matching = (patterns, tx) => this.#store.matching(patterns, tx)
  }

  /** Newest first; all of them without a limit. */
  list({
    limit = Number.MAX_SAFE_INTEGER,
    offset,
  }: {
    limit?: number | undefined
    offset: number
  }): Promise<Page<BlocklistIdentifierRecord>> {
    return this.#store.page({ limit, offset })
  }

  /**
   * @param id default is a new one
   * @throws {ApiError} 422 `form_param_format_invalid`, 400 `duplicate_record`
   */
  create(
    { identifier, id }: { identifier: string; id?: string | undefined },
    caller: Caller,
  ): Promise<BlocklistIdentifierRecord> {
    const entry = parsePattern(identifier)
    return this.context.transaction(caller, async (tx) => {
      const record = await this.#store.create({ ...(id === undefined ? {} : { id }), ...entry }, tx)
      if (!record) throw accessErrors.duplicate('identifier', entry.identifier)
      await tx.audit('blocklist_identifier.created', record.id)
      return record
    })
  }

  /** @throws {ApiError} 404 `resource_not_found` */
  delete(id: string, caller: Caller): Promise<BlocklistIdentifierRecord> {
    return this.context.transaction(caller, async (tx) => {
      const record = await this.#store.delete(id, tx)
      await tx.audit('blocklist_identifier.deleted', id)
      return record
    })
  }
}
