import type { Response } from 'express'

/** Cookies are added to those of others; of anything else there is one. */
export function setHeaders(response: Response, headers: Headers): void {
  for (const [name, value] of headers) {
    if (name === 'set-cookie') response.appendHeader(name, value)
    else response.setHeader(name, value)
  }
}
