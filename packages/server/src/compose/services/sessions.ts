import type { InstanceContext } from '../../instances/instance-context.js'
import { canProveSecondFactor } from '../../flows/reverification/reverification.rules.js'
import { SessionReverificationRecords } from '../../resources/session-reverifications/session-reverifications.service.js'
import { StepUp } from '../../resources/session-reverifications/step-up.service.js'
import { ClientRecords } from '../../resources/client-records/client-records.service.js'
import { BrowserSessionService } from '../../resources/sessions/browser-sessions.service.js'
import { SessionViewService } from '../../resources/sessions/session-views.service.js'
import { ClientService } from '../../resources/clients/clients.service.js'
import { SessionCookies } from '../../resources/sessions/session-cookies.service.js'
import { SessionRefreshService } from '../../resources/sessions/session-refresh.service.js'
import { SessionTokenService } from '../../resources/sessions/session-tokens.service.js'
import { SessionService } from '../../resources/sessions/sessions.service.js'
import { TokenVerificationService } from '../../resources/sessions/token-verification.service.js'
import { MeService } from '../../resources/me/me.service.js'
import type { User } from '../../resources/user-records/user-records.rules.js'
import type { IdentityServices } from './identities.js'
import type { InstanceServices } from './instance.js'

/** Browsers, their sessions, and the tokens of these sessions. */
export function createSessionServices(
  context: InstanceContext,
  { signingKeys, jwtTemplates, membershipRecords, organizationRecords }: InstanceServices,
  { sessionTasks, userRecords }: IdentityServices,
) {
  const clientRecords = new ClientRecords(context)
  const sessions = new SessionService({ context, sessionTasks, clientRecords, userRecords, membershipRecords })
  const tokenVerification = new TokenVerificationService({ context, sessions, clientRecords, signingKeys })
  const sessionTokens = new SessionTokenService({ context, sessions, userRecords, jwtTemplates, signingKeys })
  const sessionCookies = new SessionCookies({ context, sessionTokens, signingKeys })
  const me = new MeService({ userRecords, membershipRecords })
  const records = { clientRecords, userRecords, membershipRecords, organizationRecords }
  const reverifications = new SessionReverificationRecords(context)
  const hasSecondFactor = (user: User) => canProveSecondFactor(user, context.instance.settings)
  return {
    clientRecords,
    sessions,
    browserSessions: new BrowserSessionService({ context, sessionTasks, sessions, sessionTokens, ...records }),
    me,
    sessionViews: new SessionViewService({ context, me, sessions, sessionTokens }),
    tokenVerification,
    clients: new ClientService({ clientRecords, sessions, tokenVerification }),
    sessionTokens,
    reverifications,
    stepUp: new StepUp({ context, sessions, userRecords, reverifications, hasSecondFactor }),
    sessionCookies,
    sessionRefresh: new SessionRefreshService({ context, sessions, sessionCookies, signingKeys }),
  }
}

export type SessionServices = ReturnType<typeof createSessionServices>
