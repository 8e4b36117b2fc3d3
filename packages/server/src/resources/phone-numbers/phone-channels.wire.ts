import { z } from 'zod'
import { PHONE_CHANNELS } from '../../instances/settings/attributes.js'

/** How somebody wants a code to go to a phone number; clients send an empty text for no wish. */
export const channelChoice = z.enum(['', ...PHONE_CHANNELS]).nullish()
