import type {
  CommercePaymentAttemptJSON,
  CommerceSubscriptionItemEventJSON,
  CommerceSubscriptionJSON,
} from './billing-events.js'
import type { WaitlistEntryJSON } from './invitations.js'
import type { EmailJSON, SMSMessageJSON } from './messages.js'
import type { OrganizationDomainJSON } from './organization-domains.js'
import type {
  OrganizationInvitationJSON,
  OrganizationJSON,
  OrganizationMembershipJSON,
  PermissionJSON,
  PublicOrganizationDataJSON,
  RoleJSON,
} from './organizations.js'
import type { DeletedObjectJSON } from './resource.js'
import type { SessionJSON } from './sessions.js'
import type { UserJSON } from './users.js'

/** All webhook events. `type` determines the type of `data`. */
export type WebhookEvent =
  | UserWebhookEvent
  | SessionWebhookEvent
  | EmailWebhookEvent
  | SMSWebhookEvent
  | OrganizationWebhookEvent
  | OrganizationDomainWebhookEvent
  | OrganizationInvitationWebhookEvent
  | OrganizationMembershipWebhookEvent
  | RoleWebhookEvent
  | PermissionWebhookEvent
  | WaitlistEntryWebhookEvent
  | CommercePaymentAttemptWebhookEvent
  | CommerceSubscriptionWebhookEvent
  | CommerceSubscriptionItemWebhookEvent

export type WebhookEventType = WebhookEvent['type']

/** The event with this type. */
export type WebhookEventOf<Type extends WebhookEventType> = Extract<WebhookEvent, { type: Type }>

/** The `data` of the event with this type. */
export type WebhookEventData<Type extends WebhookEventType> = WebhookEventOf<Type>['data']

/** Where the request that led to the event came from. */
export interface WebhookEventAttributes {
  http_request: {
    client_ip: string
    user_agent: string
  }
}

// Distributes over the types, so that each gets its own member of the union and `Extract` finds it.
type Webhook<Type extends string, Data> = Type extends string
  ? {
      object: 'event'
      type: Type
      data: Data
      event_attributes: WebhookEventAttributes
      /** Unix milliseconds. */
      timestamp: number
      instance_id: string
    }
  : never

export type UserWebhookEvent =
  | Webhook<'user.created' | 'user.updated', UserJSON>
  | Webhook<'user.deleted', DeletedObjectJSON>

export type SessionWebhookEvent = Webhook<
  'session.created' | 'session.pending' | 'session.ended' | 'session.removed' | 'session.revoked',
  SessionEventJSON
>

/** A session, with the user it belongs to. */
export interface SessionEventJSON extends SessionJSON {
  user: UserJSON
}

export type EmailWebhookEvent = Webhook<'email.created', EmailJSON>

export type SMSWebhookEvent = Webhook<'sms.created', SMSEventJSON>

export interface SMSEventJSON extends SMSMessageJSON {
  /** Unix milliseconds. */
  created_at_ms: number
}

export type OrganizationWebhookEvent =
  | Webhook<'organization.created' | 'organization.updated', OrganizationJSON>
  | Webhook<'organization.deleted', DeletedObjectJSON>

export type OrganizationDomainWebhookEvent =
  | Webhook<'organizationDomain.created' | 'organizationDomain.updated', OrganizationDomainJSON>
  | Webhook<'organizationDomain.deleted', DeletedObjectJSON>

export type OrganizationInvitationWebhookEvent =
  | Webhook<'organizationInvitation.created' | 'organizationInvitation.revoked', OrganizationInvitationEventJSON>
  | Webhook<'organizationInvitation.accepted', OrganizationInvitationAcceptedEventJSON>

export interface OrganizationInvitationEventJSON extends OrganizationInvitationJSON {
  data?: { public_organization_data?: PublicOrganizationDataJSON | null }
}

export interface OrganizationInvitationAcceptedEventJSON extends OrganizationInvitationJSON {
  /** Id of the user who accepted. */
  user_id: string
  data: { public_organization_data?: PublicOrganizationDataJSON | null }
}

export type OrganizationMembershipWebhookEvent = Webhook<
  'organizationMembership.created' | 'organizationMembership.updated' | 'organizationMembership.deleted',
  OrganizationMembershipJSON
>

export type RoleWebhookEvent =
  | Webhook<'role.created' | 'role.updated', RoleJSON>
  | Webhook<'role.deleted', DeletedObjectJSON>

export type PermissionWebhookEvent =
  | Webhook<'permission.created' | 'permission.updated', PermissionJSON>
  | Webhook<'permission.deleted', DeletedObjectJSON>

export type WaitlistEntryWebhookEvent = Webhook<'waitlistEntry.created' | 'waitlistEntry.updated', WaitlistEntryJSON>

export type CommercePaymentAttemptWebhookEvent = Webhook<
  'paymentAttempt.created' | 'paymentAttempt.updated',
  CommercePaymentAttemptJSON
>

export type CommerceSubscriptionWebhookEvent = Webhook<
  'subscription.created' | 'subscription.updated' | 'subscription.active' | 'subscription.pastDue',
  CommerceSubscriptionJSON
>

export type CommerceSubscriptionItemWebhookEvent = Webhook<
  | 'subscriptionItem.updated'
  | 'subscriptionItem.active'
  | 'subscriptionItem.canceled'
  | 'subscriptionItem.upcoming'
  | 'subscriptionItem.ended'
  | 'subscriptionItem.abandoned'
  | 'subscriptionItem.incomplete'
  | 'subscriptionItem.pastDue'
  | 'subscriptionItem.freeTrialEnding',
  CommerceSubscriptionItemEventJSON
>
