import type { PhoneNumberJSON } from '@latchkey/types'
import type { Resource } from './resource.js'
import type { Verification } from './verifications.js'

export interface PhoneNumber extends Resource<PhoneNumberJSON> {
  /** In E.164 form. */
  phoneNumber: string
  verification: Verification | null
}
