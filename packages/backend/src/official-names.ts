/** Types whose names differ in `@clerk/backend`, under the names used there. */
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
