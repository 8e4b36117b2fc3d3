import { ClientFlowService } from '../../flows/client/client.service.js'
import type { InstanceContext } from '../../instances/instance-context.js'
import { DevBrowserService } from '../../resources/dev-browsers/dev-browsers.service.js'
import { EnvironmentService } from '../../resources/environment/environment.service.js'
import type { InstanceServices } from './instance.js'
import type { SessionServices } from './sessions.js'

/** What people do in a browser. */
export function createFlowServices(
  context: InstanceContext,
  { instanceSettings }: InstanceServices,
  { clientRecords, sessions, browserSessions, sessionViews }: SessionServices,
) {
  // No sign-in or sign-up is served yet that a browser could have begun.
  const none = { toJSON: async () => undefined }
  return {
    environment: new EnvironmentService({ context, instanceSettings }),
    devBrowsers: new DevBrowserService({ context, clientRecords }),
    clientFlow: new ClientFlowService({
      context,
      clientRecords,
      sessions,
      browserSessions,
      sessionViews,
      signIns: none,
      signUps: none,
    }),
  }
}
