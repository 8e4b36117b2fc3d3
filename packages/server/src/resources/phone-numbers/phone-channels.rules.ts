import { attribute, type PhoneChannel } from '../../instances/settings/attributes.js'
import type { InstanceSettings } from '../../instances/settings/settings.js'
import { errors, quote } from '../../kernel/errors/errors.js'
import { phoneNumber } from '../../lib/identifiers/index.js'

export interface CodeToNumber {
  /** In E.164 form. */
  number: string
  /** Undefined if nobody chose: components leave out `sms`. */
  chosen: PhoneChannel | undefined
  /** No code was sent to the number before for the same sign-in, sign-up or whatever it is for. */
  isFirst: boolean
}

/**
 * How a code goes to a phone number: as somebody chose; else the first as the number's country prefers, and others by SMS,
 * which is what people ask for who did not get the first. An instance that sends no SMS has one channel.
 *
 * @throws {ApiError} 422 `form_param_value_invalid`
 */
export function channelTo({ number, chosen, isFirst }: CodeToNumber, settings: InstanceSettings): PhoneChannel {
  const { channels } = attribute(settings, 'phone_number')
  if (chosen !== undefined) {
    if (chosen === 'sms' || channels.includes(chosen)) return chosen
    throw errors.paramValueInvalid('channel', `is ${quote(chosen)}, which this instance does not send codes by`)
  }
  const preferred = isFirst ? preferredBy(number, settings) : undefined
  if (preferred !== undefined && channels.includes(preferred)) return preferred
  return channels.includes('sms') ? 'sms' : (channels[0] ?? 'sms')
}

/** The preference of the number's country. Test numbers are of none. */
function preferredBy(number: string, { auth: { preferredChannels } }: InstanceSettings): PhoneChannel | undefined {
  if (Object.keys(preferredChannels).length === 0) return undefined
  const parsed = phoneNumber(number)
  return parsed.ok && parsed.country !== null ? preferredChannels[parsed.country] : undefined
}
