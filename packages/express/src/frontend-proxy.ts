import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { clerkFrontendApiProxy, type FrontendApiProxyOptions } from '@latchkey/backend/proxy'
import { toWebRequest } from '@latchkey/backend/internal'
import type { Request, Response } from 'express'
import { setHeaders } from './response.js'

/** Sends the Frontend API's answer; 400 for a request that cannot be forwarded. */
export async function passOn(request: Request, response: Response, options: FrontendApiProxyOptions): Promise<void> {
  const webRequest = toWebRequestOrNull(request)
  if (!webRequest) {
    response.status(400).end()
    return
  }
  const answer = await clerkFrontendApiProxy(webRequest, options)
  response.status(answer.status)
  setHeaders(response, answer.headers)
  if (!answer.body) {
    response.end()
    return
  }
  // If the browser or the Frontend API disconnects, the answer has already started, so it can only be cut off.
  await pipeline(Readable.fromWeb(answer.body as ReadableStream), response).catch(() => response.destroy())
}

function toWebRequestOrNull(request: Request): globalThis.Request | null {
  try {
    return toWebRequest(request)
  } catch {
    return null
  }
}
