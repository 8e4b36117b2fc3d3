import { randomBytes } from 'node:crypto'
import { markup, type Html } from './html.js'

export interface DocumentOptions {
  title: string
  status?: number
  /** @param nonce that each script and style element must have */
  head?: (nonce: string) => Html
  body: (nonce: string) => Html
  /** Added to the policy: origins of scripts, images and calls beside this one, and the like. */
  policy?: Policy
  headers?: Record<string, string>
}

/** Directives of a content security policy. `'nonce'` stands for the nonce of the answer. */
type Policy = Partial<Record<string, readonly string[]>>

/** Nothing else loads, and no other page may frame this one. */
const STRICT = {
  'default-src': ["'none'"],
  'script-src': ["'nonce'"],
  'style-src': ["'nonce'"],
  'img-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
  'form-action': ["'self'"],
  'base-uri': ["'none'"],
  'frame-ancestors': ["'none'"],
} satisfies Policy

/** A page with its content security policy. */
export function htmlDocument({
  title,
  status = 200,
  head,
  body,
  policy = {},
  headers = {},
}: DocumentOptions): Response {
  const nonce = randomBytes(16).toString('base64')
  const { text } = markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        ${head?.(nonce) ?? null}
      </head>
      <body>
        ${body(nonce)}
      </body>
    </html> `
  return new Response(text, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': toHeader({ ...STRICT, ...policy }, nonce),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'strict-origin-when-cross-origin',
      ...headers,
    },
  })
}

function toHeader(policy: Policy, nonce: string): string {
  return Object.entries(policy)
    .map(([directive, sources = []]) => [directive, ...sources].join(' ').replaceAll("'nonce'", `'nonce-${nonce}'`))
    .join('; ')
}

/** A short answer in words. */
export function plainText(status: number, text: string, headers: Record<string, string> = {}): Response {
  return new Response(`${text}\n`, {
    status,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...headers,
    },
  })
}
