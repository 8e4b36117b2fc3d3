import type { InstanceContext } from '../../instances/instance-context.js'
import { cookieSuffixOf } from '../../instances/instance.js'
import type { SigningKeys } from '../../instances/signing-keys.js'
import { CLIENT_TOKEN } from '../../instances/tokens.js'
import type { CallerOf } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import { registrableDomain } from '../../lib/email-domains/index.js'
import { withoutEndSlashes } from '../../lib/urls.js'
import { COOKIE_LIFETIME, satelliteTokenClaims } from '../../resources/client-records/client-tokens.rules.js'
import type { ClientRecords } from '../../resources/client-records/client-records.service.js'
import { isAt } from '../../resources/domains/domains.rules.js'
import type { DomainService } from '../../resources/domains/domains.service.js'
import type { DomainRecord } from '../../resources/domains/domains.table.js'
import type { OneTimeTokenService } from '../../resources/one-time-tokens/one-time-tokens.service.js'
import type { OriginService } from '../../resources/origins/origins.service.js'
import { isSignedIn } from '../../resources/sessions/sessions.rules.js'
import type { SessionService } from '../../resources/sessions/sessions.service.js'
import { satelliteErrors } from './satellites.errors.js'

interface SatelliteOptions {
  context: InstanceContext
  clientRecords: ClientRecords
  sessions: SessionService
  signingKeys: SigningKeys
  domains: DomainService
  oneTimeTokens: OneTimeTokenService
  origins: OriginService
}

/** Where a browser asks. */
export interface Place {
  host: string
  /** Of the application's proxy; null without one. */
  proxyUrl: string | null
}

/** What a browser brings from the primary domain to a satellite. */
interface Synced {
  clientId: string
  domainId: string
  redirectUrl: string
}

/** A browser that has come to a satellite. */
export interface LinkedBrowser {
  location: string
  /** The value of its cookie; undefined if it has nothing at the primary domain. */
  clientToken: string | undefined
  /** Of the cookie, in seconds. */
  maxAge: number
  /** When it changed last, in seconds; 0 if nobody is signed in in it. */
  uat: number
  suffix: string
  /** Where the application of the satellite reads `uat`. */
  domain: string | undefined
}

/**
 * Domains whose people sign in at another one: they cannot read its cookies. So the browser goes to the primary domain,
 * and comes back with a token that is worth a cookie, once.
 */
export class SatelliteService {
  constructor(private readonly options: SatelliteOptions) {}

