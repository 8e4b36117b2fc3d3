import { SigningKeys } from '../../instances/signing-keys.js'
import type { InstanceContext } from '../../instances/instance-context.js'
import { MessageOutbox } from '../../outbox/messages/message-outbox.js'
import { ImageService } from '../../resources/images/images.service.js'
import { InstanceSettingsService } from '../../resources/instance-settings/instance-settings.service.js'
import { JwtTemplateService } from '../../resources/jwt-templates/jwt-templates.service.js'
import { OrganizationRoleRecords } from '../../resources/organization-role-records/organization-role-records.service.js'

/** The services of the instance itself: settings, keys, templates, pictures, outgoing messages. */
export function createInstanceServices(context: InstanceContext, wake: (() => void) | undefined) {
  const { instanceId, database, clock, ids } = context
  const signingKeys = new SigningKeys(context)
  return {
    signingKeys,
    instanceSettings: new InstanceSettingsService(context),
    jwtTemplates: new JwtTemplateService({ context, signingKeys }),
    organizationRoleRecords: new OrganizationRoleRecords(context),
    images: new ImageService(context),
    outbox: new MessageOutbox({
      instanceId,
      database,
      clock,
      ids,
      fromName: () => context.instance.settings.fromEmailName,
      wake,
    }),
  }
}

export type InstanceServices = ReturnType<typeof createInstanceServices>
