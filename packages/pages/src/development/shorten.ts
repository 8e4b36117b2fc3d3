/** Names of cookies and parameters whose values are no secrets. Any other value may be one. */
const OPEN =
  /^(__client_uat(_\w+)?|clerk_active_context|__clerk_(hs_reason|api_version|synced|status|redirect_count|help)|_clerk_session_id|_clerk_js_version|_is_native|suffixed_cookies|format|organization_id|_method)$/
/** Names of parameters whose values are URLs: of these host and path are shown. */
const URLS = /(^|_)(redirect|return|satellite|sign_in|sign_up)_url$/
/** What this server's own secrets begin with. */
const PREFIX = /^(sk_test|sk_live|ak|mt|oat|dvb|whsec|operator)_/
/** From so many characters on, the first ones of a secret give nothing away, and tell two apart. */
const LONG = 32

/** A value as a developer may see it: a secret's length, or the beginning of a long one. */
export function shorten(name: string, value: string): string {
  if (OPEN.test(name)) return value.slice(0, 200)
  if (URLS.test(name) && URL.canParse(value)) return shortenUrl(value)
  const token = describeToken(value)
  if (token === undefined) return beginning(value)
  // All tokens begin alike. What they end with is of the signature.
  return [`${value.slice(0, 4)}…${value.slice(-4)}`, token].filter(Boolean).join(': ')
}

function beginning(value: string): string {
  if (value === '') return '(empty)'
  const prefix = PREFIX.exec(value)?.[0] ?? ''
  const length = value.length - prefix.length
  if (length >= LONG) return `${value.slice(0, prefix.length + 4)}…`
  return `${prefix === '' ? '' : `${prefix}… and `}${length} character${length === 1 ? '' : 's'}`
}

/**
 * A URL as a developer may see it: host and path whole, each parameter as `shorten` shows it, without a user name or what
 * follows `#`.
 *
 * @param base what it is relative to
 */
export function shortenUrl(text: string, base?: URL): string {
  const url = URL.canParse(text, base?.href) ? new URL(text, base) : null
  if (!url) return '(not a URL)'
  const parameters = [...url.searchParams].map(([name, value]) => {
    // What has no value may be a value without a name.
    return value === '' && !name.startsWith('_') ? beginning(name) : `${name}=${shorten(name, value)}`
  })
  const query = parameters.length > 0 ? `?${parameters.join('&')}` : ''
  // Of other schemes than the web's it may be something else than a path that stands there.
  return url.host === '' ? `${url.protocol}…` : `${url.protocol}//${url.host}${url.pathname}${query}`
}

/** The claims of a signed token, not verified. Undefined for any other text. */
function describeToken(value: string, now: number = Date.now()): string | undefined {
  const claims = decodeClaims(value)
  if (!claims) return undefined
  const { sid, sub, iat, exp, sts } = claims
  return [
    typeof sid === 'string' ? `session ${sid}` : '',
    typeof sub === 'string' ? `of ${sub}` : '',
    sts === 'pending' ? 'pending' : '',
    typeof iat === 'number' ? `made ${age(now - iat * 1000)} ago` : '',
    typeof exp === 'number'
      ? exp * 1000 > now
        ? `valid for ${age(exp * 1000 - now)}`
        : `expired ${age(now - exp * 1000)} ago`
      : '',
  ]
    .filter(Boolean)
    .join(', ')
}

function decodeClaims(value: string): Record<string, unknown> | undefined {
  const payload = /^eyJ[\w-]+\.([\w-]+)\.[\w-]{32,}$/.exec(value)?.[1]
  if (payload === undefined) return undefined
  try {
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as unknown
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

function age(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000)
  if (seconds < 120) return `${seconds} s`
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`
}