  /**
   * For a handshake at a satellite that does not know the browser: the primary domain may. The page comes back with
   * `__clerk_synced=true`, so that it asks once, whatever the answer is. With `false` it asks again: somebody has signed in.
   *
   * @returns where the browser goes on; undefined if there is nothing to ask the primary domain
   * @throws {ApiError} as `OriginService.requireTarget`
   */
  async toPrimary(redirectUrl: string, place: Place, caller: CallerOf<'client'>): Promise<string | undefined> {
    const { context, domains, origins } = this.options
    if (context.instance.environmentType === 'development') return undefined
    const { hostname, searchParams } = await origins.requireTarget(redirectUrl)
    const satellite = (await this.#satellites()).find((domain) => isIn(place, domain) && isAt(hostname, domain.name))
    const synced = searchParams.get('__clerk_synced')
    if (!satellite || synced === 'true') return undefined
    if (synced !== 'false' && (await this.#isInStep(caller))) return undefined
    const url = new URL(`${baseOf(await domains.primary())}/v1/client/sync`)
    url.searchParams.set('link_domain', satellite.name)
    url.searchParams.set('redirect_url', redirectUrl)
    return url.href
  }

  /**
   * People sign in at the primary domain: a satellite has the browser of that one.
   *
   * @throws {ApiError} 403 `operation_not_allowed_on_satellite_domain`
   */
  async requirePrimary(place: Place): Promise<void> {
    if ((await this.#satellites()).some((domain) => isIn(place, domain))) throw satelliteErrors.atSatellite()
  }

  /**
   * At the primary domain.
   *
   * @returns where the browser goes on: the Frontend API of the satellite
   * @throws {ApiError} 400 `request_invalid_for_environment`, 403 `operation_not_allowed_on_primary_domain` for a domain
   *   that is no satellite, 422 `form_param_missing`, `invalid_redirect_url`, `redirect_url_not_associated_with_instance`
   */
  async sync(
    { redirectUrl, linkDomain }: { redirectUrl: string | undefined; linkDomain: string | undefined },
    host: string,
    caller: CallerOf<'client'>,
  ): Promise<string> {
    const { context, origins, oneTimeTokens } = this.options
    if (context.instance.environmentType === 'development') throw satelliteErrors.developmentOnlyOne()
    if (!redirectUrl) throw errors.paramMissing('redirect_url')
    const { hostname, href } = await origins.requireTarget(redirectUrl)
    const satellites = await this.#satellites()
    if (satellites.some(({ frontendHost }) => frontendHost === host)) throw satelliteErrors.atSatellite()
    const satellite = satellites.find(({ name }) => (linkDomain ? name === linkDomain : isAt(hostname, name)))
    // The page must be at the domain whose cookies are set.
    if (!satellite || !isAt(hostname, satellite.name)) throw satelliteErrors.notSatellite(linkDomain || hostname)
    const payload: Synced = { clientId: caller.clientId, domainId: satellite.id, redirectUrl: href }
    const url = new URL(`${baseOf(satellite)}/v1/client/link`)
    url.searchParams.set('__clerk_token', await oneTimeTokens.create('link', payload, caller))
    return url.href
  }

  /**
   * At the satellite.
   *
   * @param place where it was asked
   * @throws {ApiError} 403 `sync_nonce_already_consumed`, 422 `form_param_missing`
   */
  async link(token: string | undefined, place: Place, caller: CallerOf<'public'>): Promise<LinkedBrowser> {
    const { context, domains, oneTimeTokens } = this.options
    if (!token) throw errors.paramMissing('__clerk_token')
    const synced = (await oneTimeTokens.take('link', token, caller)) as Synced | undefined
    const domain = synced && (await domains.find(synced.domainId))
    // Elsewhere it would make the browser of somebody else that of whoever asked for it.
    if (!synced || !domain?.isSatellite || !isIn(place, domain)) throw satelliteErrors.consumed()
    const location = new URL(synced.redirectUrl)
    location.searchParams.set('__clerk_synced', 'true')
    return {
      location: location.href,
      ...(await this.#clientOf(synced.clientId, baseOf(domain))),
      suffix: cookieSuffixOf(context.instance),
      domain: registrableDomain(domain.name),
    }
  }

  /** Whether its cookie is one of the satellite, since which nothing has changed at the primary domain. */
  async #isInStep({ clientId, cookie }: CallerOf<'client'>): Promise<boolean> {
    if (cookie?.rotatingToken !== null) return false
    const { rotatedAt } = await this.options.clientRecords.get(clientId)
    return rotatedAt === null || rotatedAt <= cookie.openedUntil
  }

  async #clientOf(clientId: string, at: string): Promise<Pick<LinkedBrowser, 'clientToken' | 'maxAge' | 'uat'>> {
    const { context, clientRecords, sessions, signingKeys } = this.options
    const now = context.clock.now()
    const client = await clientRecords.find(clientId)
    if (!client) return { clientToken: undefined, maxAge: 0, uat: 0 }
    const held = await sessions.listOfClients([clientId])
    const isAnybodyIn = held.some((session) => isSignedIn(session, now))
    return {
      clientToken: await signingKeys.seal(satelliteTokenClaims(client, at, now), CLIENT_TOKEN),
      maxAge: COOKIE_LIFETIME / 1000,
      uat: isAnybodyIn ? Math.floor(client.updatedAt / 1000) : 0,
    }
  }

  async #satellites(): Promise<DomainRecord[]> {
    const { data } = await this.options.domains.list()
    return data.filter(({ isSatellite }) => isSatellite)
  }
}

/** The Frontend API of a domain, for browsers. */
function baseOf({ proxyUrl, frontendHost }: DomainRecord): string {
  return proxyUrl ?? `https://${frontendHost}`
}

function isIn(place: Place, { proxyUrl, frontendHost }: DomainRecord): boolean {
  return proxyUrl === null ? frontendHost === place.host : proxyUrl === plain(place.proxyUrl)
}

/** As it is stored: without slashes at the end. */
function plain(proxyUrl: string | null): string | undefined {
  return proxyUrl === null ? undefined : withoutEndSlashes(proxyUrl)
}
