import type { Metadata } from './metadata.js'
import type { ResourceJSON } from './resource.js'
import type { VerificationJSON } from './verification.js'

export type SignInStatus =
  | 'abandoned'
  | 'needs_identifier'
  | 'needs_first_factor'
  | 'needs_second_factor'
  | 'needs_client_trust'
  | 'needs_new_password'
  | 'needs_protect_check'
  | 'complete'
export type SignUpStatus = 'missing_requirements' | 'complete' | 'abandoned'
export type SignUpVerificationNextAction = 'needs_prepare' | 'needs_attempt' | ''

/** The fields of a sign-in that the Backend SDK reads. Only the Frontend API answers with one. */
export interface SignInJSON extends ResourceJSON<'sign_in_attempt'> {
  status: SignInStatus
  /** Null until somebody is identified. */
  identifier: string | null
  created_session_id: string | null
}

export interface SignUpJSON extends ResourceJSON<'sign_up_attempt'> {
  status: SignUpStatus
  required_fields: string[]
  optional_fields: string[]
  missing_fields: string[]
  unverified_fields: string[]
  verifications: SignUpVerificationsJSON
  username: string | null
  email_address: string | null
  phone_number: string | null
  web3_wallet: string | null
  password_enabled: boolean
  first_name: string | null
  last_name: string | null
  /** BCP 47, such as `en-US`. */
  locale?: string | null
  public_metadata?: Metadata
  unsafe_metadata?: SignUpUnsafeMetadata & Metadata
  custom_action: boolean
  external_id: string | null
  created_session_id: string | null
  created_user_id: string | null
  /** Unix milliseconds. */
  abandon_at: number
  /** Unix milliseconds. */
  legal_accepted_at: number | null
  /** @deprecated Use `verifications.external_account`. */
  external_account: object | null
}

/** A sign-up as the Frontend API shows it to its own browser. */
export interface FrontendSignUpJSON extends Omit<SignUpJSON, 'external_account'> {
  /** The same as `password_enabled`, in the words of newer clients. */
  has_password: boolean
}

export interface SignUpVerificationsJSON {
  email_address: SignUpVerificationJSON | null
  phone_number: SignUpVerificationJSON | null
  web3_wallet: SignUpVerificationJSON | null
  external_account: VerificationJSON | null
}

export interface SignUpVerificationJSON extends Partial<VerificationJSON> {
  next_action: SignUpVerificationNextAction
  supported_strategies: string[]
}
