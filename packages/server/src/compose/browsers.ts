import { cookiesOf, setCookie } from '../http/frontend/cookies.js'
import { placeOf } from '../http/frontend/place.js'
import { originOf } from '../http/frontend/origin.js'
import type { BrowserAnswer, WantedOfBrowser } from '../http/browser-answer.js'
import type { Authenticated, RequestRoute } from '../http/handle.js'
import { queryParam } from '../http/query.js'
import { decided } from '../http/watch.js'
import { cookieSuffixOf } from '../instances/instance.js'
import { hashSecret } from '../instances/secrets.js'
import { CLIENT_TOKEN } from '../instances/tokens.js'
import type { CookieView } from '../kernel/caller.js'
import { frontendErrors } from '../kernel/errors/frontend-errors.js'
import { inVersion } from '../kernel/wire.js'
import { registrableDomain } from '../lib/email-domains/index.js'
import { hasIllegalText } from '../lib/identifiers/index.js'
import { withoutEndSlashes } from '../lib/urls.js'
import { clientTokenClaims, COOKIE_LIFETIME } from '../resources/client-records/client-tokens.rules.js'
import type { HeldClient } from '../flows/client/client.service.js'
import { frontendClient } from '../flows/client/client.wire.js'
import { isShown, showsAll, viewWith } from '../resources/client-records/client-cookies.rules.js'
import type { ClientKey, ClientRecord } from '../resources/client-records/client-records.table.js'
import { isSignedIn } from '../resources/sessions/sessions.rules.js'
import type { ReadSession } from '../resources/sessions/sessions.store.js'
import type { SessionRecord } from '../resources/sessions/sessions.table.js'
import type { Frontend, Frontends } from './frontends.js'
import type { Services } from './services/index.js'

const CLIENT_COOKIE = '__client'
const DEV_BROWSER = '__clerk_db_jwt'
/** In the query of what an end-to-end test sends. */
const TESTING_TOKEN = '__clerk_testing_token'
/** Seconds: ten years. */
const UAT_LIFETIME = 315_360_000

/** In the query: the session that a request acts for. */
const SESSION_ID = '_clerk_session_id'

/** Gives a browser with a token that is worth nothing another one. */
const HANDSHAKE = 'handshakeClient'

/**
 * Opened from a mail, without a page that adds its token to the query. A page on this machine keeps the token in a
 * cookie, which the Frontend API gets too if it is on the same host, whatever the port.
 */
const FROM_MAIL = new Set(['verify', 'spendVerificationLink', 'acceptTicket'])

/** How a request shows which browser it comes from. */
interface Identity {
  client: ClientRecord | undefined
  /** The session that the request names, if it was read with the client. */
  read?: ReadSession | undefined
  /** What its cookie shows of the client. */
  cookie?: CookieView | undefined
  /** Whether a cookie came, which may be none that is good. */
  hasCookie: boolean
  /** Whether a token in the query stands for the cookie, as in development. */
  isDevBrowser: boolean
}

const NOBODY = { client: undefined, read: undefined }

/** Who calls the Frontend API: a browser, known by its cookie or its token, and perhaps the person signed in in it. */
export class Browsers {
  constructor(private readonly frontends: Frontends) {}

  async public(request: Request, route: RequestRoute): Promise<Authenticated<'public'>> {
    const frontend = await this.frontends.find(request, route)
    return { caller: { kind: 'public' }, services: frontend.services, ...originIn(request, frontend) }
  }

  /** A browser of which nothing is stored gets an id, under which it is stored when something is. */
  async client(request: Request, route: RequestRoute): Promise<Authenticated<'client'>> {
    const frontend = await this.frontends.find(request, route)
    const identity = await this.#identify(request, frontend, route)
    const clientId = identity.client?.id ?? frontend.services.context.ids.next('client')
    if (route.isPrimaryOnly) await requirePrimary(request, frontend)
    const caller = { kind: 'client' as const, clientId, ...cookieOf(identity) }
    if (identity.read) frontend.services.browserSessions.readWith(caller, identity.read)
    return {
      caller,
      services: frontend.services,
      ...originIn(request, frontend),
      browser: (wanted) => this.#answer(request, clientId, { wanted, frontend, identity }),
    }
  }

