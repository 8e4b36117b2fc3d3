import type { ResourceJSON } from './resource.js'
import type { VerificationJSON } from './verification.js'

export interface PasskeyJSON extends ResourceJSON<'passkey'> {
  name: string
  /** Unix milliseconds. */
  last_used_at: number
  verification: VerificationJSON | null
}
