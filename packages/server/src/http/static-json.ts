import type { Context } from 'hono'
import { etagOf, isKnown } from './etag.js'

/** Answers with a document that stays the same. It is made and written once, when it is first asked for. */
export function staticJson(make: () => unknown): (context: Context) => Response {
  let written: { body: Uint8Array; etag: string } | undefined
  return ({ req }) => {
    if (!written) {
      const body = Buffer.from(JSON.stringify(make()))
      written = { body, etag: etagOf(body) }
    }
    const headers = { etag: written.etag, 'cache-control': 'no-cache' }
    if (isKnown(written.etag, req.header('if-none-match'))) return new Response(null, { status: 304, headers })
    return new Response(written.body as BodyInit, { headers: { ...headers, 'content-type': 'application/json' } })
  }
}
