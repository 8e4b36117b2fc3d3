import { parsePublishableKey } from '../authenticate/publishable-key.js'

const PRODUCTION = 'https://frontend-api.clerk.dev'
const STAGING = 'https://frontend-api.clerkstage.dev'
const LOCAL = 'https://frontend-api.lclclerk.com'

const LEGACY_DEVELOPMENT = ['.lcl.dev', '.lclstage.dev', '.lclclerk.com']
const LOCAL_SUFFIXES = ['.lcl.dev', 'lclstage.dev', '.lclclerk.com', '.accounts.lclclerk.com']

/** The URL of the Clerk cloud that serves the Frontend API of this key. */
export function fapiUrlFromPublishableKey(publishableKey: string): string {
  const host = parsePublishableKey(publishableKey)?.frontendApi ?? ''
  const endsWith = (suffixes: string[]) => suffixes.some((suffix) => host.endsWith(suffix))
  if (host.startsWith('clerk.') && endsWith(LEGACY_DEVELOPMENT)) return PRODUCTION
  if (endsWith(LOCAL_SUFFIXES)) return LOCAL
  return endsWith(['.accountsstage.dev']) ? STAGING : PRODUCTION
}

/** @throws {TypeError} when it is not a plain http or https URL. */
export function readFapiUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !/^https?:$/.test(url.protocol)) throw new TypeError('"fapiUrl" must start with http:// or https://.')
  if (url.username || url.password || url.search || url.hash)
    throw new TypeError('"fapiUrl" must have no credentials, no query and no fragment.')
  return url
}
