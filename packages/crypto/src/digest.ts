import { encodeBase64url } from './base64url.js'
import { node } from './runtime.js'

/** SHA-256 of a string, in base64url. Synchronous where `node:crypto` exists. */
export function digest(text: string): string | Promise<string> {
  if (node)
    return (
      node.crypto.hash?.('sha256', text, 'base64url' as 'base64') ??
      node.crypto.createHash('sha256').update(text).digest('base64url')
    )
  return crypto.subtle
    .digest('SHA-256', new TextEncoder().encode(text))
    .then((bytes) => encodeBase64url(new Uint8Array(bytes)))
}
