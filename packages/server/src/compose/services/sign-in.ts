import { SignInCodes } from '../../flows/sign-in/sign-in-codes.service.js'
import { SignInIdentities } from '../../flows/sign-in/sign-in-identities.service.js'
import { SignInLinks } from '../../flows/sign-in/sign-in-links.service.js'
import { SignInOffers } from '../../flows/sign-in/sign-in-offers.service.js'
import { SignInProgress } from '../../flows/sign-in/sign-in-progress.service.js'
import { SignInSteps } from '../../flows/sign-in/sign-in-steps.service.js'
import { SignInTickets } from '../../flows/sign-in/sign-in-tickets.service.js'
import { SignInService } from '../../flows/sign-in/sign-ins.service.js'
import type { InstanceContext } from '../../instances/instance-context.js'
import type { EmailLinkServices } from './email-links.js'
import type { createFactorServices } from './factors.js'
import type { IdentityServices } from './identities.js'
import type { InstanceServices } from './instance.js'
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
  { emailLinks }: EmailLinkServices,
) {
  const offers = new SignInOffers({ context, factors, userRecords, verifications })
  const identities = new SignInIdentities({ context, userRecords, access })
  const progress = new SignInProgress({ context, clientRecords, userRecords, sessions, lockout, offers, identities })
  const codes = new SignInCodes({ context, offers, verifications, messages, emailLinks })
  const records = { context, clientRecords, userRecords, progress, identities, offers, codes, emailLinks }
  const signInTickets = new SignInTickets({ ...records, tickets, verifications })
  const signInSteps = new SignInSteps({ ...records, tickets: signInTickets, userCredentials, sessions })
  const signIns = new SignInService({ ...records, steps: signInSteps, tickets: signInTickets })
  const signInLinks = new SignInLinks({ ...records, steps: signInSteps, factor: factors.first.email_link })
  return { signIns, signInSteps, signInOffers: offers, signInTickets, signInLinks }
}

export type SignInServices = ReturnType<typeof createSignInServices>
