import { attribute, type PhoneChannel } from '../../instances/settings/attributes.js'
import type { InstanceSettings } from '../../instances/settings/settings.js'
import { errors, quote } from '../../kernel/errors/errors.js'

/**
 * How a code goes to a phone number: as somebody chose, else by SMS, unless the instance sends none.
 *
 * @throws {ApiError} 422 `form_param_value_invalid`
 */
export function chosenChannel(chosen: PhoneChannel | undefined, settings: InstanceSettings): PhoneChannel {
  const { channels } = attribute(settings, 'phone_number')
  if (chosen === undefined) return channels.includes('sms') ? 'sms' : (channels[0] ?? 'sms')
  if (chosen !== 'sms' && !channels.includes(chosen)) {
    throw errors.paramValueInvalid('channel', `is ${quote(chosen)}, which this instance does not send codes by`)
  }
  return chosen
}
