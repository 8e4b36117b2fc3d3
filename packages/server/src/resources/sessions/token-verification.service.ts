import { apiError } from '../../kernel/errors/api-error.js'
import type { ClientRecords } from '../client-records/client-records.service.js'
import type { ClientRecord } from '../client-records/client-records.table.js'
import type { InstanceContext } from '../../instances/instance-context.js'
import type { SigningKeys } from '../../instances/signing-keys.js'
import { CLIENT_TOKEN, SESSION_TOKEN } from '../../instances/tokens.js'
import { isSignedIn } from './sessions.rules.js'
import type { SessionService } from './sessions.service.js'
import type { SessionRecord } from './sessions.table.js'

interface TokenVerificationOptions {
  context: InstanceContext
  sessions: SessionService
  clientRecords: ClientRecords
  signingKeys: SigningKeys
}

/** Tells an application which session or client a token belongs to, for SDKs that do not verify tokens themselves. */
export class TokenVerificationService {
  constructor(private readonly options: TokenVerificationOptions) {}

  /**
   * @param token a token of this session, or of the client that holds it
   * @throws {ApiError} 404 `resource_not_found`, 400 `invalid_session_token`, 401 `authentication_invalid` when the session is over
   */
  async verifySession(sessionId: string, token: string): Promise<SessionRecord> {
    const session = await this.options.sessions.get(sessionId)
    const isOfSession =
      (await this.#sessionIdOf(token)) === session.id || (await this.#clientIdOf(token)) === session.clientId
    if (!isOfSession)
      throw apiError(
        400,
        'invalid_session_token',
        'Invalid session token',
        'The token does not belong to this session, or has expired',
      )
    return this.#requireSignedIn(session)
  }

  /**
   * @param token a client token or a session token
   * @throws {ApiError} 404 `resource_not_found`, 400 `cookie_invalid`, 401 `authentication_invalid` when the session is over
   */
  async verifyClient(token: string): Promise<ClientRecord> {
    const { clientRecords, sessions } = this.options
    const clientId = await this.#clientIdOf(token)
    if (clientId !== undefined) return clientRecords.get(clientId)
    const sessionId = await this.#sessionIdOf(token)
    if (sessionId === undefined) {
      throw apiError(
        400,
        'cookie_invalid',
        'Invalid token',
        'It is neither a client token nor a session token of this instance, or has expired',
      )
    }
    return clientRecords.get(this.#requireSignedIn(await sessions.get(sessionId)).clientId)
  }

  async #sessionIdOf(token: string): Promise<string | undefined> {
    const claims = await this.options.signingKeys.verify(token, { category: SESSION_TOKEN })
    return typeof claims?.['sid'] === 'string' ? claims['sid'] : undefined
  }

  async #clientIdOf(token: string): Promise<string | undefined> {
    return (await this.options.signingKeys.unseal(token, CLIENT_TOKEN))?.sub
  }

  #requireSignedIn(session: SessionRecord): SessionRecord {
    if (isSignedIn(session, this.options.context.clock.now())) return session
    throw apiError(
      401,
      'authentication_invalid',
      'Invalid authentication',
      'The session has ended: the user has to sign in again',
    )
  }
}
