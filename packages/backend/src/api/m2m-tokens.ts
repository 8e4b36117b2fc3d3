import type { DecodedJwt } from '@latchkey/crypto'
import type { M2MTokenJSON } from '@latchkey/types'
import type { Page, PageParams } from '../core/pages.js'
import { path } from '../core/path.js'
import type { ApiClient } from '../core/request.js'
import { decodeJwt } from '../tokens/jwt.js'
import { isM2MJwt, verifyM2MJwt } from '../tokens/m2m-jwt.js'
import type { VerifyTokenOptions } from '../verify-token.js'
import { Api } from './api.js'
import type { Resource } from './resource.js'

export interface M2MTokensOptions extends VerifyTokenOptions {
  /** `ak_…`, the secret key of the calling machine. Default is the instance's secret key. */
  machineSecretKey?: string
}

/**
 * Tokens with which machines call each other. Each method takes the secret key of a machine; the default is the
 * client's machine secret key, or its secret key.
 */
export class M2MTokensApi extends Api {
  private readonly options: M2MTokensOptions

  constructor(client: ApiClient, options: M2MTokensOptions) {
    super(client)
    this.options = options
  }

  /**
   * Lists the tokens of a machine.
   *
   * @throws {ClerkAPIResponseError} With status 400, 403 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/m2m-tokens/GET/m2m_tokens
   */
  async list({ machineSecretKey, ...query }: GetM2MTokenListParams): Promise<Page<M2MToken>> {
    return this.readPage(path`/m2m_tokens`, query, partsFor(this.options, machineSecretKey))
  }

  /**
   * Creates a token for the machine whose secret key is sent.
   *
   * @throws {ClerkAPIResponseError} With status 400 or 409.
   * @see https://clerk.com/docs/reference/backend-api/tag/m2m-tokens/POST/m2m_tokens
   */
  async createToken({ machineSecretKey, ...params }: CreateM2MTokenParams = {}): Promise<M2MToken> {
    const body = { secondsUntilExpiration: null, claims: null, tokenFormat: 'opaque', ...params }
    return this.send('POST', path`/m2m_tokens`, { body, ...partsFor(this.options, machineSecretKey) })
  }

  /**
   * Revokes a token. JWTs cannot be revoked.
   *
   * @throws {ClerkAPIResponseError} With status 400 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/m2m-tokens/POST/m2m_tokens/%7Bm2m_token_id%7D/revoke
   */
  async revokeToken({
    m2mTokenId,
    revocationReason = null,
    machineSecretKey,
  }: RevokeM2MTokenParams): Promise<M2MToken> {
    const parts = { body: { revocationReason }, ...partsFor(this.options, machineSecretKey) }
    return this.send('POST', path`/m2m_tokens/${m2mTokenId}/revoke`, parts)
  }

  /**
   * Verifies a token: a JWT with the instance's key, any other by calling the API.
   *
   * @throws {MachineTokenVerificationError} when a JWT is invalid.
   * @throws {ClerkAPIResponseError} when another token is unknown, revoked or expired.
   * @see https://clerk.com/docs/reference/backend-api/tag/m2m-tokens/POST/m2m_tokens/verify
   */
  async verify({ token, machineSecretKey }: VerifyM2MTokenParams): Promise<M2MToken> {
    const jwt = tryToDecode(token)
    if (jwt && isM2MJwt(jwt))
      return verifyM2MJwt(token, jwt, { ...this.options, audience: undefined }) as Promise<M2MToken>
    return this.send('POST', path`/m2m_tokens/verify`, { body: { token }, ...partsFor(this.options, machineSecretKey) })
  }
}

export type M2MToken = Resource<M2MTokenJSON>

interface MachineParams {
  /** `ak_…`, the secret key of the calling machine. */
  machineSecretKey?: string
}

export interface GetM2MTokenListParams extends PageParams, MachineParams {
  /** Id of the machine. */
  subject: string
  /** Lists revoked tokens too. Default is false. */
  revoked?: boolean
  /** Lists expired tokens too. Default is false. */
  expired?: boolean
  /** 1 to 100. Default 10. */
  limit?: number
}

export interface CreateM2MTokenParams extends MachineParams {
  /** Null or omitted: the machine's default lifetime. */
  secondsUntilExpiration?: number | null
  claims?: Record<string, unknown> | null
  /** Reuses an earlier token that is still valid for at least this long, in seconds. */
  minRemainingTtlSeconds?: number
  /** Default is `opaque`. */
  tokenFormat?: 'opaque' | 'jwt'
}

export interface RevokeM2MTokenParams extends MachineParams {
  m2mTokenId: string
  revocationReason?: string | null
}

export interface VerifyM2MTokenParams extends MachineParams {
  token: string
}

function partsFor(options: M2MTokensOptions, machineSecretKey = options.machineSecretKey) {
  // Without any key, the API says what is missing.
  return { secretKey: machineSecretKey, unversioned: true, keyless: true }
}

function tryToDecode(token: string): DecodedJwt | undefined {
  try {
    return decodeJwt(token)
  } catch {
    // Not a JWT: the API verifies it.
    return undefined
  }
}
