import type { InstanceContext } from '../../instances/instance-context.js'
import type { Consume } from '../../kernel/limits.js'
import type { AuditTrail } from '../../outbox/audit.js'
import type { Bell } from '../../outbox/webhooks/bell.js'
import { EventReader } from '../../outbox/webhooks/event-reader.js'
import { OneTimeTokenService } from '../../resources/one-time-tokens/one-time-tokens.service.js'
import { WebhookApplicationService } from '../../resources/webhook-endpoints/webhook-applications.service.js'
import { WebhookEndpointService } from '../../resources/webhook-endpoints/webhook-endpoints.service.js'
import { createAccountServices } from './account.js'
import { createDomainServices } from './domains.js'
import { createEmailLinkServices } from './email-links.js'
import { createFactorServices } from './factors.js'
import { createFlowServices } from './flows.js'
import { createIdentityServices } from './identities.js'
import type { Installation } from './installation.js'
import { createInstanceServices } from './instance.js'
import { createOAuthServices } from './oauth.js'
import { createOrganizationRoleServices } from './organization-roles.js'
import { createOrganizationServices } from './organizations.js'
import { createMemberOrganizationServices } from './member-organizations.js'
import { createLinkServices } from './links.js'
import { createMachineServices } from './machines.js'
import { createInvitationServices } from './invitations.js'
import { createProfileSecurityServices } from './profile-security.js'
import { createSessionServices } from './sessions.js'
import { createSignUpServices } from './sign-ups.js'
import { createSignInServices } from './sign-in.js'
import { createTicketServices } from './tickets.js'
import { createUserServices } from './users.js'

/** What the services of all instances share, beside their context. */
export interface ServerParts {
  /** Looks for queued messages. Undefined if this server sends no messages. */
  wake: (() => void) | undefined
  /** What mail is from: a domain, or the only address. Undefined if this server sends no mail. */
  sender: string | undefined
  installation: Installation
  /** Delivers events. */
  wakeWebhooks(): void
  /** Rings when events can be read. */
  bell: Bell
  /** Counts what limits allow. */
  consume: Consume
}

/** All services of one instance. Each area is built from the areas before it. */
export function createServices(
  context: InstanceContext,
  audit: AuditTrail,
  { wake, wakeWebhooks, bell, consume, sender, installation }: ServerParts,
) {
  const instance = createInstanceServices(context, { wake, consume })
  const invitations = createInvitationServices(context, instance)
  const organizationRoles = createOrganizationRoleServices(context, instance)
  const identities = createIdentityServices(context, instance, invitations, sender)
  const sessions = createSessionServices(context, instance, identities)
  const organizations = createOrganizationServices(context, instance, invitations, identities, sessions)
  const memberOrganizations = createMemberOrganizationServices(context, instance, identities, sessions, organizations)
  const oauth = createOAuthServices(context, instance, identities)
  const domains = createDomainServices(context, instance, sessions)
  const users = createUserServices(context, instance, identities, sessions)
  const emailLinks = createEmailLinkServices(context, instance, identities, sessions, domains, installation)
  const account = createAccountServices(context, identities, sessions, organizations, users, emailLinks)
  const tickets = createTicketServices(context, instance, identities)
  const machines = createMachineServices(context, instance, identities)
  const factors = createFactorServices(context, identities, users, emailLinks, domains)
  const signIn = createSignInServices(
    context,
    instance,
    identities,
    sessions,
    users,
    factors,
    emailLinks,
    organizations,
  )
  const signUps = createSignUpServices(
    context,
    instance,
    invitations,
    identities,
    sessions,
    users,
    emailLinks,
    organizations,
    signIn.signIns,
  )
  const flows = createFlowServices(context, instance, sessions, domains, signIn, signUps)
  const profileSecurity = createProfileSecurityServices(context, instance, identities, sessions, users, signIn, factors)
  const links = createLinkServices(
    context,
    instance,
    identities,
    sessions,
    domains,
    organizations,
    signIn,
    flows,
    signUps,
    emailLinks,
    installation,
  )
  const oneTimeTokens = new OneTimeTokenService(context)
  const webhookApplications = new WebhookApplicationService({ context, oneTimeTokens })
  return {
    installation,
    context,
    audit,
    ...instance,
    ...invitations,
    ...organizationRoles,
    ...identities,
    ...sessions,
    ...domains,
    ...oauth,
    ...organizations,
    ...memberOrganizations,
    ...users,
    ...account,
    ...tickets,
    ...machines,
    ...emailLinks,
    ...factors,
    ...signUps,
    ...signIn,
    ...flows,
    ...profileSecurity,
    ...links,
    eventReader: new EventReader(context, bell),
    webhookApplications,
    webhookEndpoints: new WebhookEndpointService(context, wakeWebhooks, webhookApplications),
  }
}

export type Services = ReturnType<typeof createServices>
