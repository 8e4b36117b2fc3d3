import type { ResourceJSON } from './resource.js'
import type { IdentificationLinkJSON, IdentificationStatus, VerificationJSON } from './verification.js'

export interface PhoneNumberJSON extends ResourceJSON<'phone_number'> {
  /** In E.164 form. */
  phone_number: string
  reserved_for_second_factor: boolean
  default_second_factor: boolean
  /** Usable for sign-in and locked for others, although it is not verified. */
  reserved: boolean
  verification: VerificationJSON | null
  linked_to: IdentificationLinkJSON[]
  /** Shown once, when the number becomes the user's first second factor; otherwise null. */
  backup_codes: string[] | null
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

export interface CreatePhoneNumberJSON {
  user_id: string
  /** In E.164 form. */
  phone_number: string
  /** Default is false. */
  verified?: boolean | null
  /** Default is false, unless it is the user's first number. */
  primary?: boolean | null
  /** Requires a verified number. The user's first such number becomes the default second factor. */
  reserved_for_second_factor?: boolean | null
}

export interface UpdatePhoneNumberJSON {
  verified?: boolean | null
  primary?: boolean | null
  /** Requires a verified number. The user's first such number becomes the default second factor. */
  reserved_for_second_factor?: boolean | null
}

/** Body of `PUT /users/{user_id}/phone_number`, which deletes all other numbers of the user. */
export interface ReplaceUserPhoneNumberJSON {
  /** In E.164 form. */
  phone_number: string
  /** Default is `verified`. With `unverified`, the number cannot be used for sign-in and is not locked for others. */
  identification_status?: IdentificationStatus | 'unverified'
}
