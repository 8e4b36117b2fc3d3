export interface OutgoingOptions {
  /** Milliseconds until the whole answer must have arrived. Default is 5000. */
  timeout?: number
  /** Bytes of the answer. Default is 1 MiB. */
  maxBytes?: number
}

export interface OutgoingAnswer {
  status: number
  ok: boolean
  headers: Headers
  text: string
}

/** Calls another server: within a deadline, without following redirects, and reading its answer only up to a limit. */
export type Outgoing = (url: string, init?: RequestInit, options?: OutgoingOptions) => Promise<OutgoingAnswer>

/** The answer of the other server is larger than the limit. */
export class AnswerTooLarge extends Error {
  override readonly name = 'AnswerTooLarge'
}

/** @param fetch makes the calls */
export function createOutgoing(fetch: typeof globalThis.fetch): Outgoing {
  return async (url, init = {}, { timeout = 5000, maxBytes = 1024 * 1024 } = {}) => {
    const deadline = AbortSignal.timeout(timeout)
    const signal = init.signal ? AbortSignal.any([init.signal, deadline]) : deadline
    const response = await fetch(url, { ...init, signal, redirect: 'error' })
    const { status, ok, headers } = response
    return { status, ok, headers, text: await readText(response, maxBytes) }
  }
}

async function readText({ body }: Response, maxBytes: number): Promise<string> {
  if (!body) return ''
  const decoder = new TextDecoder()
  let text = ''
  let length = 0
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    length += chunk.length
    // Leaving the loop cancels the stream: the rest is not received.
    if (length > maxBytes) throw new AnswerTooLarge(`The answer has more than ${maxBytes} bytes`)
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}
