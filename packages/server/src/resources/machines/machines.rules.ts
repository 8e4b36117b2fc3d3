import type { MachineRecord } from './machines.table.js'

/** How many machines one machine may call. */
export const MAX_SCOPES = 150

/** A machine as it is shown: with the machines it may call. */
export interface Machine extends MachineRecord {
  scopedMachines: MachineRecord[]
  /** Only where it was just made. */
  secretKey?: string
}
