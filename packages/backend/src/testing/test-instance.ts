import { signJwt, type Jwk } from '@latchkey/crypto'
import type { M2MTokenCategory, SessionClaims, SessionTokenCategory, TemplateTokenCategory } from '@latchkey/types'
import { instanceOf } from '../authenticate/publishable-key.js'

export interface TestInstanceOptions {
  /** Default `development`. */
  type?: 'development' | 'production'
  /** Host of the Frontend API. Default `test-instance-1.clerk.accounts.dev`, or `clerk.example.com` in production. */
  frontendApi?: string
  /** Unix milliseconds. Default is the current time. */
  now?: () => number
}

export interface SignOptions {
  /** Lifetime, in seconds; negative for an expired token. Default 60. */
  lifetime?: number
}

export interface MachineTokenClaims {
  /** Id of the machine. Default `mch_test`. */
  sub?: string
  /** The machines it may call, separated by spaces. */
  scopes?: string
  [claim: string]: unknown
}

export interface OAuthTokenClaims {
  /** Id of the user. Default `user_test`. */
  sub?: string
  /** Id of the OAuth application. Default `app_test`. */
  client_id?: string
  /** Separated by spaces. */
  scope?: string
  aud?: string | string[]
  [claim: string]: unknown
}

export interface TestRequestOptions {
  /** Default `http://localhost/`. */
  url?: string
  /** Default `GET`. */
  method?: string
  headers?: Record<string, string>
  body?: RequestInit['body']
  /** The token to send. Default: a session token of `user_test`; null sends no token. */
  token?: string | null
  /** Where the token is sent: in `Authorization`, or in the cookies of a browser. Default `header`. */
  carrier?: 'header' | 'cookie'
}

/** An instance that exists only in a test, with its own generated keys. */
export interface TestInstance {
  readonly publishableKey: string
  readonly secretKey: string
  /** Pass it to the SDK, so that it verifies tokens without a request. */
  readonly jwtKey: string
  /** The API's answer to `GET /jwks`. */
  readonly keySet: { keys: Jwk[] }
  /** Signs a session token (version 2). The claims are added to those of a session of `user_test`. */
  signSessionToken(claims?: Partial<SessionClaims> & Record<string, unknown>, options?: SignOptions): Promise<string>
  /** Signs a token like that of a JWT template. */
  signTemplateToken(claims?: Record<string, unknown>, options?: SignOptions): Promise<string>
  /** Signs a token that one machine sends to another. */
  signMachineToken(claims?: MachineTokenClaims, options?: SignOptions): Promise<string>
  /** Signs an access token of an OAuth application. */
  signOAuthToken(claims?: OAuthTokenClaims, options?: SignOptions): Promise<string>
  /** Builds a request like that of a signed-in user. */
  createRequest(options?: TestRequestOptions): Promise<Request>
}

const SESSION: SessionTokenCategory = 'cl_B7d4PD111AAA'
const TEMPLATE: TemplateTokenCategory = 'cl_B7d4PD222AAA'
const MACHINE: M2MTokenCategory = 'cl_B7d4PD333AAA'

const KEY_ID = 'ins_test'

export async function createTestInstance(options: TestInstanceOptions = {}): Promise<TestInstance> {
  const { type = 'development', now = Date.now } = options
  const { frontendApi = type === 'production' ? 'clerk.example.com' : 'test-instance-1.clerk.accounts.dev' } = options
  const mode = type === 'production' ? 'live' : 'test'
  const publishableKey = `pk_${mode}_${btoa(`${frontendApi}$`)}`
  const { privateKey, jwtKey, keySet } = await makeKeys()
  const issuer = `https://${frontendApi}`

  function sign(
    claims: object,
    { lifetime = 60 }: SignOptions = {},
    kind: { category?: string; type?: string },
  ): Promise<string> {
    const iat = Math.floor(now() / 1000) + Math.min(0, lifetime)
    const times = { iat, nbf: iat - 10, exp: lifetime > 0 ? iat + lifetime : iat }
    return signJwt({ iss: issuer, jti: crypto.randomUUID(), ...times, ...claims }, privateKey, {
      algorithm: 'RS256',
      keyId: KEY_ID,
      ...kind,
    })
  }

  const instance: TestInstance = {
    publishableKey,
    secretKey: `sk_${mode}_only_for_tests`,
    jwtKey,
    keySet,
    signSessionToken: (claims, signOptions) =>
      sign({ v: 2, sub: 'user_test', sid: 'sess_test', sts: 'active', fva: [0, -1], ...claims }, signOptions, {
        category: SESSION,
      }),
    signTemplateToken: (claims, signOptions) =>
      sign({ sub: 'user_test', ...claims }, signOptions, { category: TEMPLATE }),
    signMachineToken: (claims, signOptions) => sign({ sub: 'mch_test', ...claims }, signOptions, { category: MACHINE }),
    signOAuthToken: (claims, signOptions) =>
      sign({ sub: 'user_test', client_id: 'app_test', ...claims }, signOptions, { type: 'at+jwt' }),

    async createRequest({
      url = 'http://localhost/',
      method,
      body,
      headers,
      token,
      carrier = 'header',
    }: TestRequestOptions = {}) {
      const sent = token === undefined ? await instance.signSessionToken() : token
      const carried: Record<string, string> =
        sent === null
          ? {}
          : carrier === 'header'
            ? { authorization: `Bearer ${sent}` }
            : { cookie: await cookiesFor(publishableKey, sent) }
      return new Request(url, { method, body, headers: { ...carried, ...headers } })
    },
  }
  return instance
}

/** In a development instance the browser also has its own token. */
async function cookiesFor(publishableKey: string, token: string): Promise<string> {
  const { cookieSuffix } = await instanceOf(publishableKey)
  const cookies = { __session: token, __client_uat: '1', __clerk_db_jwt: 'dvb_test' }
  return Object.entries(cookies)
    .flatMap(([name, value]) => [`${name}=${value}`, `${name}_${cookieSuffix}=${value}`])
    .join('; ')
}

async function makeKeys() {
  const algorithm = {
    name: 'RSASSA-PKCS1-v1_5',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: 'SHA-256',
  }
  const { privateKey, publicKey } = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const [spki, jwk] = await Promise.all([
    crypto.subtle.exportKey('spki', publicKey),
    crypto.subtle.exportKey('jwk', publicKey),
  ])
  const { kty, n, e } = jwk
  return { privateKey, jwtKey: toPem(spki), keySet: { keys: [{ kty, n, e, use: 'sig', alg: 'RS256', kid: KEY_ID }] } }
}

function toPem(spki: ArrayBuffer): string {
  const base64 = btoa(String.fromCharCode(...new Uint8Array(spki)))
  return `-----BEGIN PUBLIC KEY-----\n${base64.replace(/.{64}/g, '$&\n')}\n-----END PUBLIC KEY-----\n`
}
