import { OwnFactorService } from '../../flows/profile-security/own-factors.service.js'
import { OwnPasskeyService } from '../../flows/profile-security/own-passkeys.service.js'
import { OwnPasswordService } from '../../flows/profile-security/own-passwords.service.js'
import { OwnSessionService } from '../../flows/profile-security/own-sessions.service.js'
import { ReverificationService } from '../../flows/reverification/reverification.service.js'
import type { InstanceContext } from '../../instances/instance-context.js'
import type { createFactorServices } from './factors.js'
import type { IdentityServices } from './identities.js'
import type { InstanceServices } from './instance.js'
import type { SessionServices } from './sessions.js'
import type { SignInServices } from './sign-in.js'
import type { UserServices } from './users.js'

/** What people do for the security of their own account, and the proofs that it asks for. */
export function createProfileSecurityServices(
  context: InstanceContext,
  { outbox: messages }: InstanceServices,
  { userRecords, verifications, passkeys }: IdentityServices,
  { sessions, browserSessions, sessionViews, sessionTokens, reverifications, stepUp, me }: SessionServices,
  { userCredentials, userFactors }: UserServices,
  { signInOffers: offers }: SignInServices,
  { passkeyCeremonies }: ReturnType<typeof createFactorServices>,
) {
  const own = { context, stepUp, userRecords, me }
  return {
    reverification: new ReverificationService({
      context,
      offers,
      reverifications,
      browserSessions,
      sessionViews,
      userRecords,
      verifications,
    }),
    ownPasswords: new OwnPasswordService({ ...own, userCredentials, sessions, offers, messages }),
    ownFactors: new OwnFactorService({ ...own, userFactors, browserSessions, messages }),
    ownPasskeys: new OwnPasskeyService({ ...own, passkeys, passkeyCeremonies, verifications, messages }),
    ownSessions: new OwnSessionService({ stepUp, me, sessions, sessionTokens }),
  }
}
