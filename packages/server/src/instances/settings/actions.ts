/** What people may do with their accounts. */
export interface ActionSettings {
  /** Users delete themselves. Each has a switch of their own, and both must be on. */
  deleteSelf: boolean
}

export const defaultActions: ActionSettings = { deleteSelf: true }
