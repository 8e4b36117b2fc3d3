import type { EmailAddressJSON } from '@latchkey/types'
import type { Resource } from './resource.js'
import type { Verification } from './verifications.js'

export interface EmailAddress extends Resource<EmailAddressJSON> {
  verification: Verification | null
}
