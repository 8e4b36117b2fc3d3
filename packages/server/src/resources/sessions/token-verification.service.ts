import { apiError } from '../../http/api-error.js'
import type { ClientRecord, SessionRecord } from '../../storage/tables.js'
import type { ClientService } from '../clients/clients.service.js'
import type { InstanceContext } from '../instances/instance-context.js'
import type { SigningKeys } from '../signing-keys/signing-keys.js'
import { CLIENT_TOKEN, SESSION_TOKEN } from '../signing-keys/tokens.js'
import { isSignedIn } from './session.js'
import type { SessionService } from './sessions.service.js'

interface TokenVerificationOptions {
  context: InstanceContext
  sessions: SessionService
  clients: ClientService
  signingKeys: SigningKeys
}

/** Tells an application whose token it was sent: for SDKs that do not verify tokens by themselves. */
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
        'The token is none of this session, or its time is over',
      )
    return this.#requireSignedIn(session)
  }

  /**
   * @param token a client token or a session token
   * @throws {ApiError} 404 `resource_not_found`, 400 `cookie_invalid`, 401 `authentication_invalid` when the session is over
   */
  async verifyClient(token: string): Promise<ClientRecord> {
    const { clients, sessions } = this.options
    const clientId = await this.#clientIdOf(token)
    if (clientId !== undefined) return clients.get(clientId)
    const sessionId = await this.#sessionIdOf(token)
    if (sessionId === undefined) {
      throw apiError(
        400,
        'cookie_invalid',
        'Invalid token',
        'It is neither a client token nor a session token of this instance, or its time is over',
      )
    }
    return clients.get(this.#requireSignedIn(await sessions.get(sessionId)).clientId)
  }

  async #sessionIdOf(token: string): Promise<string | undefined> {
    const claims = await this.options.signingKeys.verify(token, { category: SESSION_TOKEN })
    return typeof claims?.['sid'] === 'string' ? claims['sid'] : undefined
  }

  async #clientIdOf(token: string): Promise<string | undefined> {
    return (await this.options.signingKeys.verify(token, { category: CLIENT_TOKEN }))?.sub
  }

  #requireSignedIn(session: SessionRecord): SessionRecord {
    if (isSignedIn(session, this.options.context.clock.now())) return session
    throw apiError(
      401,
      'authentication_invalid',
      'Invalid authentication',
      'The session is over: the user has to sign in again',
    )
  }
}
