import { sql, type SqlBool } from 'kysely'
import type { Page, PageRequest } from '../../kernel/page.js'
import { searchText } from '../../lib/identifiers/text.js'
import { orderBy } from '../../storage/lists.js'
import { Rows, type Owner } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { machines, machineScopes, type MachineRecord, type MachineScopeRecord } from './machines.table.js'

export interface MachineListRequest extends PageRequest {
  /** Exact on the id, partial and case-insensitive on the name. */
  query?: string | undefined
  /** Default is `-created_at`. */
  orderBy?: string | undefined
}

const order = orderBy({ created_at: 'created_at', name: 'name' }, '-created_at')

export class MachineStore extends Rows<typeof machines> {
  constructor(owner: Owner) {
    super(machines, owner)
  }

  /** @throws {ApiError} 422 `form_param_value_invalid` for an order that is not known */
  async search({ query, ...request }: MachineListRequest): Promise<Page<MachineRecord>> {
    const by = order.parse(request.orderBy)
    const rows = query ? this.#found(query) : this.select()
    return this.readPage(rows, by, { ...request, parts: query ? undefined : [''] })
  }

  /** Those that exist, kept from being deleted until the transaction ends. Others may refer to them at the same time. */
  async kept(ids: readonly string[], tx: Tx): Promise<MachineRecord[]> {
    if (ids.length === 0) return []
    const rows = this.select(tx).selectAll().where('id', 'in', ids).orderBy('id')
    return this.decodeAll(await (this.owner.database.dialect === 'postgres' ? rows.forKeyShare() : rows).execute())
  }

  /** The machines that any of these may call. */
  async calledBy(ids: readonly string[], tx?: Tx): Promise<MachineRecord[]> {
    const rows = await this.select(tx)
      .selectAll()
      .where('id', 'in', (eb) =>
        eb.selectFrom('machine_scopes').select('to_machine_id').where('from_machine_id', 'in', ids),
      )
      .execute()
    return this.decodeAll(rows)
  }

  #found(query: string) {
    const term = searchText(query)
    // Other than `like`, these know no wildcards.
    const position =
      this.owner.database.dialect === 'postgres' ? sql`strpos(search, ${term})` : sql`instr(search, ${term})`
    return this.select().where((eb) => eb.or([eb('id', '=', query), sql<SqlBool>`${position} > 0`]))
  }
}

export class MachineScopeStore extends Rows<typeof machineScopes> {
  constructor(owner: Owner) {
    super(machineScopes, owner)
  }

  /** Of all these machines, oldest first. */
  async from(machineIds: readonly string[], tx?: Tx): Promise<MachineScopeRecord[]> {
    if (machineIds.length === 0) return []
    const rows = await this.select(tx)
      .selectAll()
      .where('from_machine_id', 'in', machineIds)
      .orderBy('created_at')
      .orderBy('id')
      .execute()
    return this.decodeAll(rows)
  }

  /** @returns undefined if the one may not call the other anyway */
  async removePair(fromMachineId: string, toMachineId: string, tx: Tx): Promise<MachineScopeRecord | undefined> {
    const row = await this.remove(tx)
      .where('from_machine_id', '=', fromMachineId)
      .where('to_machine_id', '=', toMachineId)
      .returningAll()
      .executeTakeFirst()
    return row && this.decode(row)
  }
}
