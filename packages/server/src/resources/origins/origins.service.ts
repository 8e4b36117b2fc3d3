import type { InstanceContext } from '../../instances/instance-context.js'
import { readUrl } from '../../lib/urls.js'
import type { DomainService } from '../domains/domains.service.js'
import type { RedirectUrlService } from '../redirect-urls/redirect-urls.service.js'
import { originErrors } from './origins.errors.js'
import { hasOwnScheme, isOwnOrigin, isSafeToReach, originOfUrl, ownOrigins, parseTarget } from './origins.rules.js'

interface OriginOptions {
  context: InstanceContext
  domains: DomainService
  redirectUrls: RedirectUrlService
}

/** A hosted page names at most so many. */
const SHOWN_REDIRECT_URLS = 100

/** Which pages may use an instance, and where it sends people. */
export class OriginService {
  constructor(private readonly options: OriginOptions) {}

  async allows(origin: string): Promise<boolean> {
    const { context, domains } = this.options
    if (isOwnOrigin(origin, context.instance, this.#ownOrigin())) return true
    const { protocol, host } = readUrl(origin) ?? { protocol: '', host: '' }
    if (protocol !== 'https:' && protocol !== 'http:') return false
    return isSafeToReach(origin, context.instance) && domains.covers(host)
  }

  /**
   * @param param names it in errors
   * @throws {ApiError} 422 `invalid_redirect_url`, `redirect_url_not_associated_with_instance`
   */
  async requireTarget(text: string, param = 'redirect_url'): Promise<URL> {
    const url = parseTarget(text)
    if (!url) throw originErrors.invalid(param)
    if ((await this.#leadsTo(url)) || (await this.options.redirectUrls.has(text))) return url
    throw originErrors.notAssociated(param)
  }

  async #leadsTo({ origin }: URL): Promise<boolean> {
    const isSafe = origin === this.#ownOrigin() || isSafeToReach(origin, this.options.context.instance)
    return isSafe && this.allows(origin)
  }

  #ownOrigin(): string {
    return new URL(this.options.context.publicUrl()).origin
  }

  /**
   * Where a link in a mail leads: to a page, or to an application that has listed a URL of its own scheme.
   *
   * @throws {ApiError} as `requireTarget`
   */
  async requireLinkTarget(text: string): Promise<string> {
    if (hasOwnScheme(text) && (await this.options.redirectUrls.has(text))) return text
    return (await this.requireTarget(text)).href
  }

  /**
   * For hosted pages: what `allows` accepts, and where a sign-in may lead. clerk-js knows origins only; `*` in them stands
   * for any characters.
   */
  async forPages(): Promise<{ pageOrigins: string[]; redirectOrigins: string[] }> {
    const { context, domains, redirectUrls } = this.options
    const { data: satellites } = await domains.list()
    const { data: urls } = await redirectUrls.list({ limit: SHOWN_REDIRECT_URLS, offset: 0 })
    const names = satellites.filter(({ isSatellite }) => isSatellite).map(({ name }) => name)
    const pageOrigins = ownOrigins(context.instance, names)
    const reachable = pageOrigins.filter((origin) => isSafeToReach(origin, context.instance))
    return { pageOrigins, redirectOrigins: [...new Set([...reachable, ...urls.map(({ url }) => originOfUrl(url))])] }
  }
}
