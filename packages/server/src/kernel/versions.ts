/** The dated versions of the API, oldest first. */
export const apiVersions = ['2021-02-05', '2024-10-01', '2025-03-12', '2025-04-10', '2025-11-10', '2026-05-12'] as const

export type ApiVersion = (typeof apiVersions)[number]

/** Dates as ISO text compare as dates. */
export function isSince(version: ApiVersion, first: ApiVersion): boolean {
  return version >= first
}
