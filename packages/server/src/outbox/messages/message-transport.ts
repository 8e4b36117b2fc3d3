import type { MessageRecord } from './messages.table.js'

/** The channel that sends messages: an SMTP server or an SMS gateway. */
export interface MessageTransport {
  channel: MessageRecord['channel']
  /** Secrets that must not get into a log or the database, although the other side may repeat them in an answer. */
  secrets: readonly string[]
  /**
   * Sends the message; resolves once the other side has accepted it.
   *
   * @throws {DeliveryError}
   */
  send(message: MessageRecord, signal: AbortSignal): Promise<void>
}

/**
 * - `refused`: this message will never be accepted
 * - `deferred`: this message may be accepted later
 * - `unavailable`: at present no message at all is accepted
 */
export type DeliveryFailure = 'refused' | 'deferred' | 'unavailable'

export class DeliveryError extends Error {
  override readonly name = 'DeliveryError'

  /** Nobody is reached at the address or the number, also by other messages. */
  readonly isRecipientGone: boolean

  constructor(
    message: string,
    readonly failure: DeliveryFailure,
    { isRecipientGone = false, ...options }: ErrorOptions & { isRecipientGone?: boolean } = {},
  ) {
    super(message, options)
    this.isRecipientGone = isRecipientGone
  }
}

/** A setting of delivery that cannot be used. Its message never contains the value, which may hold a password. */
export class DeliverySettingError extends Error {
  override readonly name = 'DeliverySettingError'

  constructor(
    /** `mail.from` for example. */
    readonly setting: string,
    readonly expectation: string,
  ) {
    super(`"${setting}" must be ${expectation}`)
  }
}
