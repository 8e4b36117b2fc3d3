import { integer, reference, table, text } from '../../storage/table.js'
import type { RecordOf, RowOf } from '../../storage/table.js'

export const machines = table(
  'machines',
  { noun: 'machine', prefix: 'mch', counted: true },
  {
    name: text,
    /** Seconds. */
    defaultTokenTtl: integer,
    /** The name, folded: what a list's `query` searches. */
    search: text,
  },
  {
    machines_by_created_at: { on: ['instanceId', 'createdAt', 'id'] },
    machines_by_name: { on: ['instanceId', 'name', 'id'] },
  },
)

/** Which machine may call which. */
export const machineScopes = table(
  'machine_scopes',
  { noun: 'machine scope', prefix: 'mchs', immutable: true },
  { fromMachineId: reference('machines'), toMachineId: reference('machines') },
  {
    machine_scopes_pair: { on: ['fromMachineId', 'toMachineId'], unique: true },
    machine_scopes_to: { on: ['toMachineId'] },
  },
)

declare module '../../storage/schema.js' {
  interface Schema {
    machines: RowOf<typeof machines>
    machine_scopes: RowOf<typeof machineScopes>
  }
}

export type MachineRecord = RecordOf<typeof machines>
export type MachineScopeRecord = RecordOf<typeof machineScopes>
