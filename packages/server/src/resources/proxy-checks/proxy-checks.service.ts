import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import { readUrl } from '../../lib/urls.js'
import { Rows } from '../../storage/rows.js'
import { domainErrors } from '../domains/domains.errors.js'
import { isAt, parseProxyUrl } from '../domains/domains.rules.js'
import type { DomainService } from '../domains/domains.service.js'
import type { DomainRecord } from '../domains/domains.table.js'
import type { ProxyProbe } from '../domains/proxy-probe.service.js'
import { proxyChecks, type ProxyCheckRecord } from './proxy-checks.table.js'

export interface ProxyCheckInput {
  /** Default is the domain that the URL is at; in development the primary one. */
  domainId?: string | undefined
  /** Default is the one that the domain has. */
  proxyUrl?: string | undefined
}

interface ProxyCheckOptions {
  context: InstanceContext
  domains: DomainService
  proxyProbe: ProxyProbe
}

/** Whether the Frontend API of an instance can be reached through a proxy. */
export class ProxyCheckService {
  readonly #rows: Rows<typeof proxyChecks>

  constructor(private readonly options: ProxyCheckOptions) {
    this.#rows = new Rows(proxyChecks, options.context)
  }

  /**
   * @throws {ApiError} 422 `invalid_proxy_configuration` if it cannot; 422 `form_conditional_param_missing`,
   *   `form_resource_not_found`, `form_param_format_invalid`
   */
  async run(input: ProxyCheckInput, caller: Caller): Promise<ProxyCheckRecord> {
    const { context, proxyProbe } = this.options
    const { domain, proxyUrl } = await this.#asked(input)
    const problem = await proxyProbe.problem(proxyUrl, domain.id)
    const check = await context.transaction(caller, async (tx) => {
      // One check of a domain at a time: there is one row for each URL.
      await this.options.domains.locked(domain.id, tx)
      const result = { lastRunAt: context.clock.now(), successful: problem === undefined }
      const earlier = await this.#rows.findBy({ domainId: domain.id, proxyUrl }, tx)
      const written = earlier
        ? await this.#rows.update(earlier.id, result, tx)
        : await this.#rows.create({ domainId: domain.id, proxyUrl, ...result }, tx)
      await tx.audit('proxy_check.run', written!.id)
      return written!
    })
    if (problem !== undefined) throw domainErrors.proxyInvalid(proxyUrl, problem)
    return check
  }

  async #asked({ domainId, proxyUrl }: ProxyCheckInput): Promise<{ domain: DomainRecord; proxyUrl: string }> {
    const { context, domains } = this.options
    if (domainId === undefined && proxyUrl === undefined) {
      throw errors.conditionalParamMissing('proxy_url', 'a check of a domain that is not named by domain_id')
    }
    const domain = domainId === undefined ? await this.#domainAt(proxyUrl!) : await domains.find(domainId)
    if (!domain) throw errors.formResourceNotFound('domain_id', domainId!)
    const url = proxyUrl ?? domain.proxyUrl
    if (url === null) throw errors.conditionalParamMissing('proxy_url', 'a domain that has no proxy')
    return { domain, proxyUrl: parseProxyUrl(url, domain, context.instance.environmentType) }
  }

  /** The most specific one; a URL that is at none is refused with the primary one. */
  async #domainAt(proxyUrl: string): Promise<DomainRecord> {
    const { data } = await this.options.domains.list()
    const host = readUrl(proxyUrl)?.hostname ?? ''
    const [longest] = data.filter(({ name }) => isAt(host, name)).toSorted((a, b) => b.name.length - a.name.length)
    return longest ?? data[0]!
  }
}
