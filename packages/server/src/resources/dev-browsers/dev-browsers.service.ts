import type { InstanceContext } from '../../instances/instance-context.js'
import { frontendApiUrlOf } from '../../instances/instance.js'
import { hashSecret } from '../../instances/secrets.js'
import type { SigningKeys } from '../../instances/signing-keys.js'
import { CLIENT_TOKEN } from '../../instances/tokens.js'
import type { Caller, CallerOf } from '../../kernel/caller.js'
import { apiError } from '../../kernel/errors/api-error.js'
import { frontendErrors } from '../../kernel/errors/frontend-errors.js'
import { clientTokenClaims, COOKIE_LIFETIME } from '../client-records/client-tokens.rules.js'
import type { ClientRecords } from '../client-records/client-records.service.js'
import type { OriginService } from '../origins/origins.service.js'

export interface DevBrowser {
  /** With which the browser says who it is; shown once. */
  token: string
  /** Unix milliseconds. */
  createdAt: number
}

interface ClientCookie {
  value: string
  path: string
  secure: boolean
  /** Seconds. */
  maxAge: number
}

interface DevBrowserOptions {
  context: InstanceContext
  clientRecords: ClientRecords
  origins: OriginService
  signingKeys: SigningKeys
}

/** Browsers in development: pages at `localhost` get no cookies of another host, so a token in the query stands for it. */
export class DevBrowserService {
  constructor(private readonly options: DevBrowserOptions) {}

  /** @throws {ApiError} 400 `request_invalid_for_environment` */
  async create(caller: Caller): Promise<DevBrowser> {
    const { context, clientRecords } = this.options
    this.#requireDevelopment()
    const token = this.#newToken()
    const { createdAt } = await context.transaction(caller, (tx) =>
      clientRecords.create({ devBrowserHash: hashSecret(token) }, tx),
    )
    return { token, createdAt }
  }

  /**
   * A token of the browser that asks: the one it has shown, or a new one that takes the place of the one it has lost.
   */
  async issue(shown: string | undefined, caller: CallerOf<'client'>): Promise<string> {
    const { context, clientRecords } = this.options
    const client = await clientRecords.find(caller.clientId)
    if (shown !== undefined && client?.devBrowserHash === hashSecret(shown)) return shown
    const token = this.#newToken()
    await context.transaction(caller, async (tx) => {
      await clientRecords.ensure(caller.clientId, tx)
      await clientRecords.change(caller.clientId, { devBrowserHash: hashSecret(token) }, tx)
    })
    return token
  }

  /**
   * Begins a browser at the host of the Frontend API, where a cookie stands for it.
   *
   * @param origin of the page that will use it
   * @throws {ApiError} 400 `request_invalid_for_environment`, `origin_invalid`
   */
  async init(origin: string | undefined, caller: CallerOf<'client'>): Promise<void> {
    const { context, clientRecords, origins } = this.options
    this.#requireDevelopment()
    if (origin !== undefined && !(await origins.allows(origin))) throw frontendErrors.originInvalid(origin)
    await context.transaction(caller, (tx) => clientRecords.ensure(caller.clientId, tx))
  }

  /**
   * The cookie of a browser that has shown its token: links from mail are opened at the host of the Frontend API, where
   * nothing else says which browser it is.
   *
   * @throws {ApiError} 400 `request_invalid_for_environment`, 401 `dev_browser_unauthenticated`
   */
  async cookie({ clientId }: CallerOf<'client'>): Promise<ClientCookie> {
    const { context, clientRecords, signingKeys } = this.options
    this.#requireDevelopment()
    const client = await clientRecords.find(clientId)
    if (!client) throw frontendErrors.devBrowserUnauthenticated()
    const { pathname, protocol } = new URL(frontendApiUrlOf(context.instance, context.publicUrl()))
    const value = await signingKeys.seal(clientTokenClaims(client, context.clock.now()), CLIENT_TOKEN)
    return { value, path: pathname, secure: protocol === 'https:', maxAge: COOKIE_LIFETIME / 1000 }
  }

  #requireDevelopment(): void {
    if (this.options.context.instance.environmentType === 'development') return
    throw apiError(
      400,
      'request_invalid_for_environment',
      'Invalid request for environment',
      'Only development instances have tokens for browsers; in production they have a cookie',
    )
  }

  #newToken(): string {
    return `dvb_${Buffer.from(this.options.context.random.bytes(24)).toString('base64url')}`
  }
}
