import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import { safeEqual } from '../../lib/secrets/safe-equal.js'
import { removeDeliveriesOf } from '../../outbox/webhooks/removal.js'
import { webhookEndpoints, type EndpointTrust } from '../../outbox/webhooks/webhooks.table.js'
import { Rows } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import type { OneTimeTokenService } from '../one-time-tokens/one-time-tokens.service.js'
import { PAGE_TOKEN, PAGE_TOKEN_PARTS } from './webhook-applications.rules.js'
import { webhookApplications } from './webhook-applications.table.js'
import { applicationExists, applicationMissing } from './webhook-endpoints.errors.js'
import { applicationIdOf } from './webhook-endpoints.rules.js'

/** How long a link to the page can be opened, in milliseconds: an hour. */
const LINK_LIFETIME = 60 * 60 * 1000
/** How long the page can be used once it is open, in milliseconds: a working day. */
const PAGE_LIFETIME = 12 * 60 * 60 * 1000

interface Options {
  context: InstanceContext
  oneTimeTokens: Pick<OneTimeTokenService, 'create' | 'take'>
}

/** What a link brings to the page. */
interface LinkPayload {
  applicationId: string
  trust: EndpointTrust
}

/**
 * The application that holds an instance's endpoints, as Svix calls it, and the links to the page that shows them. A link
 * has a token that is good once; the page gets another one for it, which is good until it expires or the application is
 * gone. That one is stored nowhere.
 */
export class WebhookApplicationService {
  readonly #rows: Rows<typeof webhookApplications>

  constructor(private readonly options: Options) {
    this.#rows = new Rows(webhookApplications, options.context)
  }

  /** @returns a link to its page @throws {ApiError} 400 `svix_app_exists` */
  async create(caller: Caller): Promise<string> {
    await this.options.context.transaction(caller, async (tx) => {
      if (!(await this.ensure(tx))) throw applicationExists()
    })
    return this.link(caller)
  }

  /** @returns whether there was none yet */
  async ensure(tx: Tx): Promise<boolean> {
    const created = await this.#rows.create({}, tx)
    if (created) await tx.audit('webhook_application.created', created.id)
    return created !== undefined
  }

  /**
   * Makes the instance's application if there is none. Locks it until the transaction ends. Call it before you add an
   * endpoint. Each endpoint has an application. Only one transaction at a time counts endpoints.
   */
  async held(tx: Tx): Promise<void> {
    for (;;) {
      await this.ensure(tx)
      const application = await this.#rows.findBy({}, tx)
      if (!application) continue
      await this.#rows.lock(application.id, tx)
      // Somebody may have deleted it before the lock.
      if (await this.#rows.find(application.id, tx)) return
    }
  }

  /** With all endpoints, their history and what is on its way to them. @throws {ApiError} 400 `svix_app_missing` */
  async delete(caller: Caller): Promise<void> {
    const { context } = this.options
    if (!(await this.#rows.findBy({}))) throw applicationMissing()
    const endpoints = new Rows(webhookEndpoints, context)
    for (const { id } of await endpoints.list({})) await removeDeliveriesOf(id, context.database)
    await context.transaction(caller, async (tx) => {
      const deleted = await this.#rows.remove(tx).returning('id').executeTakeFirst()
      if (!deleted) throw applicationMissing()
      await endpoints.remove(tx).execute()
      await tx.audit('webhook_application.deleted', deleted.id)
    })
  }

  /** @returns a link to its page, good once @throws {ApiError} 400 `svix_app_missing` */
  async link(caller: Caller): Promise<string> {
    return `${this.options.context.publicUrl()}/login#key=${await this.linkKey('portal', caller)}`
  }

  /** The same for somebody at the machine the server runs on; makes the application where it is missing. */
  async developerKey(caller: Caller): Promise<string> {
    await this.options.context.transaction(caller, (tx) => this.ensure(tx))
    return this.linkKey('operator', caller)
  }

  /**
   * What stands behind `#key=` in a link, in the form that Svix gives it.
   *
   * @param trust where the endpoints that are added on the page may be
   */
  async linkKey(trust: EndpointTrust, caller: Caller): Promise<string> {
    const { context, oneTimeTokens } = this.options
    const application = await this.#rows.findBy({})
    if (!application) throw applicationMissing()
    const payload: LinkPayload = { applicationId: application.id, trust }
    const token = await oneTimeTokens.create('webhook_page', payload, caller, LINK_LIFETIME)
    const { instanceId } = context
    const key = { appId: applicationIdOf(instanceId), oneTimeToken: `${instanceId}.${token}`, region: 'self' }
    return Buffer.from(JSON.stringify(key)).toString('base64url')
  }

  /** @param token without the instance @returns what the page works with; undefined for a token that is none any more */
  async exchange(token: string, caller: Caller): Promise<string | undefined> {
    const { context, oneTimeTokens } = this.options
    const payload = (await oneTimeTokens.take('webhook_page', token, caller)) as LinkPayload | undefined
    if (!payload) return undefined
    const claims = `${context.clock.now() + PAGE_LIFETIME}.${payload.trust}`
    return `${PAGE_TOKEN}${context.instanceId}.${claims}.${this.#signatures(payload.applicationId, claims)[0]}`
  }

  /** @returns where endpoints may be that its holder adds; undefined if it is invalid, or not any more */
  async open(token: string): Promise<EndpointTrust | undefined> {
    const [, claims = '', expiresAt, trust, signature = ''] = PAGE_TOKEN_PARTS.exec(token) ?? []
    if (expiresAt === undefined || Number(expiresAt) <= this.options.context.clock.now()) return undefined
    const application = await this.#rows.findBy({})
    if (!application || !this.#signatures(application.id, claims).some((own) => safeEqual(own, signature)))
      return undefined
    return trust as EndpointTrust
  }

  /** The first one is that of new tokens. */
  #signatures(applicationId: string, claims: string): readonly [string, ...string[]] {
    return this.options.context.vault.digests('webhook page', `${applicationId} ${claims}`)
  }
}
