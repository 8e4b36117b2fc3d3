import type { InstanceContext } from '../../instances/instance-context.js'
import { frontendApiUrlOf } from '../../instances/instance.js'
import type { CallerOf } from '../../kernel/caller.js'
import type { ClientRecords } from '../../resources/client-records/client-records.service.js'
import { displayConfig, homeUrlOf } from '../../resources/environment/environment.rules.js'
import type { OriginService } from '../../resources/origins/origins.service.js'

interface RedirectOptions {
  context: InstanceContext
  clientRecords: ClientRecords
  origins: OriginService
}

/** Sends browsers to pages of the application. */
export class RedirectService {
  constructor(private readonly options: RedirectOptions) {}

  /**
   * @returns the URL, if it is of the instance; without one the home page
   * @throws {ApiError} 422 `invalid_redirect_url`, `redirect_url_not_associated_with_instance`
   */
  async target(redirectUrl: string | undefined): Promise<string> {
    const { context, origins } = this.options
    if (redirectUrl) return (await origins.requireTarget(redirectUrl)).href
    const hostedUrl = frontendApiUrlOf(context.instance, context.publicUrl())
    const homeUrl = homeUrlOf(context.instance, { hostedUrl })
    return displayConfig(context.instance, { homeUrl, hostedUrl }).home_url
  }

  /**
   * Renews the browser's cookie before it expires: a new token is a new cookie, with its whole lifetime before it.
   *
   * @throws {ApiError} as `target` does
   */
  async touch(redirectUrl: string | undefined, caller: CallerOf<'client'>): Promise<string> {
    const { context, clientRecords } = this.options
    const target = await this.target(redirectUrl)
    await context.transaction(caller, async (tx) => {
      if (await clientRecords.find(caller.clientId, tx)) await clientRecords.rotate(caller.clientId, {}, tx)
    })
    return target
  }
}