  /** @throws {ApiError} 401 `signed_out` */
  async session(request: Request, route: RequestRoute): Promise<Authenticated<'session'>> {
    const frontend = await this.frontends.find(request, route)
    const identity = await this.#identify(request, frontend, route)
    const session = identity.client && (await this.#sessionOf(request, identity, frontend))
    if (!session) throw frontendErrors.signedOut()
    const { clientId, id: sessionId, userId, actor } = session
    const actorId = typeof actor?.['sub'] === 'string' ? actor['sub'] : null
    return {
      caller: { kind: 'session', clientId, sessionId, userId, actorId, ...cookieOf(identity) },
      services: frontend.services,
      ...originIn(request, frontend),
      browser: (wanted) => this.#answer(request, clientId, { wanted, frontend, identity }),
      authorize: (organizationId, permission) =>
        frontend.services.organizationAccess.require(organizationId, userId, permission),
    }
  }

  async #identify(request: Request, { services, base }: Frontend, route: RequestRoute): Promise<Identity> {
    const { context, clientRecords, signingKeys, sessions } = services
    const { operationId } = route
    const now = context.clock.now()
    const named = namedSession(request, route)
    const find = async (by: ClientKey): Promise<Pick<Identity, 'client' | 'read'>> =>
      named === null
        ? { client: await clientRecords.findBy(by) }
        : ((await sessions.findWithClient(named, by)) ?? NOBODY)
    if (context.instance.environmentType === 'development') {
      const token = queryParam(request, DEV_BROWSER)
      if (token) {
        const { client, read } = await find({ devBrowserHash: hashSecret(token) })
        decided(request, devBrowserRule(client))
        if (!client && operationId !== HANDSHAKE) throw frontendErrors.devBrowserUnauthenticated()
        if (client) return { client, read, hasCookie: false, isDevBrowser: true }
      } else if (FROM_MAIL.has(operationId)) {
        const client = await this.#devBrowserInCookie(request, services)
        if (client) return { client, hasCookie: false, isDevBrowser: true }
      }
    }
    const cookies = cookiesOf(request, CLIENT_COOKIE)
    for (const cookie of cookies.slice(0, 4)) {
      const claims = await signingKeys.unseal(cookie, CLIENT_TOKEN)
      const { client, read } = typeof claims?.sub === 'string' ? await find({ id: claims.sub }) : NOBODY
      const view = client && viewOf(claims!, { client, base, now })
      if (view) {
        decided(request, `The cookie __client is the browser ${client.id}.`)
        return { client, read, cookie: view, hasCookie: true, isDevBrowser: false }
      }
    }
    decided(
      request,
      cookies.length > 0
        ? 'The cookie __client is not, or no longer, valid: the browser counts as a new one.'
        : 'Neither __clerk_db_jwt nor __client came: the browser counts as a new one.',
    )
    return { client: undefined, hasCookie: cookies.length > 0, isDevBrowser: false }
  }

  async #devBrowserInCookie(request: Request, { clientRecords, context }: Services): Promise<ClientRecord | undefined> {
    const names = [`${DEV_BROWSER}_${cookieSuffixOf(context.instance)}`, DEV_BROWSER]
    for (const token of names.flatMap((name) => cookiesOf(request, name)).slice(0, 4)) {
      const client = await clientRecords.findBy({ devBrowserHash: hashSecret(token) })
      if (!client) continue
      decided(request, `The cookie ${DEV_BROWSER} is the browser ${client.id}.`)
      return client
    }
    return undefined
  }

  /** The session that `_clerk_session_id` selects, else the active one of the browser. */
  async #sessionOf(
    request: Request,
    { client, read, cookie }: Identity,
    { services }: Frontend,
  ): Promise<SessionRecord | undefined> {
    const wanted = queryParam(request, SESSION_ID) || client!.lastActiveSessionId
    let session = read?.session.id === wanted ? read.session : undefined
    if (!session && wanted !== null && !hasIllegalText(wanted)) session = await services.sessions.find(wanted)
    const isHeld = session?.clientId === client!.id && isShown(session, cookie)
    const held = isHeld && isSignedIn(session!, services.context.clock.now())
    decided(request, sessionRule(wanted, held))
    return held ? session : undefined
  }

  async #answer(
    request: Request,
    clientId: string,
    { wanted, frontend, identity }: { wanted: WantedOfBrowser; frontend: Frontend; identity: Identity },
  ): Promise<BrowserAnswer> {
    const { services } = frontend
    const hasCookies = !identity.isDevBrowser && (wanted.isChanged || !identity.client)
    if (!wanted.client && !hasCookies) return { client: null, headers: [] }
    const held = await services.clientFlow.held(clientId, identity.cookie)
    const view = wanted.client && held ? await services.clientFlow.viewOf(held, originOf(request)) : null
    const cookies = hasCookies
      ? await this.#cookies(request, held, { frontend, identity, traceId: wanted.traceId })
      : []
    return {
      client: inVersion(frontendClient.toJSON(view, services.context), frontendClient, wanted.version),
      headers: cookies.map((cookie) => ['set-cookie', cookie] as const),
    }
  }

  async #cookies(
    request: Request,
    held: HeldClient | null,
    { frontend, identity, traceId }: { frontend: Frontend; identity: Identity; traceId: string | null },
  ): Promise<string[]> {
    const { signingKeys, context } = frontend.services
    const { base, isBelowPath } = frontend
    const secure = base.protocol === 'https:'
    const path = isBelowPath ? `/i/${context.instanceId}` : '/'
    const options = { path, secure, httpOnly: true, sameSite: sameSiteOf(request, base, secure) }
    if (held === null) {
      return !identity.hasCookie ? [] : [setCookie(CLIENT_COOKIE, '', { ...options, maxAge: 0 })]
    }
    const { client } = held
    const lines: string[] = []
    // What an older cookie shows is not all that the browser has.
    const isNew = !identity.client || (traceId !== null && client.rotatedBy === traceId)
    if (
      context.instance.environmentType === 'production' &&
      request.method !== 'GET' &&
      (isNew || showsAll(identity.cookie))
    ) {
      lines.push(...uatCookies(held, frontend))
    }
    // Last, because the proxy of `@clerk/express` passes on only the last cookie. clerk-js sets the others itself.
    if (isNew) {
      const token = await signingKeys.seal(clientTokenClaims(client, context.clock.now()), CLIENT_TOKEN)
      lines.push(setCookie(CLIENT_COOKIE, token, { ...options, maxAge: COOKIE_LIFETIME / 1000 }))
    }
    return lines
  }
}

