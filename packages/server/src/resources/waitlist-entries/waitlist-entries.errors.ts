import { apiError } from '../../kernel/errors/api-error.js'

const conflict = (code: string, longMessage: string) => () => apiError(409, code, longMessage, longMessage)

/** Why an entry cannot be changed, by the status that it has. */
export const waitlistErrors = {
  invited: conflict('waitlist_entry_already_invited', 'This waitlist entry has been invited already'),
  completed: conflict('waitlist_entry_already_completed', 'The person of this waitlist entry has signed up already'),
  rejected: conflict('waitlist_entry_already_rejected', 'This waitlist entry has been rejected already'),
  closed: () =>
    apiError(
      403,
      'waitlist_not_accepting_entries',
      'The waitlist is closed',
      'This application has no waitlist that people can join',
    ),
}
