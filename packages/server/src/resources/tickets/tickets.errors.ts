import { apiError } from '../../kernel/errors/api-error.js'
import { errors } from '../../kernel/errors/errors.js'

const bad = (code: string, longMessage: string) => () => apiError(400, code, longMessage, longMessage)

/** What can be wrong with a ticket of each kind, in the codes of the kind. */
export const ticketErrors = {
  sign_in_token: {
    notFound: (id: string) => errors.resourceNotFound('sign-in token', id),
    /** When it is used, after its user was deleted. */
    gone: (id: string) => errors.resourceNotFound('sign-in token', id),
    used: bad('sign_in_token_already_used_code', 'This sign-in token has been used already'),
    revoked: bad('sign_in_token_revoked_code', 'This sign-in token has been revoked'),
    unusable: bad('sign_in_token_cannot_be_used_code', 'This sign-in token cannot be used'),
    elsewhere: bad('sign_in_token_not_in_sign_in_code', 'A sign-in token can be used only in a sign-in'),
    revokeUsed: bad('sign_in_token_cannot_be_revoked_code', 'Only a pending sign-in token can be revoked'),
    revokeRevoked: bad('sign_in_token_cannot_be_revoked_code', 'This sign-in token has been revoked already'),
  },
  actor_token: {
    notFound: (id: string) => errors.resourceNotFound('actor token', id),
    gone: () =>
      apiError(404, 'actor_token_subject_not_found', 'Not found', 'The user of this actor token no longer exists'),
    used: bad('actor_token_already_used_code', 'This actor token has been used already'),
    revoked: bad('actor_token_revoked_code', 'This actor token has been revoked'),
    unusable: bad('actor_token_cannot_be_used_code', 'This actor token cannot be used'),
    elsewhere: bad('actor_token_not_in_sign_in_code', 'An actor token can be used only in a sign-in'),
    revokeUsed: bad('actor_token_cannot_be_revoked_code', 'Only a pending actor token can be revoked'),
    revokeRevoked: bad('actor_token_cannot_be_revoked_code', 'This actor token has been revoked already'),
  },
  agent_task: {
    notFound: (id: string) =>
      apiError(404, 'agent_task_not_found', 'Not found', `No agent task was found with id ${JSON.stringify(id)}`),
    gone: () =>
      apiError(404, 'agent_task_subject_not_found', 'Not found', 'The user of this agent task no longer exists'),
    used: bad('agent_task_already_used', 'This agent task has been used already'),
    revoked: bad('agent_task_revoked', 'This agent task has been revoked'),
    unusable: bad('agent_task_cannot_be_used', 'This agent task cannot be used'),
    elsewhere: bad('agent_task_not_in_sign_in', 'An agent task can be used only in a sign-in'),
    revokeUsed: bad('agent_task_cannot_be_revoked', 'Only a pending agent task can be revoked'),
    revokeRevoked: bad('agent_task_cannot_be_revoked', 'This agent task has been revoked already'),
  },
  invitation: {
    notFound: (id: string) => errors.resourceNotFound('invitation', id),
    gone: (id: string) => errors.resourceNotFound('invitation', id),
    used: bad('invitation_already_accepted', 'This invitation has been accepted already'),
    revoked: bad('revoked_invitation', 'This invitation has been revoked'),
    unusable: bad('ticket_invalid_code', 'This invitation cannot be used'),
    elsewhere: bad('ticket_invalid_code', 'An invitation cannot be used here'),
    revokeUsed: bad('invitation_already_accepted', 'An invitation that has been accepted cannot be revoked'),
    revokeRevoked: bad('invitation_already_revoked', 'This invitation has been revoked already'),
  },
  organization_invitation: {
    /** The invitation goes with its organization. */
    gone: bad('organization_invitation_to_deleted_organization', 'The organization of this invitation was deleted'),
    used: bad('organization_invitation_already_accepted', 'This invitation has been accepted already'),
    revoked: bad('organization_invitation_revoked_code', 'This invitation has been revoked'),
    elsewhere: bad('ticket_invalid_code', 'An invitation to an organization cannot be used here'),
  },
}

export const anyTicketErrors = {
  invalid: bad('ticket_invalid_code', 'The ticket is invalid: it was not issued by this instance, or was cut short'),
  expired: bad('ticket_expired_code', 'The ticket has expired. Ask for a new one'),
}