/** What the claims of a cookie show of the client; undefined if it is not, or no longer, good, or for another place. */
function viewOf(
  claims: Record<string, unknown>,
  { client, base, now }: { client: ClientRecord; base: URL; now: number },
): CookieView | undefined {
  const { rotating_token: shown, at, opened_until: openedUntil } = claims
  if (typeof shown === 'string') return viewWith(client, shown, now)
  const isHere = typeof openedUntil === 'number' && at === withoutEndSlashes(base.href)
  return isHere ? { rotatingToken: null, openedUntil } : undefined
}

function cookieOf({ cookie }: Identity): { cookie?: CookieView } {
  return cookie ? { cookie } : {}
}

/** @throws {ApiError} 403 `operation_not_allowed_on_satellite_domain` */
async function requirePrimary(request: Request, { services }: Frontend): Promise<void> {
  const { environmentType, frontendHost } = services.context.instance
  const place = placeOf(request)
  const isElsewhere = place.proxyUrl !== null || place.host !== frontendHost
  if (environmentType === 'production' && isElsewhere) await services.satellites.requirePrimary(place)
}

/** The session that the path names, or else the query; null if neither does. */
function namedSession(request: Request, { params }: RequestRoute): string | null {
  const named = params['session_id'] ?? queryParam(request, SESSION_ID)
  return named === null || named === '' || hasIllegalText(named) ? null : named
}

/** Where the browser is, and whose limits count for the request, if any do. */
function originIn(request: Request, { services, ipAddress, url }: Frontend) {
  const token = queryParam(request, TESTING_TOKEN)
  return { ipAddress, frontendUrl: url, isUnlimited: token !== null && services.testingTokens.isValid(token) }
}

function devBrowserRule(client: ClientRecord | undefined): string {
  return client
    ? `__clerk_db_jwt in the query is the browser ${client.id}. In development it stands for a cookie.`
    : 'The query has __clerk_db_jwt, which is no browser of this instance.'
}

function sessionRule(wanted: string | null, held: boolean): string {
  if (wanted === null) return 'Nobody is signed in in this browser.'
  return held ? `It acts for the session ${wanted}.` : `The session ${wanted} is not one of this browser, or has ended.`
}

/** When the client changed last, in seconds, for the application's server; 0 if nobody is signed in. */
function uatCookies({ client, sessions }: HeldClient, { services, base }: Frontend): string[] {
  const uat = sessions.length === 0 ? '0' : String(Math.floor(client.updatedAt / 1000))
  const options = { domain: registrableDomain(base.hostname), maxAge: UAT_LIFETIME, secure: base.protocol === 'https:' }
  const suffix = cookieSuffixOf(services.context.instance)
  return ['__client_uat', `__client_uat_${suffix}`].map((name) => setCookie(name, uat, options))
}

/** Pages of another site send the cookie only if it says so, which browsers take over TLS alone. */
function sameSiteOf(request: Request, base: URL, secure: boolean): 'Lax' | 'None' {
  const origin = originOf(request)
  if (!secure || origin === undefined || !URL.canParse(origin)) return 'Lax'
  const site = (host: string) => registrableDomain(host) ?? host
  return site(new URL(origin).hostname) === site(base.hostname) ? 'Lax' : 'None'
}
