import { SigningKeys } from '../../instances/signing-keys.js'
import type { InstanceContext } from '../../instances/instance-context.js'
import type { Consume } from '../../kernel/limits.js'
import { isTestEmailAddress, isTestPhoneNumber } from '../../lib/identifiers/index.js'
import { MessageLimits } from '../../outbox/messages/message-limits.js'
import { MessageOutbox } from '../../outbox/messages/message-outbox.js'
import { BlocklistIdentifierService } from '../../resources/blocklist-identifiers/blocklist-identifiers.service.js'
import { ImageService } from '../../resources/images/images.service.js'
import { checkNumber } from '../../resources/instance-settings/communication.rules.js'
import { InstanceSettingsService } from '../../resources/instance-settings/instance-settings.service.js'
import { JwtTemplateService } from '../../resources/jwt-templates/jwt-templates.service.js'
import { OrganizationInvitationRecords } from '../../resources/organization-records/invitation-records.service.js'
import { MembershipRecords } from '../../resources/organization-records/membership-records.service.js'
import { OrganizationRecords } from '../../resources/organization-records/organization-records.service.js'
import { OrganizationRoleRecords } from '../../resources/organization-role-records/organization-role-records.service.js'
import { RedirectUrlService } from '../../resources/redirect-urls/redirect-urls.service.js'
import { applicationOf } from '../../resources/templates/application.rules.js'
import { TemplateService } from '../../resources/templates/templates.service.js'
import { TicketService } from '../../resources/tickets/tickets.service.js'
import { users } from '../../resources/user-records/user-records.table.js'
import { Rows } from '../../storage/rows.js'

/** The services of the instance itself: settings, keys, templates, pictures, outgoing messages, rows of organizations. */
export function createInstanceServices(
  context: InstanceContext,
  { wake, consume }: { wake: (() => void) | undefined; consume: Consume },
) {
  const { instanceId, database, clock, ids } = context
  const signingKeys = new SigningKeys(context)
  const organizationRoleRecords = new OrganizationRoleRecords(context)
  const organizationRecords = new OrganizationRecords(context)
  const templates = new TemplateService(context)
  const recipients = new Rows(users, context)
  const outbox = new MessageOutbox({
    instanceId,
    database,
    clock,
    ids,
    fromName: () => context.instance.settings.fromEmailName,
    wake,
    application: () => applicationOf(context),
    defaultLanguage: () => context.instance.settings.communication.defaultLocale,
    findUser: (id, tx) => recipients.find(id, tx),
    isTest: (address) =>
      context.instance.settings.testMode && (isTestEmailAddress(address) || isTestPhoneNumber(address)),
    limits: new MessageLimits({
      instanceId,
      consume,
      logger: context.logger,
      settings: () => context.instance.settings.rateLimits,
    }),
    findOverride: (channel, slug, tx) => templates.findOverride(channel, slug, tx),
    checkNumber: (number) => checkNumber(number, context.instance.settings.communication),
  })
  const tickets = new TicketService(context, outbox)
  const records = { context, organizationRecords, organizationRoleRecords }
  const organizationInvitationRecords = new OrganizationInvitationRecords({ ...records, tickets, messages: outbox })
  const membershipRecords = new MembershipRecords({ ...records, organizationInvitationRecords })
  return {
    signingKeys,
    tickets,
    instanceSettings: new InstanceSettingsService({ context, organizationRoleRecords }),
    jwtTemplates: new JwtTemplateService({ context, signingKeys, membershipRecords }),
    organizationRoleRecords,
    organizationRecords,
    organizationInvitationRecords,
    membershipRecords,
    blocklistIdentifiers: new BlocklistIdentifierService(context),
    redirectUrls: new RedirectUrlService(context),
    images: new ImageService(context),
    templates,
    outbox,
  }
}

export type InstanceServices = ReturnType<typeof createInstanceServices>
