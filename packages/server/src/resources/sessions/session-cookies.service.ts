import type { InstanceContext } from '../../instances/instance-context.js'
import { cookieSuffixOf } from '../../instances/instance.js'
import type { SigningKeys } from '../../instances/signing-keys.js'
import { REFRESH_TOKEN } from '../../instances/tokens.js'
import { clearingLine, cookieLine } from './session-cookies.rules.js'
import type { SessionTokenService } from './session-tokens.service.js'
import type { SessionRecord } from './sessions.table.js'

/**
 * The cookies by which an application's server knows a session: `__session`, and `__refresh`, with which that server gets
 * the next session token by itself when this one has expired.
 *
 * A refresh token is bound to its session: it is worth nothing once that is over, or without the session's last token.
 */
export class SessionCookies {
  readonly #session: string[]
  readonly #refresh: string

  constructor(
    private readonly options: {
      context: InstanceContext
      sessionTokens: SessionTokenService
      signingKeys: SigningKeys
    },
  ) {
    const suffix = cookieSuffixOf(options.context.instance)
    this.#session = ['__session', `__session_${suffix}`]
    this.#refresh = `__refresh_${suffix}`
  }

  /**
   * @param session signed in
   * @param target a page of the application
   * @returns `Set-Cookie` lines
   */
  async linesFor(session: SessionRecord, target: URL): Promise<string[]> {
    const { context, signingKeys } = this.options
    const now = Math.floor(context.clock.now() / 1000)
    const exp = Math.floor(session.expireAt / 1000)
    const [token, refreshToken] = await Promise.all([
      this.createToken(session, target.origin),
      signingKeys.seal({ sub: session.id, iat: now, exp }, REFRESH_TOKEN),
    ])
    return [
      ...this.#session.map((name) => cookieLine(name, token, { target })),
      cookieLine(this.#refresh, refreshToken, { target, maxAge: Math.max(exp - now, 0), httpOnly: true }),
    ]
  }

  /** @param session signed in */
  createToken(session: SessionRecord, origin: string): Promise<string> {
    const { context, sessionTokens } = this.options
    const { claimsVersion } = context.instance.settings.session
    return sessionTokens.mintForBrowser(session, { claimsVersion, authorizedParty: origin })
  }

  /** Lines that take the cookies away. */
  cleared(): string[] {
    return [...this.#session, this.#refresh].map((name) => clearingLine(name))
  }

  /** Whether the token came in a cookie of this session. */
  async isRefreshTokenOf(sessionId: string, token: string): Promise<boolean> {
    return (await this.options.signingKeys.unseal(token, REFRESH_TOKEN))?.sub === sessionId
  }
}
