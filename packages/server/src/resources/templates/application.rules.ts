import { frontendApiUrlOf } from '../../instances/instance.js'
import type { InstanceContext } from '../../instances/instance-context.js'
import type { Application } from '../../outbox/messages/wording.js'
import { homeUrlOf } from '../environment/environment.rules.js'

/** What messages call the application. Its addresses are settings, never the host that a request came to. */
export function applicationOf({ instance, publicUrl }: Pick<InstanceContext, 'instance' | 'publicUrl'>): Application {
  const { name, frontendHost, settings } = instance
  const { homeUrl, logoUrl, primaryColor } = settings.display
  return {
    name,
    domainName: frontendHost,
    url: homeUrl ?? homeUrlOf(instance, { hostedUrl: frontendApiUrlOf(instance, publicUrl()) }),
    logoUrl,
    primaryColor,
    supportEmail: settings.supportEmail,
  }
}
