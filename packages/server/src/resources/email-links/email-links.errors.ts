import { apiError } from '../../kernel/errors/api-error.js'

const bad = (code: string, longMessage: string) => () => apiError(400, code, 'Invalid link', longMessage)

export const emailLinkErrors = {
  invalid: bad(
    'verification_link_token_invalid',
    'The link is invalid: this instance did not send it, or it was cut short',
  ),
  expired: bad('verification_link_token_expired', 'The link has expired. Ask for a new one'),
  stale: bad('verification_link_token_stale', 'What this link was sent for no longer exists. Begin again'),
  sourceInvalid: bad('verification_link_token_source_invalid', 'The link was sent for something else'),
}
