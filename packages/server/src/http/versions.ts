import { errors } from '../kernel/errors/errors.js'
import { apiVersions, type ApiVersion } from '../kernel/versions.js'

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

function isApiVersion(version: string): version is ApiVersion {
  return (apiVersions as readonly string[]).includes(version)
}
