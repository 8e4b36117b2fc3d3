import type { Metadata } from './metadata.js'
import type { ResourceJSON } from './resource.js'

export type InvitationStatus = 'pending' | 'accepted' | 'revoked' | 'expired'
export type WaitlistEntryStatus = 'pending' | 'invited' | 'completed' | 'rejected'
export type AllowlistIdentifierType = 'email_address' | 'phone_number' | 'web3_wallet'
export type BlocklistIdentifierType = AllowlistIdentifierType

/** An invitation to the application. */
export interface InvitationJSON extends ResourceJSON<'invitation'> {
  email_address: string
  public_metadata: Metadata
  revoked?: boolean
  status: InvitationStatus
  url?: string
  /** Unix milliseconds. */
  expires_at?: number | null
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

export interface WaitlistEntryJSON extends ResourceJSON<'waitlist_entry'> {
  email_address: string
  status: WaitlistEntryStatus
  invitation: InvitationJSON | null
  /** A batch is processing it. Until then, no other change is possible. */
  is_locked: boolean
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

export interface AllowlistIdentifierJSON extends ResourceJSON<'allowlist_identifier'> {
  /** An e-mail address, phone number, wallet, or a domain as `*@example.com`. */
  identifier: string
  identifier_type: AllowlistIdentifierType
  instance_id?: string
  invitation_id?: string
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}

export interface BlocklistIdentifierJSON extends ResourceJSON<'blocklist_identifier'> {
  /** An e-mail address, phone number, wallet, or a domain as `*@example.com`. */
  identifier: string
  identifier_type: BlocklistIdentifierType
  instance_id?: string
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}
