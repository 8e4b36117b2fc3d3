import type { InstanceContext } from '../../instances/instance-context.js'
import { hashSecret } from '../../instances/secrets.js'
import type { Caller, CallerOf } from '../../kernel/caller.js'
import { apiError } from '../../kernel/errors/api-error.js'
import type { ClientRecords } from '../client-records/client-records.service.js'

export interface DevBrowser {
  /** With which the browser says who it is; shown once. */
  token: string
  /** Unix milliseconds. */
  createdAt: number
}

interface DevBrowserOptions {
  context: InstanceContext
  clientRecords: ClientRecords
}

/** Browsers in development: pages at `localhost` get no cookies of another host, so a token in the query stands for it. */
export class DevBrowserService {
  constructor(private readonly options: DevBrowserOptions) {}

  /** @throws {ApiError} 400 `request_invalid_for_environment` */
  async create(caller: Caller): Promise<DevBrowser> {
    const { context, clientRecords } = this.options
    if (context.instance.environmentType !== 'development') {
      throw apiError(
        400,
        'request_invalid_for_environment',
        'Invalid request for environment',
        'Only development instances have tokens for browsers; in production they have a cookie',
      )
    }
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

  #newToken(): string {
    return `dvb_${Buffer.from(this.options.context.random.bytes(24)).toString('base64url')}`
  }
}
