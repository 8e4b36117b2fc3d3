import type { InstanceContext } from '../../instances/instance-context.js'
import { InstanceStore } from '../../instances/instances.store.js'
import type { ApiError } from '../../kernel/errors/api-error.js'
import { system, type Caller } from '../../kernel/caller.js'
import type { Page } from '../../kernel/page.js'
import { isHostingDomain } from '../../lib/email-domains/index.js'
import { changedNames, Rows } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import type { SessionService } from '../sessions/sessions.service.js'
import { domainErrors } from './domains.errors.js'
import {
  isAt,
  frontendHostOf,
  parseDomainName,
  parseHomeUrl,
  parseProxyUrl,
  primaryDomainOf,
  primaryNameOf,
  proxyUnder,
  refuseReserved,
  requireOwn,
} from './domains.rules.js'
import { domains, type DomainRecord } from './domains.table.js'
import type { ProxyProbe } from './proxy-probe.service.js'

export interface AddDomainInput {
  name: string
  isSatellite: boolean
  proxyUrl?: string | null | undefined
  /** Default is a new one. */
  id?: string | undefined
}

export interface UpdateDomainInput {
  /** Null leaves it. */
  name?: string | null | undefined
  /** Null goes back to DNS. */
  proxyUrl?: string | null | undefined
  isSecondary?: boolean | null | undefined
}

export interface ChangeDomainInput {
  homeUrl: string
  isSecondary?: boolean | undefined
}

interface DomainOptions {
  context: InstanceContext
  sessions: SessionService
  proxyProbe: ProxyProbe
}

/** The domains of an instance. */
export class DomainService {
  readonly #rows: Rows<typeof domains>
  readonly get: Rows<typeof domains>['get']
  readonly find: Rows<typeof domains>['find']
  readonly locked: Rows<typeof domains>['locked']

  constructor(private readonly options: DomainOptions) {
    this.#rows = new Rows(domains, options.context)
    this.get = (id, tx) => this.#rows.get(id, tx)
    this.find = (id, tx) => this.#rows.find(id, tx)
    this.locked = (id, tx) => this.#rows.locked(id, tx)
  }

