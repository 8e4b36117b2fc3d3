import { encodeBase64url } from '@latchkey/crypto'

/** What is wrong with a delivery. */
export type WebhookErrorCode =
  | 'secret_missing'
  | 'secret_invalid'
  | 'headers_missing'
  | 'headers_conflicting'
  | 'timestamp_invalid'
  | 'timestamp_too_old'
  | 'timestamp_in_future'
  | 'signature_invalid'
  | 'body_unreadable'

/** A webhook that must be refused. The message says what is wrong, and never contains the secret or a signature. */
export class WebhookVerificationError extends Error {
  override readonly name = 'WebhookVerificationError'
  readonly code: WebhookErrorCode

  constructor(code: WebhookErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** The key of the platform. Not by its name, which only the DOM library declares. */
type SigningKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>

/** Reads `whsec_` and base64 of the secret. */
export function importSecret(secret: string): Promise<SigningKey> {
  const bytes = fromBase64(secret.trim().replace(/^whsec_/, ''))
  if (!bytes?.length)
    throw new WebhookVerificationError(
      'secret_invalid',
      'The signing secret must be whsec_ and base64, as the dashboard shows it.',
    )
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
}

/** The signed content: id, timestamp and body, byte for byte as sent. */
export function signedContent(id: string, timestamp: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const start = new TextEncoder().encode(`${id}.${timestamp}.`)
  const content = new Uint8Array(start.length + body.length)
  content.set(start)
  content.set(body, start.length)
  return content
}

export async function sign(key: SigningKey, content: Uint8Array<ArrayBuffer>): Promise<string> {
  const text = encodeBase64url(await hmacOf(key, content))
  return `v1,${text.replaceAll('-', '+').replaceAll('_', '/')}${'='.repeat((4 - (text.length % 4)) % 4)}`
}

/**
 * Whether one of the signatures is valid; compared in constant time. There are several while secrets are rotated. The
 * body is hashed only once, because an attacker could send thousands of signatures.
 */
export async function isSignedBy(
  key: SigningKey,
  content: Uint8Array<ArrayBuffer>,
  signatures: string,
): Promise<boolean> {
  const expected = await hmacOf(key, content)
  let found = false
  for (const signature of signatures.split(' ')) {
    const [version, text = ''] = signature.split(',', 2)
    const bytes = version === 'v1' ? fromBase64(text) : null
    if (bytes && isSame(bytes, expected)) found = true
  }
  return found
}

async function hmacOf(key: SigningKey, content: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, content))
}

function isSame(bytes: Uint8Array, expected: Uint8Array): boolean {
  if (bytes.length !== expected.length) return false
  let difference = 0
  for (const [index, byte] of expected.entries()) difference |= byte ^ bytes[index]!
  return difference === 0
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch {
    return null
  }
}
