import { totpEnrolments } from '../flows/profile-security/totp-enrolments.table.js'
import { signIns } from '../flows/sign-in/sign-ins.table.js'
import { instances, operatorKeys, secrets, signingKeys } from '../instances/instances.table.js'
import { auditEntries, events } from '../outbox/events.table.js'
import { apiKeys } from '../resources/api-keys/api-keys.table.js'
import { m2mTokens } from '../resources/m2m-tokens/m2m-tokens.table.js'
import { machines, machineScopes } from '../resources/machines/machines.table.js'
import { messages } from '../outbox/messages/messages.table.js'
import { suppressedRecipients } from '../outbox/messages/suppressed-recipients.table.js'
import {
  eventStreams,
  webhookAttempts,
  webhookDeliveries,
  webhookEndpoints,
} from '../outbox/webhooks/webhooks.table.js'
import { webhookApplications } from '../resources/webhook-endpoints/webhook-applications.table.js'
import { allowlistIdentifiers } from '../resources/allowlist-identifiers/allowlist-identifiers.table.js'
import { blocklistIdentifiers } from '../resources/blocklist-identifiers/blocklist-identifiers.table.js'
import { clients } from '../resources/client-records/client-records.table.js'
import { domains } from '../resources/domains/domains.table.js'
import { emailAddresses } from '../resources/email-addresses/email-addresses.table.js'
import { externalAccounts } from '../resources/external-accounts/external-accounts.table.js'
import { images } from '../resources/images/images.table.js'
import { jwtTemplates } from '../resources/jwt-templates/jwt-templates.table.js'
import { oauthGrants, oauthTokens } from '../resources/oauth-access-tokens/oauth-access-tokens.table.js'
import { oauthApplications } from '../resources/oauth-applications/oauth-applications.table.js'
import {
  organizationDomains,
  organizationSuggestions,
} from '../resources/organization-domains/organization-domains.table.js'
import {
  organizationPermissions,
  organizationRolePermissions,
  organizationRoles,
  roleSetRoles,
  roleSets,
} from '../resources/organization-role-records/organization-role-records.table.js'
import { oneTimeTokens } from '../resources/one-time-tokens/one-time-tokens.table.js'
import {
  organizationInvitations,
  organizationMemberships,
  organizationMembershipRequests,
  organizations,
} from '../resources/organization-records/organization-records.table.js'
import { passkeys } from '../resources/passkeys/passkeys.table.js'
import { phoneNumbers } from '../resources/phone-numbers/phone-numbers.table.js'
import { proxyChecks } from '../resources/proxy-checks/proxy-checks.table.js'
import { redirectUrls } from '../resources/redirect-urls/redirect-urls.table.js'
import { sessionReverifications } from '../resources/session-reverifications/session-reverifications.table.js'
import { sessions } from '../resources/sessions/sessions.table.js'
import { trustedDevices } from '../resources/trusted-devices/trusted-devices.table.js'
import { users, userSearch } from '../resources/user-records/user-records.table.js'
import { verifications } from '../resources/verifications/verifications.table.js'
import { web3Wallets } from '../resources/web3-wallets/web3-wallets.table.js'
import { signUps } from '../resources/sign-ups/sign-ups.table.js'
import { tickets } from '../resources/tickets/tickets.table.js'
import { waitlistEntries } from '../resources/waitlist-entries/waitlist-entries.table.js'
import { templates } from '../resources/templates/templates.table.js'
import { rateLimits } from '../storage/rate-limits.table.js'
import { rowCounts } from '../storage/row-counts.table.js'
import type { Table } from '../storage/table.js'

/** Every table, each after those it references. */
export const tables: readonly Table[] = [
  instances,
  rowCounts,
  operatorKeys,
  machines,
  secrets,
  signingKeys,
  users,
  userSearch,
  emailAddresses,
  phoneNumbers,
  web3Wallets,
  externalAccounts,
  passkeys,
  trustedDevices,
  verifications,
  clients,
  sessions,
  sessionReverifications,
  totpEnrolments,
  signIns,
  oneTimeTokens,
  jwtTemplates,
  organizationPermissions,
  organizationRoles,
  organizationRolePermissions,
  roleSets,
  roleSetRoles,
  organizations,
  organizationMemberships,
  organizationDomains,
  organizationSuggestions,
  organizationInvitations,
  organizationMembershipRequests,
  allowlistIdentifiers,
  blocklistIdentifiers,
  redirectUrls,
  domains,
  proxyChecks,
  oauthApplications,
  oauthGrants,
  oauthTokens,
  images,
  tickets,
  waitlistEntries,
  signUps,
  templates,
  machineScopes,
  m2mTokens,
  apiKeys,
  messages,
  suppressedRecipients,
  events,
  eventStreams,
  webhookApplications,
  webhookEndpoints,
  webhookDeliveries,
  webhookAttempts,
  auditEntries,
  rateLimits,
]

/** The tables whose rows are deleted with a row of this one. */
export function endingWith(name: string): Table[] {
  return tables.filter(({ columns }) =>
    Object.values(columns).some(({ references }) => references?.table === name && references.onDelete === 'cascade'),
  )
}
