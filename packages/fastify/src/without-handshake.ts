import { constants, type NodeRequest, type RequestState, type TokenType } from '@latchkey/backend/internal'

const NAMES: string[] = [constants.Cookies.Handshake, constants.Cookies.HandshakeNonce]

/** A copy of the request, without the handshake's cookies and query parameters. */
export function withoutHandshake({ method, url, originalUrl = url, headers, socket }: NodeRequest): NodeRequest {
  const [path, query] = (originalUrl ?? '/').split(/\?(.*)/s, 2)
  const rest = query
    ?.split('&')
    .filter((pair) => !isOfHandshake(pair))
    .join('&')
  const cookie =
    headers.cookie &&
    [headers.cookie]
      .flat()
      .join('; ')
      .split(';')
      .filter((pair) => !isOfHandshake(pair.trim()))
      .join(';')
  return { method, url: rest ? `${path}?${rest}` : path, headers: { ...headers, cookie }, socket }
}

/** Whether this is the handshake that gives a browser its token for a development instance. It is always needed. */
export function isDevelopmentBrowserHandshake({ reason }: RequestState<TokenType>): boolean {
  return reason === 'dev-browser-missing' || reason === 'dev-browser-sync'
}

/** Compares the name before the equals sign. In a query, the name may be percent-encoded. */
function isOfHandshake(pair: string): boolean {
  const name = pair.split('=', 1)[0]!
  return NAMES.includes(name) || NAMES.includes(new URLSearchParams(name).keys().next().value ?? '')
}
