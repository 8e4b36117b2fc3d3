import { errors } from '../../kernel/errors/errors.js'
import type { InstanceContext } from '../../instances/instance-context.js'
import { issuerOf } from '../../instances/instance.js'
import type { JwtTemplateService } from '../jwt-templates/jwt-templates.service.js'
import type { SigningKeys } from '../../instances/signing-keys.js'
import { newTokenId, SESSION_TOKEN } from '../../instances/tokens.js'
import type { UserRecords } from '../user-records/user-records.service.js'
import { sessionClaimsV1, sessionClaimsV2 } from './session-claims.rules.js'
import { isSignedIn } from './sessions.rules.js'
import type { SessionService } from './sessions.service.js'
import type { SessionRecord } from './sessions.table.js'

export interface TokenInput {
  /** Seconds. Default is the lifetime for the kind of token. */
  lifetime?: number | undefined
  /** Which claims session tokens have. */
  claimsVersion: 1 | 2
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
    const { jwtTemplates, userRecords } = this.options
    const session = await this.#signedIn(sessionId, claimsVersion)
    return jwtTemplates.createToken(templateName, { user: await userRecords.get(session.userId), session, lifetime })
  }

  /** An ended session is not found. Neither is a pending one, if the token has no claim that says it is pending. */
  async #signedIn(id: string, claimsVersion: 1 | 2): Promise<SessionRecord> {
    const { context, sessions } = this.options
    const session = await sessions.get(id)
    const usable = isSignedIn(session, context.clock.now()) && (claimsVersion === 2 || session.status === 'active')
    if (!usable) throw errors.resourceNotFound('active session', id)
    return session
  }
}
