import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import { checkUrl, DestinationRefused } from '../../lib/outgoing/destination.js'
import { eventIdOf } from '../../outbox/webhooks/envelope.js'
import { WebhookHistory } from '../../outbox/webhooks/history.js'
import { Redelivery, type Brought } from '../../outbox/webhooks/redelivery.js'
import { removeDeliveriesOf } from '../../outbox/webhooks/removal.js'
import { isSigningSecret, newSigningSecret } from '../../outbox/webhooks/signing.js'
import {
  webhookEndpoints,
  type EndpointRecord,
  type EndpointTrust,
  type Ordering,
} from '../../outbox/webhooks/webhooks.table.js'
import { fieldNames, Rows } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import type { WebhookApplicationService } from './webhook-applications.service.js'
import { endpointConflict, endpointInvalid } from './webhook-endpoints.errors.js'
import {
  faultOfDescription,
  faultOfEventTypes,
  faultOfHeaders,
  faultOfUid,
  GRACE_PERIOD,
  isSensitive,
  MOST_ENDPOINTS,
  OLD_SECRETS,
  type Fault,
} from './webhook-endpoints.rules.js'

/** What somebody sets of an endpoint. Null stands for the default. */
export interface EndpointInput {
  url: string
  uid?: string | null | undefined
  description?: string | undefined
  disabled?: boolean | undefined
  eventTypes?: string[] | null | undefined
  channels?: string[] | null | undefined
  throttleRate?: number | null | undefined
  metadata?: Record<string, string> | undefined
  ordering?: Ordering | undefined
  headers?: Record<string, string> | undefined
  secret?: string | undefined
}

export interface EndpointChanges extends Omit<EndpointInput, 'url' | 'secret'> {
  url?: string | undefined
}

/** Whose endpoints are changed by whom: who came by a link to the page may name public addresses only. */
export interface EndpointCaller {
  caller: Caller
  trust: EndpointTrust
}

/** The endpoints of an instance: where its events are sent. */
export class WebhookEndpointService {
  readonly #rows: Rows<typeof webhookEndpoints>
  readonly #redelivery: Redelivery
  readonly history: WebhookHistory

  constructor(
    private readonly context: InstanceContext,
    private readonly wake: () => void,
    private readonly applications: Pick<WebhookApplicationService, 'held'>,
  ) {
    this.#rows = new Rows(webhookEndpoints, context)
    this.#redelivery = new Redelivery(context)
    this.history = new WebhookHistory(context)
  }

  list(): Promise<EndpointRecord[]> {
    return this.#rows.list({})
  }

