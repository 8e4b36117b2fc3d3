const DAY = 24 * 60 * 60

export interface SessionSettings {
  lifetimeSeconds: number
  /** A session without activity for this long is abandoned. */
  inactivitySeconds: number
}

export const defaultSession: SessionSettings = { lifetimeSeconds: 7 * DAY, inactivitySeconds: 7 * DAY }
