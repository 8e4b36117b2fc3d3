import type { Response } from 'express'

/** Adds cookies to those already set; replaces all other headers. */
export function setHeaders(response: Response, headers: Headers): void {
  for (const [name, value] of headers) {
    if (name === 'set-cookie') response.appendHeader(name, value)
    else response.setHeader(name, value)
  }
}
