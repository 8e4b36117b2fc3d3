import type { WebhookEventType } from '@latchkey/types'

const types = {
  'user.created': 'A user was created',
  'user.updated': 'A user was changed',
  'user.deleted': 'A user was deleted',
  'session.created': 'Somebody signed in',
  'session.pending': 'A session waits for a task of its user',
  'session.ended': 'A session was ended by its user or its lifetime',
  'session.removed': 'Somebody signed out',
  'session.revoked': 'A session was revoked',
  'email.created': 'An e-mail was written',
  'sms.created': 'A text message was written',
  'organization.created': 'An organization was created',
  'organization.updated': 'An organization was changed',
  'organization.deleted': 'An organization was deleted',
  'organizationDomain.created': 'A domain was added to an organization',
  'organizationDomain.updated': 'A domain of an organization was changed',
  'organizationDomain.deleted': 'A domain of an organization was removed',
  'organizationInvitation.created': 'Somebody was invited to an organization',
  'organizationInvitation.accepted': 'An invitation to an organization was accepted',
  'organizationInvitation.revoked': 'An invitation to an organization was revoked',
  'organizationMembership.created': 'A user became a member of an organization',
  'organizationMembership.updated': 'A membership was changed',
  'organizationMembership.deleted': 'A user is no longer a member of an organization',
  'role.created': 'A role was created',
  'role.updated': 'A role was changed',
  'role.deleted': 'A role was deleted',
  'permission.created': 'A permission was created',
  'permission.updated': 'A permission was changed',
  'permission.deleted': 'A permission was deleted',
  'waitlistEntry.created': 'Somebody joined the waitlist',
  'waitlistEntry.updated': 'An entry of the waitlist was changed',
  'paymentAttempt.created': 'A payment was attempted',
  'paymentAttempt.updated': 'The state of a payment changed',
  'subscription.created': 'A subscription was created',
  'subscription.updated': 'A subscription was changed',
  'subscription.active': 'A subscription became active',
  'subscription.pastDue': 'A payment of a subscription is past due',
  'subscriptionItem.updated': 'An item of a subscription was changed',
  'subscriptionItem.active': 'An item of a subscription became active',
  'subscriptionItem.canceled': 'An item of a subscription was canceled',
  'subscriptionItem.upcoming': 'An item of a subscription begins after the current one',
  'subscriptionItem.ended': 'An item of a subscription ended',
  'subscriptionItem.abandoned': 'An item of a subscription was abandoned',
  'subscriptionItem.incomplete': 'An item of a subscription waits for its payment',
  'subscriptionItem.pastDue': 'A payment of an item is past due',
  'subscriptionItem.freeTrialEnding': 'A free trial ends soon',
} as const satisfies Record<WebhookEventType, string>

/** All types of events, and what each says, sorted by name. */
export const eventTypes: readonly { name: WebhookEventType; description: string }[] = Object.entries(types)
  .map(([name, description]) => ({ name: name as WebhookEventType, description }))
  .sort((a, b) => (a.name < b.name ? -1 : 1))

export function isEventType(name: string): name is WebhookEventType {
  return Object.hasOwn(types, name)
}
