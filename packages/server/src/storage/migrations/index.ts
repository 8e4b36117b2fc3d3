import { initial } from './0001-initial.js'
import { house } from './0002-house.js'
import { organizations } from './0010-organizations.js'
import { tickets } from './0020-tickets.js'
import { lists } from './0021-lists.js'
import { browsers } from './0025-browsers.js'
import { signIns } from './0030-sign-ins.js'
import { signUpFlow } from './0031-sign-ups.js'
import { organizationInvitations } from './0032-organization-invitations.js'
import { machines } from './0033-machines.js'
import { oauthApplications } from './0034-oauth-applications.js'
import { webhooks } from './0035-webhooks.js'
import { profileSecurity } from './0041-profile-security.js'
import { membershipRequests } from './0042-membership-requests.js'
import { emailLinks } from './0043-email-links.js'
import { passkeyChallenges } from './0044-passkeys.js'
import { signInInvitations } from './0045-sign-in-invitations.js'
import { removals } from './0046-removals.js'
import { webhookApplications } from './0047-webhook-applications.js'
import { phoneChannels } from './0050-phone-channels.js'
import { writtenMessages } from './0052-messages.js'
import { suppressedRecipients } from './0053-suppressed-recipients.js'
import { operatorKeys } from './0054-operator-keys.js'
import { linkAskers } from './0056-link-askers.js'
import { rowCounts } from './0057-row-counts.js'
import { messageLeases } from './0058-message-leases.js'
import { impersonators } from './0059-impersonators.js'
import { endsOfSeals } from './0060-ends-of-seals.js'
import { sessionTasks } from './0061-session-tasks.js'
import type { Migration } from './migration.js'

/** In the order in which they are applied. */
export const migrations: readonly Migration[] = [
  initial,
  house,
  organizations,
  tickets,
  lists,
  browsers,
  signIns,
  signUpFlow,
  organizationInvitations,
  machines,
  oauthApplications,
  webhooks,
  profileSecurity,
  membershipRequests,
  emailLinks,
  passkeyChallenges,
  signInInvitations,
  removals,
  webhookApplications,
  phoneChannels,
  writtenMessages,
  suppressedRecipients,
  operatorKeys,
  linkAskers,
  rowCounts,
  messageLeases,
  impersonators,
  endsOfSeals,
  sessionTasks,
]
