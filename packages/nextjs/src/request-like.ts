import type { IncomingMessage } from 'node:http'
import type { NextApiRequest } from 'next'
import type { NextRequest } from 'next/server.js'

/** The request that `getServerSideProps` receives. */
type PageRequest = IncomingMessage & { cookies: Partial<Record<string, string>> }

/** A request of any of Next's routers. */
export type RequestLike = NextRequest | NextApiRequest | PageRequest

/** Reads a header by its lower-case name. */
export type ReadHeader = (name: string) => string | undefined

export function headersOf(request: RequestLike | Request | { headers: Headers }): ReadHeader {
  const { headers } = request
  if (isWebHeaders(headers)) return (name) => headers.get(name) ?? undefined
  return (name) => {
    const value = headers[name]
    return Array.isArray(value) ? value[0] : value
  }
}

function isWebHeaders(headers: Headers | IncomingMessage['headers']): headers is Headers {
  return typeof headers.get === 'function'
}