  /** @param id or the application's own name for it @throws {ApiError} 404 */
  async get(id: string): Promise<EndpointRecord> {
    const endpoint = id.startsWith('ep_') ? await this.#rows.find(id) : undefined
    const found = endpoint ?? (await this.#rows.findBy({ uid: id }))
    if (!found) throw errors.resourceNotFound(webhookEndpoints.noun, id)
    return found
  }

  /** @throws {ApiError} 422 for what is wrong with it, 409 if the uid is taken */
  async create(input: EndpointInput, { caller, trust }: EndpointCaller): Promise<EndpointRecord> {
    const { vault, random } = this.context
    this.#check(input, trust)
    if (input.secret !== undefined && !isSigningSecret(input.secret)) throw endpointInvalid(secretFault('secret'))
    const { url, uid, description, disabled, eventTypes, channels, throttleRate, metadata, ordering, headers } = input
    const record = {
      url,
      uid: uid ?? null,
      description: description ?? '',
      disabled: disabled ?? false,
      eventTypes: eventTypes ?? null,
      channels: channels ?? null,
      throttleRate: throttleRate ?? null,
      metadata: metadata ?? {},
      ordering: ordering ?? 'default',
      headers: this.#seal(headers),
      trust,
      secret: vault.seal(input.secret ?? newSigningSecret(random)),
      oldSecrets: [],
      failingSince: null,
      exhausted: 0,
      warnedAt: null,
    }
    return this.context.transaction(caller, async (tx) => {
      await this.applications.held(tx)
      const created = await this.#rows.create(record, tx)
      if (!created) throw endpointConflict(uid!)
      if ((await this.#rows.list({}, tx)).length > MOST_ENDPOINTS)
        throw endpointInvalid({ field: 'url', message: `An instance has ${MOST_ENDPOINTS} endpoints at most` })
      await tx.audit('webhook_endpoint.created', created.id)
      return created
    })
  }

  /** @throws {ApiError} 404, 422 for what is wrong with it, 409 if the uid is taken */
  async update(id: string, changes: EndpointChanges, { caller, trust }: EndpointCaller): Promise<EndpointRecord> {
    const { id: endpointId } = await this.get(id)
    this.#check(changes, trust)
    const { headers, ...rest } = changes
    const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
    // A URL is as good as whoever named it last.
    const judged = changes.url === undefined ? {} : { trust }
    const enabled = changes.disabled === false ? { failingSince: null, exhausted: 0, warnedAt: null } : {}
    return this.context.transaction(caller, async (tx) => {
      const before = await this.#rows.locked(endpointId, tx)
      const written = headers ?? this.#headersAfter(before, changes, trust)
      const sealed = written === undefined ? {} : { headers: this.#seal(written) }
      const updated = await this.#rows.update(endpointId, { ...given, ...judged, ...enabled, ...sealed }, tx)
      if (!updated) throw endpointConflict(changes.uid!)
      await tx.audit('webhook_endpoint.updated', endpointId, fieldNames({ ...given, ...sealed }))
      tx.afterCommit(this.wake)
      return updated
    })
  }

  /**
   * Replaces an endpoint. If there is none of this name, a new one gets it.
   *
   * @param id an id that is not known stays an error: ids are given here
   */
  async put(
    id: string,
    input: EndpointInput,
    by: EndpointCaller,
  ): Promise<{ endpoint: EndpointRecord; isNew: boolean }> {
    const isNew = !id.startsWith('ep_') && !(await this.#rows.findBy({ uid: id }))
    const endpoint = isNew
      ? await this.create({ ...input, uid: input.uid ?? id }, by)
      : await this.update(id, input, by)
    return { endpoint, isNew }
  }

  /** With what is on its way to it, and its history. */
  async delete(id: string, caller: Caller): Promise<void> {
    const { id: endpointId } = await this.get(id)
    await removeDeliveriesOf(endpointId, this.context.database)
    await this.context.transaction(caller, async (tx) => {
      await this.#rows.delete(endpointId, tx)
      await tx.audit('webhook_endpoint.deleted', endpointId)
    })
  }

  async secret(id: string): Promise<string> {
    return this.context.vault.open((await this.get(id)).secret)
  }

  /**
   * Signs with a new secret from now on, and with the old one too for a while.
   *
   * @param graceSeconds how long the old one signs too
   */
  async rotateSecret(
    id: string,
    { key, graceSeconds = GRACE_PERIOD }: { key?: string | undefined; graceSeconds?: number | undefined },
    caller: Caller,
  ): Promise<void> {
    const { vault, random, clock } = this.context
    if (key !== undefined && !isSigningSecret(key)) throw endpointInvalid(secretFault('key'))
    const { id: endpointId } = await this.get(id)
    await this.context.transaction(caller, async (tx) => {
      const endpoint = await this.#rows.locked(endpointId, tx)
      const now = clock.now()
      const old = { secret: endpoint.secret, expiresAt: now + graceSeconds * 1000 }
      const oldSecrets = [old, ...endpoint.oldSecrets].filter(({ expiresAt }) => expiresAt > now).slice(0, OLD_SECRETS)
      await this.#rows.update(endpointId, { secret: vault.seal(key ?? newSigningSecret(random)), oldSecrets }, tx)
      await tx.audit('webhook_endpoint.updated', endpointId, ['secret'])
    })
  }

  async headers(id: string): Promise<Record<string, string>> {
    return this.#open(await this.get(id))
  }

  /**
   * Headers that may be secret stay with the receiver they were given for: who came by a link to the page, where nobody
   * is shown them, cannot have them sent elsewhere.
   *
   * @returns undefined where they stay as they are
   */
  #headersAfter(before: EndpointRecord, { url }: EndpointChanges, trust: EndpointTrust) {
    const leadsAway = trust === 'portal' && url !== undefined && new URL(url).origin !== new URL(before.url).origin
    if (!leadsAway || before.headers === null) return undefined
    return Object.fromEntries(Object.entries(this.#open(before)).filter(([name]) => !isSensitive(name)))
  }

  /** Adds and replaces headers, and removes those named. */
  async patchHeaders(
    id: string,
    { set, remove = [] }: { set: Record<string, string>; remove?: string[] | undefined },
    caller: Caller,
  ): Promise<void> {
    const { id: endpointId } = await this.get(id)
    await this.context.transaction(caller, async (tx) => {
      const names = new Set([...remove, ...Object.keys(set)].map((name) => name.toLowerCase()))
      const kept = Object.entries(this.#open(await this.#rows.locked(endpointId, tx))).filter(
        ([name]) => !names.has(name.toLowerCase()),
      )
      const headers = { ...Object.fromEntries(kept), ...set }
      refuse(faultOfHeaders(headers))
      await this.#rows.update(endpointId, { headers: this.#seal(headers) }, tx)
      await tx.audit('webhook_endpoint.updated', endpointId, ['headers'])
    })
  }

  /** @throws {ApiError} 404 if there is no such event */
  async resend(id: string, messageId: string, caller: Caller): Promise<void> {
    const endpoint = await this.get(id)
    const eventId = eventIdOf(messageId)
    await this.context.transaction(caller, async (tx) => {
      if (!(await this.#redelivery.resend(endpoint, eventId, tx))) throw errors.resourceNotFound('message', messageId)
      await tx.audit('webhook_message.resent', eventId)
      tx.afterCommit(this.wake)
    })
  }

  /** Sends again what was given up since a time. @returns how many */
  async recover(id: string, since: number, until: number | undefined, caller: Caller): Promise<number> {
    const endpoint = await this.get(id)
    const times = { since, until: until ?? Number.MAX_SAFE_INTEGER }
    const count = await this.#bring(caller, (after, tx) => this.#redelivery.recover(endpoint, { ...times, after }, tx))
    await this.#audit('webhook_endpoint.recovered', endpoint.id, caller)
    return count
  }

  /** Sends what the endpoint was never sent since a time. @returns how many */
  async replayMissing(id: string, since: number, until: number | undefined, caller: Caller): Promise<number> {
    const endpoint = await this.get(id)
    const times = { since, until: until ?? Number.MAX_SAFE_INTEGER }
    const count = await this.#bring(caller, (after, tx) =>
      this.#redelivery.replayMissing(endpoint, { ...times, after }, tx),
    )
    await this.#audit('webhook_endpoint.recovered', endpoint.id, caller)
    return count
  }

  /** @returns the id of the event @throws {ApiError} 422 if there is no event of the type to copy */
  async sendExample(id: string, eventType: string, caller: Caller): Promise<string> {
    const endpoint = await this.get(id)
    refuse(faultOfEventTypes([eventType]))
    const eventId = await this.context.transaction(caller, async (tx) => {
      const sent = await this.#redelivery.sendExample(endpoint, eventType, tx)
      if (sent) await tx.audit('webhook_example.sent', endpoint.id)
      tx.afterCommit(this.wake)
      return sent
    })
    if (eventId !== undefined) return eventId
    throw endpointInvalid({
      field: 'eventType',
      message: `No event of the type ${eventType} has happened yet: cause one`,
    })
  }

  /** Brings deliveries back, in transactions of a bounded size. */
  async #bring(caller: Caller, some: (after: number | undefined, tx: Tx) => Promise<Brought>): Promise<number> {
    let total = 0
    let after: number | undefined
    do {
      const { count, last } = await this.context.transaction(caller, async (tx) => {
        tx.afterCommit(this.wake)
        return some(after, tx)
      })
      total += count
      after = last
    } while (after !== undefined)
    return total
  }

  #audit(action: string, id: string, caller: Caller): Promise<void> {
    return this.context.transaction(caller, (tx) => tx.audit(action, id))
  }

  #check({ url, uid, description, eventTypes, headers }: EndpointChanges, trust: EndpointTrust): void {
    if (uid !== undefined && uid !== null) refuse(faultOfUid(uid))
    if (description !== undefined) refuse(faultOfDescription(description))
    if (url !== undefined) refuse(faultOfUrl(url, { allowPrivate: trust === 'operator', self: this.context.ownUrls() }))
    if (eventTypes) refuse(faultOfEventTypes(eventTypes))
    if (headers) refuse(faultOfHeaders(headers))
  }

  #seal(headers: Record<string, string> | undefined): string | null {
    if (!headers || Object.keys(headers).length === 0) return null
    return this.context.vault.seal(JSON.stringify(headers))
  }

  #open({ headers }: EndpointRecord): Record<string, string> {
    return headers === null ? {} : (JSON.parse(this.context.vault.open(headers)) as Record<string, string>)
  }
}

function refuse(fault: Fault | undefined): void {
  if (fault) throw endpointInvalid(fault)
}

function faultOfUrl(url: string, rules: Parameters<typeof checkUrl>[1]): Fault | undefined {
  try {
    checkUrl(url, rules)
    return undefined
  } catch (error) {
    if (error instanceof DestinationRefused) return { field: 'url', message: error.message }
    throw error
  }
}

function secretFault(field: string): Fault {
  return { field, message: 'The secret must be whsec_ and the base64 of 24 to 64 bytes' }
}
