import type { Queries } from '../../storage/database.js'
import { InstanceRows, untyped } from '../../storage/queries.js'
import type { Table } from '../../storage/table.js'
import type { IdentificationRecord } from './identification.js'

/** The part of `InstanceRows` that works on a table's own records, and who has claimed a value. */
export interface IdentificationStore<Row extends IdentificationRecord> {
  find(id: string, queries?: Queries): Promise<Row | undefined>
  insertUnlessTaken(row: Row, tx: Queries): Promise<boolean>
  update(id: string, changes: Partial<Row>, tx: Queries): Promise<Row | undefined>
  delete(id: string, tx: Queries): Promise<Row | undefined>
  isClaimed(canonical: string, queries: Queries): Promise<boolean>
}

export class IdentificationRows<C extends Table> extends InstanceRows<C> {
  async isClaimed(canonical: string, queries: Queries): Promise<boolean> {
    const row = await untyped(queries)
      .selectFrom(this.table)
      .select('id')
      .where('instance_id', '=', this.instanceId)
      .where('canonical', '=', canonical)
      .where('claimed', '=', 1)
      .executeTakeFirst()
    return row !== undefined
  }
}
