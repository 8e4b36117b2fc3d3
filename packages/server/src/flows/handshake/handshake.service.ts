import type { InstanceContext } from '../../instances/instance-context.js'
import { cookieSuffixOf } from '../../instances/instance.js'
import type { SigningKeys } from '../../instances/signing-keys.js'
import { HANDSHAKE_TOKEN } from '../../instances/tokens.js'
import type { CallerOf } from '../../kernel/caller.js'
import { ApiError } from '../../kernel/errors/api-error.js'
import { registrableDomain } from '../../lib/email-domains/index.js'
import type { ClientRecord } from '../../resources/client-records/client-records.table.js'
import type { ClientRecords } from '../../resources/client-records/client-records.service.js'
import type { DevBrowserService } from '../../resources/dev-browsers/dev-browsers.service.js'
import type { OneTimeTokenService } from '../../resources/one-time-tokens/one-time-tokens.service.js'
import type { OriginService } from '../../resources/origins/origins.service.js'
import type { BrowserSessionService } from '../../resources/sessions/browser-sessions.service.js'
import type { SessionCookies } from '../../resources/sessions/session-cookies.service.js'
import { clearingLine, cookieLine } from '../../resources/sessions/session-cookies.rules.js'
import { isShown } from '../../resources/client-records/client-cookies.rules.js'
import { isSignedIn } from '../../resources/sessions/sessions.rules.js'
import type { SessionService } from '../../resources/sessions/sessions.service.js'
import type { SessionRecord } from '../../resources/sessions/sessions.table.js'
import type { Place, SatelliteService } from '../satellites/satellites.service.js'

/** Seconds in which an application's server reads what a browser brings. */
const HANDSHAKE_LIFETIME = 60

export interface HandshakeInput {
  redirectUrl: string
  format: 'nonce' | 'token'
  /** An id or a slug to activate; empty for none; undefined leaves it. */
  organizationId?: string | undefined
  /** `__clerk_db_jwt` as the request had it. */
  devBrowserToken: string | undefined
}

/** Where a browser goes on, and what it takes along. */
export interface Handshake {
  location: string
  setCookies: string[]
  /** Whose cookies go back; null if nobody is signed in in the browser. */
  sessionId: string | null
}

interface HandshakeOptions {
  context: InstanceContext
  clientRecords: ClientRecords
  sessions: SessionService
  browserSessions: BrowserSessionService
  sessionCookies: SessionCookies
  signingKeys: SigningKeys
  devBrowsers: DevBrowserService
  oneTimeTokens: OneTimeTokenService
  origins: OriginService
  satellites: Pick<SatelliteService, 'toPrimary'>
}

type Browser = CallerOf<'client'>

/**
 * An application's server cannot tell whether its visitor is signed in: the browser comes here with a redirect, and goes
 * back with the cookies that the server sets for it.
 */
export class HandshakeService {
  constructor(private readonly options: HandshakeOptions) {}

  /** @returns where the browser goes on if the primary domain has to be asked first; as `SatelliteService.toPrimary` */
  atSatellite(redirectUrl: string, place: Place, caller: Browser): Promise<string | undefined> {
    return this.options.satellites.toPrimary(redirectUrl, place, caller)
  }

  /**
   * @returns the page to go back to, with a nonce or a token that brings the cookies; in production it is a cookie itself
   * @throws {ApiError} 422 `invalid_redirect_url`, `redirect_url_not_associated_with_instance`
   */
  async begin(input: HandshakeInput, caller: Browser): Promise<Handshake> {
    const { context, origins, oneTimeTokens, signingKeys } = this.options
    const target = await origins.requireTarget(input.redirectUrl)
    const isDevelopment = context.instance.environmentType === 'development'
    const { lines: directives, sessionId } = await this.#directives(input, target, caller)
    const name = input.format === 'nonce' ? '__clerk_handshake_nonce' : '__clerk_handshake'
    if (!isDevelopment) directives.unshift(clearingLine(name, domainOf(target)))
    const now = Math.floor(context.clock.now() / 1000)
    const value =
      input.format === 'nonce'
        ? await oneTimeTokens.create('handshake', { directives }, caller)
        : await signingKeys.sign({ handshake: directives, iat: now, exp: now + HANDSHAKE_LIFETIME }, HANDSHAKE_TOKEN)
    if (isDevelopment) {
      target.searchParams.set(name, value)
      return { location: target.href, setCookies: [], sessionId }
    }
    const line = cookieLine(name, value, { target, maxAge: HANDSHAKE_LIFETIME, domain: domainOf(target) })
    return { location: target.href, setCookies: [line], sessionId }
  }

  /** The cookies of a handshake with a nonce, once. @returns undefined for a nonce that is none, or was used before */
  async take(nonce: string, caller: Parameters<OneTimeTokenService['take']>[2]): Promise<string[] | undefined> {
    const payload = (await this.options.oneTimeTokens.take('handshake', nonce, caller)) as
      | { directives: string[] }
      | undefined
    return payload?.directives
  }

  /** Lines that clear come first: of two, the last one counts. */
  async #directives(
    input: HandshakeInput,
    target: URL,
    caller: Browser,
  ): Promise<{ lines: string[]; sessionId: string | null }> {
    const { context, clientRecords, devBrowsers, sessionCookies } = this.options
    const { instance } = context
    const isDevelopment = instance.environmentType === 'development'
    const names = (name: string) => [name, `${name}_${cookieSuffixOf(instance)}`]
    const lines: string[] = []
    if (isDevelopment) {
      const token = await devBrowsers.issue(input.devBrowserToken, caller)
      lines.push(...names('__clerk_db_jwt').map((name) => cookieLine(name, token, { target })))
    }
    const client = await clientRecords.find(caller.clientId)
    const session = client && (await this.#activeSession(client, input.organizationId, caller))
    const uat = client && session ? String(Math.floor((await clientRecords.get(client.id)).updatedAt / 1000)) : '0'
    const domain = isDevelopment ? undefined : domainOf(target)
    lines.push(...names('__client_uat').map((name) => cookieLine(name, uat, { target, domain })))
    if (!session) return { lines: [...lines, ...sessionCookies.cleared()], sessionId: null }
    return { lines: [...lines, ...(await sessionCookies.linesFor(session, target))], sessionId: session.id }
  }

  async #activeSession(
    { lastActiveSessionId: id }: ClientRecord,
    organizationId: string | undefined,
    caller: Browser,
  ): Promise<SessionRecord | undefined> {
    const { context, sessions, browserSessions } = this.options
    const now = context.clock.now()
    const found = id === null ? undefined : await sessions.find(id)
    if (!found || !isSignedIn(found, now) || !isShown(found, caller.cookie)) return undefined
    const session = await sessions.settled(found)
    // It may have ended meanwhile.
    if (!isSignedIn(session, now)) return undefined
    if (organizationId === undefined || organizationId === session.lastActiveOrganizationId) return session
    try {
      return await browserSessions.touch(session.id, { activeOrganizationId: organizationId }, caller)
    } catch (error) {
      // The page of an organization that the person is not in: the application decides what to show.
      if (error instanceof ApiError && error.status === 404) return session
      throw error
    }
  }
}

function domainOf({ hostname }: URL): string | undefined {
  return registrableDomain(hostname)
}
