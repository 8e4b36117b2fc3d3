import { constants, type NodeRequest, type RequestState, type TokenType } from '@latchkey/backend/internal'

const NAMES: string[] = [constants.Cookies.Handshake, constants.Cookies.HandshakeNonce]

/** A request without what a handshake left in its cookies and in its query. */
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

/** Without it, a development instance knows no browser. */
export function isDevelopmentBrowserHandshake({ reason }: RequestState<TokenType>): boolean {
  return reason === 'dev-browser-missing' || reason === 'dev-browser-sync'
}

/** The name before the equals sign, which a query may have encoded. */
function isOfHandshake(pair: string): boolean {
  const name = pair.split('=', 1)[0]!
  return NAMES.includes(name) || NAMES.includes(new URLSearchParams(name).keys().next().value ?? '')
}
