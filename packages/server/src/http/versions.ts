import { errors } from '../kernel/errors/errors.js'
import type { Logger } from '../kernel/runtime.js'
import { apiVersions, type ApiVersion } from '../kernel/versions.js'

const DEFAULT_VERSION: ApiVersion = '2021-02-05'
const NEWEST: ApiVersion = apiVersions[apiVersions.length - 1]!
const PARAMETER = '__clerk_api_version'

export type ReadApiVersion = (header: string | null, query: URLSearchParams | undefined) => ApiVersion

/**
 * Makes the function that finds the version a request asks for, in the `Clerk-API-Version` header or the
 * `__clerk_api_version` parameter. Default is the oldest. A newer version than the newest is read as that: so an SDK may
 * be newer than the server. It throws 400 `api_version_invalid` for any other value, and for both at once.
 */
export function createApiVersion(logger: Logger): ReadApiVersion {
  let isLogged = false
  return (header, query) => {
    const parameter = query?.get(PARAMETER) ?? null
    if (header !== null && parameter !== null) throw errors.apiVersionTwice()
    const version = header ?? parameter
    if (version === null) return DEFAULT_VERSION
    if (isApiVersion(version)) return version
    if (!isDate(version) || version < NEWEST) throw errors.apiVersionInvalid(version, apiVersions)
    // No warning: the browser packages that this server hands out do so themselves.
    if (!isLogged)
      logger.info(
        { version, newest: NEWEST },
        'Clients ask for a newer version of the API; they get the newest there is',
      )
    isLogged = true
    return NEWEST
  }
}

function isApiVersion(version: string): version is ApiVersion {
  return (apiVersions as readonly string[]).includes(version)
}

function isDate(version: string): boolean {
  const time = /^\d{4}-\d\d-\d\d$/.test(version) ? Date.parse(version) : NaN
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(version)
}
