import { ClientFlowService } from '../../flows/client/client.service.js'
import type { InstanceContext } from '../../instances/instance-context.js'
import { DevBrowserService } from '../../resources/dev-browsers/dev-browsers.service.js'
import { HandshakeService } from '../../flows/handshake/handshake.service.js'
import { SatelliteService } from '../../flows/satellites/satellites.service.js'
import { OneTimeTokenService } from '../../resources/one-time-tokens/one-time-tokens.service.js'
import { EnvironmentService } from '../../resources/environment/environment.service.js'
import type { DomainServices } from './domains.js'
import type { InstanceServices } from './instance.js'
import type { SessionServices } from './sessions.js'
import type { SignUpServices } from './sign-ups.js'
import type { SignInServices } from './sign-in.js'

/** What people do in a browser. */
export function createFlowServices(
  context: InstanceContext,
  { instanceSettings, signingKeys }: InstanceServices,
  { clientRecords, sessions, browserSessions, sessionCookies, sessionViews }: SessionServices,
  { domains, origins }: DomainServices,
  { signIns }: SignInServices,
  { signUpFlow }: SignUpServices,
) {
  const devBrowsers = new DevBrowserService({ context, clientRecords, origins, signingKeys })
  const oneTimeTokens = new OneTimeTokenService(context)
  const known = { context, clientRecords, sessions, signingKeys, oneTimeTokens, origins }
  const satellites = new SatelliteService({ ...known, domains })
  return {
    environment: new EnvironmentService({ context, instanceSettings }),
    devBrowsers,
    satellites,
    handshake: new HandshakeService({ ...known, browserSessions, sessionCookies, devBrowsers, satellites }),
    clientFlow: new ClientFlowService({
      context,
      clientRecords,
      sessions,
      browserSessions,
      sessionViews,
      signIns,
      signUps: signUpFlow,
    }),
  }
}
