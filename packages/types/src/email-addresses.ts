import type { ResourceJSON } from './resource.js'
import type { IdentificationLinkJSON, IdentificationStatus, VerificationJSON } from './verification.js'

export interface EmailAddressJSON extends ResourceJSON<'email_address'> {
  email_address: string
  /** Usable for sign-in and locked for others, although it is not verified. */
  reserved: boolean
  verification: VerificationJSON | null
  linked_to: IdentificationLinkJSON[]
  /** The address belongs to the domain of an active enterprise connection. */
  matches_sso_connection?: boolean
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

export interface CreateEmailAddressJSON {
  user_id: string
  email_address: string
  /** Default is false. */
  verified?: boolean | null
  /** Default is false, unless it is the user's first address. */
  primary?: boolean | null
  /** Notifies the previous primary address of the change. Default is false. */
  notify_primary_email_address_changed?: boolean | null
}

export interface UpdateEmailAddressJSON {
  verified?: boolean | null
  primary?: boolean | null
  /** Notifies the previous primary address of the change. Default is false. */
  notify_primary_email_address_changed?: boolean | null
}

/** Body of `PUT /users/{user_id}/email_address`, which deletes all other addresses of the user. */
export interface ReplaceUserEmailAddressJSON {
  email_address: string
  /** Default is `verified`. With `unverified`, the address cannot be used for sign-in and is not locked for others. */
  identification_status?: IdentificationStatus | 'unverified'
  /** Notifies the previous primary address of the change. Default is false. */
  notify_primary_email_address_changed?: boolean | null
}
