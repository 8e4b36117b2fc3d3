import { operator } from '../kernel/caller.js'
import type { AttemptRecord } from '../outbox/webhooks/webhooks.table.js'
import type { EndpointInput, WebhookEndpointService } from '../resources/webhook-endpoints/webhook-endpoints.service.js'
import { toEndpointJSON } from '../resources/webhook-endpoints/webhook-endpoints.wire.js'
import { messageIdOf } from '../outbox/webhooks/envelope.js'

/** An endpoint without its secret and its headers. */
export type WebhookEndpointSummary = ReturnType<typeof toEndpointJSON>

export interface WebhookAttemptSummary {
  id: string
  messageId: string
  succeeded: boolean
  /** Of the receiver; null if no answer came. */
  responseStatus: number | null
  /** The beginning of the answer. Without an answer, the reason. */
  response: string
  /** Milliseconds. */
  duration: number
  /** Unix milliseconds. */
  createdAt: number
}

/** The operator's actions on the webhook endpoints of an instance. Endpoints are found by id or uid. */
export class WebhookAdmin {
  readonly #by = { caller: operator('admin'), trust: 'operator' as const }

  constructor(private readonly endpoints: WebhookEndpointService) {}

  async list(): Promise<WebhookEndpointSummary[]> {
    return (await this.endpoints.list()).map(toEndpointJSON)
  }

  /** @throws {ApiError} 422 for what is wrong with it */
  async add(input: EndpointInput): Promise<{ endpoint: WebhookEndpointSummary; secret: string }> {
    const created = await this.endpoints.create(input, this.#by)
    return { endpoint: toEndpointJSON(created), secret: await this.endpoints.secret(created.id) }
  }

  remove(id: string): Promise<void> {
    return this.endpoints.delete(id, this.#by.caller)
  }

  /** Newest first. */
  async attempts(id: string, limit: number): Promise<WebhookAttemptSummary[]> {
    const { id: endpointId } = await this.endpoints.get(id)
    return (await this.endpoints.history.attempts({ endpointId }, limit, undefined)).map(summary)
  }

  resend(id: string, messageId: string): Promise<void> {
    return this.endpoints.resend(id, messageId, this.#by.caller)
  }

  /**
   * Sends again what was given up since a time, and with `missing` also what was never sent.
   *
   * @returns how many events
   */
  async recover(id: string, since: number, { missing }: { missing: boolean }): Promise<number> {
    const failed = await this.endpoints.recover(id, since, undefined, this.#by.caller)
    return missing ? failed + (await this.endpoints.replayMissing(id, since, undefined, this.#by.caller)) : failed
  }

  /** @returns the id of the message */
  async sendExample(id: string, type: string): Promise<string> {
    return messageIdOf(await this.endpoints.sendExample(id, type, this.#by.caller))
  }

  /** @returns the new secret */
  async rotateSecret(id: string, graceSeconds: number | undefined): Promise<string> {
    await this.endpoints.rotateSecret(id, { graceSeconds }, this.#by.caller)
    return this.endpoints.secret(id)
  }
}

function summary({ id, eventId, succeeded, responseStatus, response, duration, createdAt }: AttemptRecord) {
  return { id, messageId: messageIdOf(eventId), succeeded, responseStatus, response, duration, createdAt }
}
