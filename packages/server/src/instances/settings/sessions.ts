const DAY = 24 * 60 * 60

export interface SessionSettings {
  lifetimeSeconds: number
  /** A session without activity for this long is abandoned. */
  inactivitySeconds: number
  /** Which claims the tokens that browsers get have. */
  claimsVersion: 1 | 2
}

export const defaultSession: SessionSettings = {
  lifetimeSeconds: 7 * DAY,
  inactivitySeconds: 7 * DAY,
  claimsVersion: 2,
}
