import { paramError } from '../../kernel/errors/api-error.js'
import { errors } from '../../kernel/errors/errors.js'
import { readUrl } from '../../lib/urls.js'

/** In characters of ASCII; longer ones do not fit into an index of PostgreSQL. */
const MAX_LENGTH = 2048

/** Schemes that a browser runs or reads itself, instead of handing the address to somebody. */
const UNSAFE = ['javascript:', 'data:', 'vbscript:', 'file:', 'blob:', 'filesystem:', 'about:', 'view-source:']

/**
 * A URL that a browser or a native application may be sent to: `https`, or a scheme of the application's own. `http`
 * only in development. It is kept as it was written, since it is compared character by character.
 *
 * @throws {ApiError} 422 `form_param_format_invalid`, `insecure_url`
 */
export function parseRedirectUrl(url: string, environmentType: 'development' | 'production'): string {
  // The parser of URLs would drop line breaks and white space, so that two different texts were one URL.
  const parsed = /^[\x21-\x7e]+$/.test(url) ? readUrl(url) : undefined
  if (url.length > MAX_LENGTH) throw errors.paramTooLong('url', MAX_LENGTH)
  if (!parsed || UNSAFE.includes(parsed.protocol) || !hasTarget(url, parsed)) {
    throw errors.paramFormatInvalid(
      'url',
      'must be a full URL such as https://my-app.com/oauth-callback or my-app://oauth-callback',
    )
  }
  if (parsed.protocol === 'http:' && environmentType === 'production') {
    throw paramError(
      422,
      'insecure_url',
      'url',
      'is insecure',
      'url must begin with https:// or a scheme of your own: http:// is for development instances',
    )
  }
  return url
}

/** The parser takes `https:example.com` too, which readers would not. */
function hasTarget(url: string, { protocol, hostname }: URL): boolean {
  if (protocol === 'http:' || protocol === 'https:') return /^https?:\/\/[^/\\]/i.test(url) && hostname !== ''
  return url.length > protocol.length
}
