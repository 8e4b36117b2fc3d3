import { isDeepStrictEqual } from 'node:util'
import { boundedCache } from '../../kernel/bounded-cache.js'
import { errors } from '../../kernel/errors/errors.js'
import type { InstanceContext } from '../../instances/instance-context.js'
import { issuerOf } from '../../instances/instance.js'
import type { JwtTemplateService } from '../jwt-templates/jwt-templates.service.js'
import type { SigningKeys } from '../../instances/signing-keys.js'
import { newTokenId, SESSION_TOKEN } from '../../instances/tokens.js'
import type { UserRecords } from '../user-records/user-records.service.js'
import { organizationClaimsV1, organizationClaimsV2, type ActiveOrganization } from './organization-claims.rules.js'
import { OrganizationClaimStore } from './organization-claims.store.js'
import { sessionClaimsV1, sessionClaimsV2 } from './session-claims.rules.js'
import { statusOf } from './session-tasks.rules.js'
import { isSignedIn } from './sessions.rules.js'
import type { SessionService } from './sessions.service.js'
import type { SessionRecord } from './sessions.table.js'

export interface TokenInput {
  /** Seconds. Default is the lifetime for the kind of token. */
  lifetime?: number | undefined
  /** Which claims session tokens have. */
  claimsVersion: 1 | 2
  /** The organization that is active in this token. Default is that of the session. */
  activeOrganizationId?: string | null | undefined
  /** An organization that was read with the session: it need not be read again if it is the one. */
  organization?: ActiveOrganization | undefined
  /** The origin of the page that asks, for the claim `azp`. */
  authorizedParty?: string | undefined
}

/** Tokens that are kept to be given out again, of one instance. */
const KEPT = 10_000
/** Seconds that a token which is given out again is still good for: browsers ask for the next one then. */
const GOOD_FOR = 15

interface KeptToken {
  /** Without its times and its id. */
  claims: object
  issuedAt: number
  expiresAt: number
  jwt: string
}

interface SessionTokenServiceOptions {
  context: InstanceContext
  sessions: SessionService
  userRecords: UserRecords
  jwtTemplates: JwtTemplateService
  signingKeys: SigningKeys
}

/** The tokens with which an application's backend knows who is signed in. */
export class SessionTokenService {
  readonly #organizationClaims: OrganizationClaimStore
  readonly #kept = boundedCache<KeptToken>(KEPT)

  constructor(private readonly options: SessionTokenServiceOptions) {
    this.#organizationClaims = new OrganizationClaimStore(options.context)
  }

  /** @throws {ApiError} 404 `resource_not_found` when there is no such session or it is over */
  async create(sessionId: string, input: TokenInput): Promise<string> {
    // SDKs that ask for version 1 look at no claim that says that it is pending.
    return this.mint(await this.#signedIn(sessionId, input.claimsVersion === 2 ? 'active or pending' : 'active'), input)
  }

  /**
   * A token for a browser that asks: somebody is there.
   *
   * @param session signed in
   */
  async mintForBrowser(session: SessionRecord, input: TokenInput): Promise<string> {
    this.options.sessions.noteActivity(session)
    const settled = await this.#settled(session)
    // What was read with it may have changed where that had to wait.
    return this.mint(settled, settled === session ? input : { ...input, organization: undefined })
  }

  /** @param session signed in */
  async mint(session: SessionRecord, input: TokenInput): Promise<string> {
    return this.options.signingKeys.sign(await this.#claimsOf(session, input), SESSION_TOKEN)
  }

  /**
   * A token that says what `create` would say now: one that was given out before, as long as that is so.
   *
   * @param session signed in
   * @param since Unix milliseconds: the token was issued in this second or later
   */
  async current(session: SessionRecord, input: TokenInput, since: number): Promise<string> {
    const claims = await this.#claimsOf(session, input)
    const { iat, exp, nbf: _, jti: __, ...lasting } = claims
    const key = `${session.id} ${input.authorizedParty ?? ''}`
    const kept = this.#kept.get(key)
    const usable =
      kept !== undefined &&
      kept.issuedAt >= Math.floor(since / 1000) &&
      kept.expiresAt - iat > GOOD_FOR &&
      isDeepStrictEqual(kept.claims, lasting)
    if (usable) return kept.jwt
    const jwt = await this.options.signingKeys.sign(claims, SESSION_TOKEN)
    this.#kept.set(key, { claims: lasting, issuedAt: iat, expiresAt: exp, jwt })
    return jwt
  }

  async #claimsOf(
    session: SessionRecord,
    {
      lifetime,
      claimsVersion,
      authorizedParty,
      activeOrganizationId = session.lastActiveOrganizationId,
      organization: read,
    }: TokenInput,
  ) {
    const { context } = this.options
    const organization = await this.#activeOrganization(activeOrganizationId, session.userId, read)
    const input = {
      issuer: issuerOf(context.instance),
      status: statusOf(session, context.instance.settings),
      now: context.clock.now(),
      lifetime,
      jti: newTokenId(context.random),
      authorizedParty,
    }
    return claimsVersion === 2
      ? { ...sessionClaimsV2(session, input), ...(organization && organizationClaimsV2(organization)) }
      : { jti: undefined, ...sessionClaimsV1(session, input), ...(organization && organizationClaimsV1(organization)) }
  }

  /** @throws {ApiError} 404 `resource_not_found` when there is no such session or template, or the session is over */
  async createFromTemplate(
    sessionId: string,
    templateName: string,
    { lifetime, authorizedParty }: Pick<TokenInput, 'lifetime' | 'authorizedParty'> = {},
  ): Promise<string> {
    const { jwtTemplates, userRecords } = this.options
    // Nothing in it would say that the session is pending.
    const session = await this.#signedIn(sessionId, 'active')
    const user = await userRecords.get(session.userId)
    return jwtTemplates.createToken(templateName, { user, session, lifetime, authorizedParty })
  }

  /** None while organizations are switched off. */
  async #activeOrganization(
    id: string | null,
    userId: string,
    read: ActiveOrganization | undefined,
  ): Promise<ActiveOrganization | undefined> {
    const { enabled, slugDisabled } = this.options.context.instance.settings.organizations
    if (!enabled || id === null) return undefined
    const organization = read?.id === id ? read : await this.#organizationClaims.activeOrganization(id, userId)
    return organization && slugDisabled ? { ...organization, slug: null } : organization
  }

  async #signedIn(id: string, wanted: 'active' | 'active or pending'): Promise<SessionRecord> {
    const { context, sessions } = this.options
    const found = await sessions.get(id)
    if (!isSignedIn(found, context.clock.now())) throw errors.resourceNotFound('active session', id)
    const session = await this.#settled(found)
    if (wanted === 'active' && session.status !== 'active') throw errors.resourceNotFound('active session', id)
    return session
  }

  /** @throws {ApiError} 404 `resource_not_found` when it has ended meanwhile */
  async #settled(session: SessionRecord): Promise<SessionRecord> {
    const { context, sessions } = this.options
    const settled = await sessions.settled(session)
    if (!isSignedIn(settled, context.clock.now())) throw errors.resourceNotFound('active session', session.id)
    return settled
  }
}
