import type { ApiError } from '../../kernel/errors/api-error.js'
import { accessErrors } from './access.errors.js'
import type { AccessRefusal } from './access.rules.js'

/** The API's answer to somebody who may not. */
export function toApiError(refusal: AccessRefusal): ApiError {
  switch (refusal.reason) {
    case 'mode_restricted':
      return accessErrors.modeRestricted()
    case 'mode_waitlist':
      return accessErrors.modeWaitlist()
    case 'not_allowed':
      return accessErrors.notAllowed(refusal.identifiers)
    case 'disposable':
      return accessErrors.disposable(refusal.identifiers)
    case 'mailbox_taken':
      return accessErrors.mailboxTaken(refusal.identifiers)
  }
}
