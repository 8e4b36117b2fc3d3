/** Names of cookies, parameters and headers whose values are no secrets, or are told in words. */
const OPEN =
  /^(__client_uat(_\w+)?|clerk_active_context|__clerk_(hs_reason|api_version|synced|satellite_url|status|redirect_count|help)|_clerk_session_id|_clerk_js_version|suffixed_cookies|format|organization_id|_method)$/

/** A value as a developer may see it: the ends of a secret are enough to tell two apart. */
export function shorten(name: string, value: string): string {
  if (OPEN.test(name)) return value.slice(0, 200)
  const token = describeToken(value)
  return token ? `${ends(value)}: ${token}` : ends(value)
}

function ends(value: string): string {
  if (value === '') return '(empty)'
  return value.length < 12 ? `${value.length} characters` : `${value.slice(0, 4)}…${value.slice(-4)}`
}

/** The claims of a session token, not verified. Undefined for any other text. */
export function describeToken(value: string, now: number = Date.now()): string | undefined {
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
  const payload = /^[\w-]+\.([\w-]+)\.[\w-]*$/.exec(value)?.[1]
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
