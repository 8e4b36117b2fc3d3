/** Types under the names that `@clerk/backend` has for them, where those are others. */
import type { DeletedObjectJSON, OrganizationInvitationWebhookEvent } from '@latchkey/types'
import type { EnterpriseConnectionSamlConnection } from './api/enterprise-connections.js'

export type {
  CommercePaymentAttemptWebhookEvent as BillingPaymentAttemptWebhookEvent,
  CommercePlanJSON as BillingPlanJSON,
  CommerceSubscriptionItemJSON as BillingSubscriptionItemJSON,
  CommerceSubscriptionItemStatus as BillingSubscriptionItemStatus,
  CommerceSubscriptionItemWebhookEvent as BillingSubscriptionItemWebhookEvent,
  CommerceSubscriptionWebhookEvent as BillingSubscriptionWebhookEvent,
} from '@latchkey/types'

export type EnterpriseConnectionSamlConnectionLoginHint = EnterpriseConnectionSamlConnection['loginHint']

export type OrganizationInvitationAcceptedWebhookEvent = Extract<
  OrganizationInvitationWebhookEvent,
  { type: 'organizationInvitation.accepted' }
>

export type UserDeletedJSON = DeletedObjectJSON
