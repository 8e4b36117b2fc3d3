import { SignInCodes } from '../../flows/sign-in/sign-in-codes.service.js'
import { SignInIdentities } from '../../flows/sign-in/sign-in-identities.service.js'
import { SignInLinks } from '../../flows/sign-in/sign-in-links.service.js'
import { SignInOffers } from '../../flows/sign-in/sign-in-offers.service.js'
import { SignInPasskeys } from '../../flows/sign-in/sign-in-passkeys.service.js'
import { SignInProgress } from '../../flows/sign-in/sign-in-progress.service.js'
import { SignInSteps } from '../../flows/sign-in/sign-in-steps.service.js'
import { SignInTickets } from '../../flows/sign-in/sign-in-tickets.service.js'
import { SignInService } from '../../flows/sign-in/sign-ins.service.js'
import type { InstanceContext } from '../../instances/instance-context.js'
import type { EmailLinkServices } from './email-links.js'
import type { createFactorServices } from './factors.js'
import type { IdentityServices } from './identities.js'
import type { InstanceServices } from './instance.js'
import type { createOrganizationServices } from './organizations.js'
import type { SessionServices } from './sessions.js'
import type { createUserServices } from './users.js'

/** Signing in, in a browser. */
export function createSignInServices(
  context: InstanceContext,
  { outbox: messages, tickets }: InstanceServices,
  { userRecords, verifications, lockout, access }: IdentityServices,
  { clientRecords, sessions }: SessionServices,
  { userCredentials }: ReturnType<typeof createUserServices>,
  { factors }: ReturnType<typeof createFactorServices>,
  { emailLinks, sessionLinks }: EmailLinkServices,
  { organizationInvitations }: ReturnType<typeof createOrganizationServices>,
) {
  const offers = new SignInOffers({ context, factors, userRecords, verifications })
  const identities = new SignInIdentities({ context, userRecords, access })
  const shared = { context, clientRecords, userRecords, sessions, lockout }
  const progress = new SignInProgress({
    ...shared,
    offers,
    identities,
    organizationInvitations,
    messages,
    sessionLinks,
  })
  const codes = new SignInCodes({ context, offers, verifications, messages, emailLinks })
  const records = { context, clientRecords, userRecords, progress, identities, offers, codes, emailLinks }
  const signInTickets = new SignInTickets({ ...records, tickets, verifications, organizationInvitations })
  const passkeys = new SignInPasskeys({ context, progress, clientRecords, factor: factors.first.passkey })
  const signInSteps = new SignInSteps({
    ...records,
    passkeys,
    tickets: signInTickets,
    userCredentials,
    sessions,
    messages,
  })
  const signIns = new SignInService({ ...records, passkeys, steps: signInSteps, tickets: signInTickets })
  const signInLinks = new SignInLinks({ ...records, steps: signInSteps, factor: factors.first.email_link })
  return { signIns, signInSteps, signInOffers: offers, signInTickets, signInLinks }
}

export type SignInServices = ReturnType<typeof createSignInServices>