  /** The primary one first, then its satellites, oldest first. */
  async list(): Promise<Page<DomainRecord>> {
    const [primary, all] = [await this.primary(), await this.#rows.list({})]
    const data = [primary, ...all.filter(({ isSatellite }) => isSatellite)]
    return { data, totalCount: data.length }
  }

  /** Whether it is one of the instance's. */
  async has(name: string): Promise<boolean> {
    const parsed = parseDomainName(name, this.options.context.instance.environmentType)
    return (await this.#rows.findBy({ name: parsed })) !== undefined
  }

  /** Whether a host is one of the instance's, or below one. */
  async covers(host: string): Promise<boolean> {
    return (await this.#rows.list({})).some(({ name }) => isAt(host, name))
  }

  async primary(): Promise<DomainRecord> {
    const found = () => this.#rows.findBy({ isSatellite: false })
    return (await found()) ?? (await this.#createPrimary()) ?? (await found())!
  }

  /**
   * Adds a satellite.
   *
   * @throws {ApiError} 422 `primary_domain_already_exists`, `form_already_exists`, `invalid_proxy_configuration`,
   *   `proxy_url_required_for_provider_domain`, and for a name or URL that is none
   */
  async add({ isSatellite, id, ...input }: AddDomainInput, caller: Caller): Promise<DomainRecord> {
    const { context, proxyProbe } = this.options
    const { environmentType } = context.instance
    if (!isSatellite) throw domainErrors.primaryExists()
    const name = this.#satelliteName(input.name)
    if (input.proxyUrl != null && environmentType === 'development') throw domainErrors.productionOnly('proxy_url')
    const proxyUrl = input.proxyUrl == null ? null : parseProxyUrl(input.proxyUrl, { name }, environmentType)
    this.#requireReachable({ name, proxyUrl })
    // The new domain cannot be asked for yet; through the same proxy the primary one is reached.
    if (proxyUrl !== null) await proxyProbe.require(proxyUrl, (await this.primary()).id)
    const frontendHost = environmentType === 'production' ? frontendHostOf(name) : null
    const given = id === undefined ? {} : { id }
    return context.transaction(caller, async (tx) => {
      const domain = await this.#rows.create({ ...given, name, isSatellite: true, frontendHost, proxyUrl }, tx)
      if (!domain) throw domainErrors.taken(name)
      await tx.audit('domain.created', domain.id)
      return domain
    })
  }

  /**
   * A primary domain with another name has other hosts: the instance gets a new publishable key and issuer, and all
   * sessions end. A proxy at the old name is no longer used.
   *
   * @throws {ApiError} 404; 400 `domain_update_forbidden` in development; 422 as `add` and `changeHome` do
   */
  async update(id: string, input: UpdateDomainInput, caller: Caller): Promise<DomainRecord> {
    const { context, proxyProbe } = this.options
    const { environmentType } = context.instance
    const before = await this.get(id)
    if (environmentType === 'development') refuseInDevelopment(before, input)
    const name = this.#newName(before, input)
    const proxyUrl =
      input.proxyUrl == null
        ? input.proxyUrl === null
          ? null
          : proxyUnder(before.proxyUrl, name)
        : parseProxyUrl(input.proxyUrl, { name }, environmentType)
    this.#requireReachable({ name, proxyUrl })
    if (input.proxyUrl != null) await proxyProbe.require(proxyUrl!, id)
    return this.#change(id, { name, proxyUrl }, domainErrors.taken(name), caller)
  }

  /** @throws {ApiError} 404, 403 `operation_not_allowed_on_primary_domain` */
  delete(id: string, caller: Caller): Promise<DomainRecord> {
    return this.options.context.transaction(caller, async (tx) => {
      const { isSatellite } = await this.#rows.locked(id, tx)
      if (!isSatellite) throw domainErrors.primaryStays()
      const domain = await this.#rows.delete(id, tx)
      await tx.audit('domain.deleted', id)
      return domain
    })
  }

  /**
   * Gives the primary domain the name of another home page, with all that follows; see `update`.
   *
   * @throws {ApiError} 400 `request_invalid_for_environment`; 422 `home_url_taken`, `reserved_domain`,
   *   `reserved_subdomain`, `known_hosting_domain`, `form_param_format_invalid`
   */
  async changeHome({ homeUrl, isSecondary = false }: ChangeDomainInput, caller: Caller): Promise<void> {
    if (this.options.context.instance.environmentType !== 'production') throw domainErrors.wrongEnvironment()
    const host = parseHomeUrl(homeUrl)
    const name = primaryNameOf(host, { isSecondary, param: 'home_url' })
    const { id, name: before, proxyUrl } = await this.primary()
    const taken = domainErrors.homeUrlTaken(homeUrl)
    if (name === before) throw taken
    await this.#change(id, { name, proxyUrl: proxyUnder(proxyUrl, name) }, taken, caller)
  }

  async #change(
    id: string,
    { name, proxyUrl }: Pick<DomainRecord, 'name' | 'proxyUrl'>,
    taken: ApiError,
    caller: Caller,
  ): Promise<DomainRecord> {
    const { context } = this.options
    const domain = await context.transaction(caller, async (tx) => {
      const before = await this.#rows.locked(id, tx)
      const renamed = name !== before.name
      const production = context.instance.environmentType === 'production'
      const frontendHost = renamed && production ? frontendHostOf(name) : before.frontendHost
      if (!renamed && proxyUrl === before.proxyUrl) return before
      const changed = await this.#rows.update(id, { name, proxyUrl, frontendHost }, tx)
      if (!changed) throw taken
      if (renamed && !before.isSatellite) await this.#moveInstance(frontendHost!, taken, tx)
      await tx.audit('domain.updated', id, changedNames(before, changed))
      return changed
    })
    await context.refreshInstance()
    return domain
  }

  /** Tokens of before name another issuer, so no session can go on. */
  async #moveInstance(frontendHost: string, taken: ApiError, tx: Tx): Promise<void> {
    const { context, sessions } = this.options
    const { instanceId, database, clock } = context
    const store = new InstanceStore(database)
    if (!(await store.updateFrontendHost(instanceId, frontendHost, clock.now(), tx.queries))) throw taken
    await tx.audit('instance.updated', instanceId, ['frontend_host'])
    await sessions.endAll('revoked', tx)
  }

  /** Of an instance that was made by a program without domains, while both ran. */
  #createPrimary(): Promise<DomainRecord | undefined> {
    const { context } = this.options
    return context.transaction(system('domains'), (tx) => this.#rows.create(primaryDomainOf(context.instance), tx))
  }

  #newName(before: DomainRecord, { name, isSecondary }: UpdateDomainInput): string {
    if (name == null && (isSecondary == null || before.isSatellite)) return before.name
    if (before.isSatellite) return this.#satelliteName(name!)
    const { environmentType } = this.options.context.instance
    const host = name == null ? before.name : parseDomainName(name, environmentType)
    return host === before.name && name == null && isSecondary
      ? host
      : primaryNameOf(host, { isSecondary: isSecondary ?? false, param: 'name' })
  }

  #satelliteName(text: string): string {
    const { environmentType } = this.options.context.instance
    const name = parseDomainName(text, environmentType)
    refuseReserved(name, 'name')
    if (environmentType === 'production') requireOwn(name, 'name')
    return name
  }

  /** Where nobody can add DNS records, only a proxy leads to the server. */
  #requireReachable({ name, proxyUrl }: Pick<DomainRecord, 'name' | 'proxyUrl'>): void {
    const production = this.options.context.instance.environmentType === 'production'
    if (production && proxyUrl === null && isHostingDomain(name)) throw domainErrors.proxyRequired(name)
  }
}

function refuseInDevelopment({ isSatellite }: DomainRecord, { name, proxyUrl, isSecondary }: UpdateDomainInput): void {
  if (proxyUrl != null) throw domainErrors.notInDevelopment('proxy_url')
  if (isSatellite) return
  if (name != null) throw domainErrors.notInDevelopment('name')
  if (isSecondary != null) throw domainErrors.notInDevelopment('is_secondary')
}
