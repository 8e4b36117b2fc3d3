import { createHash, timingSafeEqual } from 'node:crypto'
import type { PageVisit } from '@latchkey/types'
import { plainText } from '../document.js'

export interface DevelopmentOptions {
  /** Whether somebody on another machine could reach the port. Then a visitor needs the token. */
  isExposed: boolean
  /** Anything unguessable; the terminal shows it. */
  token: string
}

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/
const LOOPBACK_NAME = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|([\w-]+\.)+localhost)$/
const COOKIE = 'latchkey_development'

/**
 * Keeps everybody but the developer from pages that show codes: other machines, pages of other sites, a name that
 * resolves to this machine only now (DNS rebinding), and whoever comes through a proxy or tunnel.
 *
 * @returns the answer to somebody else; null for the developer
 */
export function refuseOthers(
  request: Request,
  visit: PageVisit,
  { isExposed, token }: DevelopmentOptions,
): Response | null {
  const url = new URL(request.url)
  const site = request.headers.get('sec-fetch-site')
  const isNavigation = request.headers.get('sec-fetch-mode') === 'navigate'
  if (site === 'cross-site' && !isNavigation) return refuse('Other sites cannot read this page.')
  if (!isExposed) {
    if (!LOOPBACK.test(visit.remoteAddress ?? ''))
      return refuse('This page is only for the machine the server runs on.')
    if (isForwarded(request)) return refuse('This page is not for visitors who come through a proxy or a tunnel.')
    if (!LOOPBACK_NAME.test(url.hostname))
      return refuse(`This page is at http://localhost:${url.port || 80}, not at ${url.hostname}.`)
    return null
  }
  const given = url.searchParams.get('token')
  if (given !== null && isSame(given, token)) {
    url.searchParams.delete('token')
    return new Response(null, {
      status: 303,
      headers: {
        location: url.pathname + url.search,
        'set-cookie': `${COOKIE}=${token}; Path=/; HttpOnly; SameSite=Strict`,
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
      },
    })
  }
  if (isSame(cookieOf(request) ?? '', token)) return null
  return refuse('This page needs the token: open the address that the terminal shows.')
}

function isForwarded({ headers }: Request): boolean {
  return ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'via'].some((name) => headers.has(name))
}

function cookieOf({ headers }: Request): string | undefined {
  const cookies = (headers.get('cookie') ?? '').split(';').map((cookie) => cookie.trim())
  return cookies.find((cookie) => cookie.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1)
}

/** In a time that does not depend on where they differ. */
function isSame(a: string, b: string): boolean {
  const [first, second] = [a, b].map((text) => createHash('sha256').update(text).digest()) as [Buffer, Buffer]
  return timingSafeEqual(first, second)
}

function refuse(text: string): Response {
  return plainText(403, text, { 'cross-origin-resource-policy': 'same-origin' })
}
