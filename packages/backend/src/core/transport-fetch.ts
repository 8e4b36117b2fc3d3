import { decode, toResponse, unusualCharset, type Answer } from './answer.js'
import type { Transport } from './transport.js'

/** Sends requests with a `fetch`: the platform's, the caller's, or a test's. */
export function createFetchTransport(fetch: typeof globalThis.fetch): Transport {
  return ({ url, ...init }) => {
    const controller = new AbortController()
    return {
      answer: Promise.resolve(fetch(url, { ...init, signal: controller.signal })).then(toAnswer),
      abort: (reason) => controller.abort(reason),
    }
  }
}

/** Reads the whole body. */
export async function toAnswer(response: Response): Promise<Answer> {
  const { status, statusText, headers } = response
  const charset = unusualCharset(headers.get('content-type'))
  const text = status === 204 ? '' : charset ? decode(await response.arrayBuffer(), charset) : await response.text()
  return { status, statusText, headers, text, toResponse: () => toResponse(text, { status, statusText, headers }) }
}
