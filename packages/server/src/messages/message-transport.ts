import type { MessageRecord } from '../storage/tables.js'

/** What a message goes out through: an SMTP server, an SMS gateway. */
export interface MessageTransport {
  channel: MessageRecord['channel']
  /** What never stands in a log or in the database, though the other side may repeat it in an answer. */
  secrets: readonly string[]
  /**
   * Hands the message over; resolves once the other side has taken it.
   *
   * @throws {DeliveryError}
   */
  send(message: MessageRecord, signal: AbortSignal): Promise<void>
}

/**
 * - `refused`: this message will never be taken
 * - `deferred`: this message may be taken later
 * - `unavailable`: no message is taken at present, whichever it is
 */
export type DeliveryFailure = 'refused' | 'deferred' | 'unavailable'

export class DeliveryError extends Error {
  override readonly name = 'DeliveryError'

  constructor(
    message: string,
    readonly failure: DeliveryFailure,
    options?: ErrorOptions,
  ) {
    super(message, options)
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
