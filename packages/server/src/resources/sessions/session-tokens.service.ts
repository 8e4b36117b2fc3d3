import { errors } from '../../http/errors.js'
import type { SessionRecord } from '../../storage/tables.js'
import type { InstanceContext } from '../instances/instance-context.js'
import { issuerOf } from '../instances/instance.js'
import type { JwtTemplateService } from '../jwt-templates/jwt-templates.service.js'
import type { SigningKeys } from '../signing-keys/signing-keys.js'
import { newTokenId, SESSION_TOKEN } from '../signing-keys/tokens.js'
import type { UserChanges } from '../users/user-changes.js'
import { sessionClaimsV1, sessionClaimsV2 } from './session-claims.js'
import { isSignedIn } from './session.js'
import type { SessionService } from './sessions.service.js'

export interface TokenInput {
  /** Seconds. Default is what the kind of token has. */
  lifetime?: number | undefined
  /** Which claims session tokens have. */
  claimsVersion: 1 | 2
}

interface SessionTokenServiceOptions {
  context: InstanceContext
  sessions: SessionService
  users: UserChanges
  jwtTemplates: JwtTemplateService
  signingKeys: SigningKeys
}

/** The tokens with which an application's backend knows who is signed in. */
export class SessionTokenService {
  constructor(private readonly options: SessionTokenServiceOptions) {}

  /** @throws {ApiError} 404 `resource_not_found` when there is no such session or it is over */
  async create(sessionId: string, { lifetime, claimsVersion }: TokenInput): Promise<string> {
    const { context, signingKeys } = this.options
    const session = await this.#signedIn(sessionId, claimsVersion)
    const input = {
      issuer: issuerOf(context.instance),
      now: context.clock.now(),
      lifetime,
      jti: newTokenId(context.random),
    }
    return signingKeys.sign(
      claimsVersion === 2 ? sessionClaimsV2(session, input) : sessionClaimsV1(session, input),
      SESSION_TOKEN,
    )
  }

  /** @throws {ApiError} 404 `resource_not_found` when there is no such session or template, or the session is over */
  async createFromTemplate(
    sessionId: string,
    templateName: string,
    { lifetime, claimsVersion }: TokenInput,
  ): Promise<string> {
    const { jwtTemplates, users } = this.options
    const session = await this.#signedIn(sessionId, claimsVersion)
    return jwtTemplates.createToken(templateName, { user: await users.get(session.userId), session, lifetime })
  }

  /** What is over is not found, nor is a pending session where the token has no claim that says so. */
  async #signedIn(id: string, claimsVersion: 1 | 2): Promise<SessionRecord> {
    const { context, sessions } = this.options
    const session = await sessions.get(id)
    const usable = isSignedIn(session, context.clock.now()) && (claimsVersion === 2 || session.status === 'active')
    if (!usable) throw errors.resourceNotFound('active session', id)
    return session
  }
}
