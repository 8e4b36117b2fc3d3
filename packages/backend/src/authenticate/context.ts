import { parseJwt, type DecodedJwt } from '@latchkey/crypto'
import { readEnvironment } from '../internal/environment.js'
import type { AuthenticateRequestOptions } from './options.js'
import type { Instance } from './publishable-key.js'
import type { RequestView } from './request-view.js'

/** What a request says about who makes it. Nothing here has been verified. */
export class AuthenticateContext {
  readonly request: RequestView
  readonly options: AuthenticateRequestOptions
  readonly instance: Instance | null
  readonly tokenInHeader: string | undefined
  #suffixed?: boolean

  constructor(request: RequestView, options: AuthenticateRequestOptions, instance: Instance | null) {
    this.request = request
    this.options = options
    this.instance = instance
    this.tokenInHeader = readAuthorization(request.header('authorization'))
  }

  get isDevelopment(): boolean {
    return this.instance?.type === 'development'
  }

  get sessionTokenInCookie(): string | undefined {
    return this.cookie('__session')
  }

  /** This cookie always has the suffix. */
  get refreshTokenInCookie(): string | undefined {
    return this.request.cookie(this.#withSuffix('__refresh'))
  }

  /** When the browser's sessions last changed, in Unix seconds; 0 if it has none. */
  get clientUat(): number {
    return Number.parseInt(this.cookie('__client_uat') ?? '') || 0
  }

  get devBrowserToken(): string | undefined {
    return this.query('__clerk_db_jwt') ?? this.cookie('__clerk_db_jwt')
  }

  get handshakeToken(): string | undefined {
    return this.query('__clerk_handshake') ?? this.request.cookie('__clerk_handshake')
  }

  get handshakeNonce(): string | undefined {
    return this.query('__clerk_handshake_nonce') ?? this.request.cookie('__clerk_handshake_nonce')
  }

  /** How many times in a row the browser has just been redirected to the Frontend API and back. */
  get redirectCount(): number {
    return Number(this.request.cookie('__clerk_redirect_count')) || 0
  }

  /** Absolute, even where the option is a path. */
  get proxyUrl(): string {
    const proxyUrl = this.options.proxyUrl || automaticProxyPath(this.options)
    return proxyUrl.startsWith('/') ? `${this.request.url.origin}${proxyUrl}` : proxyUrl
  }

  /** Where browsers reach the Frontend API: a host, or a URL behind a proxy. */
  get frontendApi(): string {
    return this.proxyUrl || this.#tokenIssuer
  }

  /** Whether a browser navigates to the page, as opposed to a call made by a script. */
  get isNavigation(): boolean {
    const { request } = this
    const destination = request.header('sec-fetch-dest')
    if (request.method !== 'GET') return false
    if (destination) return destination === 'document' || destination === 'iframe'
    return request.header('accept')?.startsWith('text/html') ?? false
  }

  query(name: string): string | undefined {
    return this.request.url.searchParams.get(name) || undefined
  }

  cookie(name: string): string | undefined {
    return this.request.cookie(this.usesSuffixedCookies() ? this.#withSuffix(name) : name)
  }

  /**
   * Whether to read the cookies with this instance's suffix. Several instances can share a domain, so the cookies
   * without a suffix may belong to another one.
   */
  usesSuffixedCookies(): boolean {
    this.#suffixed ??= this.#decideSuffix()
    return this.#suffixed
  }

  #decideSuffix(): boolean {
    const plainUat = this.request.cookie('__client_uat')
    const plain = this.request.cookie('__session')
    const ownUat = this.request.cookie(this.#withSuffix('__client_uat'))
    const own = this.request.cookie(this.#withSuffix('__session'))
    const plainJwt = plain ? tryToParse(plain) : null
    if (plain) {
      const { iss } = plainJwt?.payload ?? {}
      if (!iss) return false
      if (typeof iss !== 'string' || iss.replace(/https?:\/\//gi, '') !== this.#tokenIssuer) return true
    }
    const ownJwt = own === plain ? plainJwt : own ? tryToParse(own) : null
    if (plainUat !== '0' && (ownUat === '0' || (plainJwt?.payload.iat || 0) > (ownJwt?.payload.iat || 0))) return false
    if (this.isDevelopment && ownUat !== '0' && plainUat === '0' && isExpired(ownJwt)) return false
    return Boolean(ownUat)
  }

  /** The host that issues the tokens, even if a proxy is in front of it. */
  get #tokenIssuer(): string {
    const { domain, isSatellite } = this.options
    return !this.isDevelopment && domain && isSatellite ? `clerk.${domain}` : (this.instance?.frontendApi ?? '')
  }

  #withSuffix(name: string): string {
    return `${name}_${this.instance?.cookieSuffix ?? ''}`
  }
}

/** On a `vercel.app` domain the instance cannot set cookies, so the application proxies the Frontend API. */
function automaticProxyPath({ domain, publishableKey }: AuthenticateRequestOptions): string {
  if (domain || !publishableKey?.trim().startsWith('pk_live_') || readEnvironment('VERCEL_TARGET_ENV') !== 'production')
    return ''
  if (/^(true|1)$/i.test(readEnvironment('CLERK_DISABLE_AUTO_PROXY') ?? '')) return ''
  const host = readEnvironment('VERCEL_PROJECT_PRODUCTION_URL')
    ?.replace(/^https?:\/\//, '')
    .split(/[/:]/)[0]
  return host?.endsWith('.vercel.app') ? '/__clerk' : ''
}

export function tryToParse(token: string): DecodedJwt | null {
  try {
    return parseJwt(token)
  } catch {
    return null
  }
}

/** Accepts `Bearer` in upper or lower case, or the token alone. */
function readAuthorization(header: string | undefined): string | undefined {
  const [scheme, token] = header?.trim().split(/ +/, 2) ?? []
  if (!token) return scheme
  return scheme!.toLowerCase() === 'bearer' ? token : undefined
}

function isExpired(jwt: DecodedJwt | null): boolean {
  return jwt !== null && jwt.payload.exp! <= Math.floor(Date.now() / 1000)
}
