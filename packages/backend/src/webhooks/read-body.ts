import { WebhookVerificationError } from './signatures.js'

/** How much of a body is read at most, in bytes: its sender is not verified yet. */
export const MAX_WEBHOOK_BODY = 1024 * 1024

/**
 * Reads the bytes of a body, text as UTF-8.
 *
 * @param announced The header `content-length`.
 * @throws {WebhookVerificationError} `body_unreadable` when the body is longer than a megabyte; the rest is not read.
 */
export async function readBytes(
  chunks: AsyncIterable<Uint8Array | string>,
  announced: string | null | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(announced) > MAX_WEBHOOK_BODY) throw tooLarge()
  const encoder = new TextEncoder()
  const read: Uint8Array[] = []
  let length = 0
  for await (const chunk of chunks) {
    read.push(typeof chunk === 'string' ? encoder.encode(chunk) : chunk)
    length += read.at(-1)!.length
    if (length > MAX_WEBHOOK_BODY) throw tooLarge()
  }
  const body = new Uint8Array(length)
  let at = 0
  for (const chunk of read) {
    body.set(chunk, at)
    at += chunk.length
  }
  return body
}

/** {@link readBytes} for a web `Request` with an unread body. */
export function readRequest({ body, headers }: Request): Promise<Uint8Array<ArrayBuffer>> {
  return readBytes(chunksOf(body), headers.get('content-length'))
}

/** Uses a reader, because streams are not async iterable on every platform. */
async function* chunksOf(stream: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  const reader = stream?.getReader()
  if (!reader) return
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value
  } finally {
    await reader.cancel()
  }
}

function tooLarge(): WebhookVerificationError {
  return new WebhookVerificationError(
    'body_unreadable',
    `The body of the webhook is longer than ${MAX_WEBHOOK_BODY} bytes.`,
  )
}
