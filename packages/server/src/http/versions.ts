import { errors } from './errors.js'

/** The dated versions of the API, oldest first. */
export const apiVersions = ['2021-02-05', '2024-10-01', '2025-03-12', '2025-04-10', '2025-11-10', '2026-05-12'] as const

export type ApiVersion = (typeof apiVersions)[number]

const DEFAULT_VERSION: ApiVersion = '2021-02-05'
const PARAMETER = '__clerk_api_version'

/**
 * The version a request asks for, in the `Clerk-API-Version` header or the `__clerk_api_version` parameter. Default is the oldest.
 *
 * @throws {ApiError} 400 `api_version_invalid` for another value, or for both at once
 */
export function apiVersion(header: string | null, query: URLSearchParams | undefined): ApiVersion {
  const parameter = query?.get(PARAMETER) ?? null
  if (header !== null && parameter !== null) throw errors.apiVersionTwice()
  const version = header ?? parameter
  if (version === null) return DEFAULT_VERSION
  if (!isApiVersion(version)) throw errors.apiVersionInvalid(version, apiVersions)
  return version
}

/** Dates as ISO text compare as dates. */
export function isSince(version: ApiVersion, first: ApiVersion): boolean {
  return version >= first
}

function isApiVersion(version: string): version is ApiVersion {
  return (apiVersions as readonly string[]).includes(version)
}
