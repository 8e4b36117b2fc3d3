import type { InstanceContext } from '../../instances/instance-context.js'
import { hashSecret } from '../../instances/secrets.js'
import type { Caller } from '../../kernel/caller.js'
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
    const token = `dvb_${Buffer.from(context.random.bytes(24)).toString('base64url')}`
    const { createdAt } = await context.transaction(caller, (tx) =>
      clientRecords.create({ devBrowserHash: hashSecret(token) }, tx),
    )
    return { token, createdAt }
  }
}
