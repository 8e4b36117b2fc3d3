import { SignUpCompletionService } from '../../flows/sign-up/sign-up-completion.service.js'
import { SignUpFlowService, type SignInTransfers } from '../../flows/sign-up/sign-up-flow.service.js'
import { SignUpInputService } from '../../flows/sign-up/sign-up-input.service.js'
import { SignUpTicketService } from '../../flows/sign-up/sign-up-tickets.service.js'
import { SignUpVerificationService } from '../../flows/sign-up/sign-up-verifications.service.js'
import type { InstanceContext } from '../../instances/instance-context.js'
import type { EmailLinkServices } from './email-links.js'
import type { IdentityServices } from './identities.js'
import type { InstanceServices } from './instance.js'
import type { InvitationServices } from './invitations.js'
import type { createOrganizationServices } from './organizations.js'
import type { SessionServices } from './sessions.js'
import type { UserServices } from './users.js'

/** How people sign up in a browser. */
export function createSignUpServices(
  context: InstanceContext,
  { outbox: messages, tickets }: InstanceServices,
  { invitations, signUps }: InvitationServices,
  { access, emailAddresses, phoneNumbers, userRecords, verifications }: IdentityServices,
  { clientRecords, sessions }: SessionServices,
  { newUsers, userCredentials }: UserServices,
  { emailLinks }: EmailLinkServices,
  { organizationInvitations }: ReturnType<typeof createOrganizationServices>,
  signIns?: SignInTransfers,
) {
  const signUpTickets = new SignUpTicketService({ tickets, invitations, organizationInvitations })
  return {
    signUpFlow: new SignUpFlowService({
      context,
      clientRecords,
      signUps,
      signIns,
      emailLinks,
      signUpInputs: new SignUpInputService({
        context,
        emailAddresses,
        phoneNumbers,
        userRecords,
        userCredentials,
        signUpTickets,
      }),
      signUpVerifications: new SignUpVerificationService({
        context,
        verifications,
        emailAddresses,
        phoneNumbers,
        messages,
        emailLinks,
      }),
      signUpCompletion: new SignUpCompletionService({ context, access, newUsers, sessions, signUps, signUpTickets }),
    }),
  }
}

export type SignUpServices = ReturnType<typeof createSignUpServices>
