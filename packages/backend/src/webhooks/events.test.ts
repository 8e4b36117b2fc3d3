import { expect, expectTypeOf, it } from 'vitest'
import type * as wire from '@latchkey/types'
import type { WebhookEvent, WebhookEventData, WebhookEventType } from './events.js'

/** Every type there is, with the kind of its data: a type too many, too few or with other data does not compile. */
const kinds: { [Type in WebhookEventType]: WebhookEventData<Type>['object'] } = {
  'user.created': 'user',
  'user.updated': 'user',
  'user.deleted': 'user',
  'session.created': 'session',
  'session.pending': 'session',
  'session.ended': 'session',
  'session.removed': 'session',
  'session.revoked': 'session',
  'email.created': 'email',
  'sms.created': 'sms_message',
  'organization.created': 'organization',
  'organization.updated': 'organization',
  'organization.deleted': 'organization',
  'organizationDomain.created': 'organization_domain',
  'organizationDomain.updated': 'organization_domain',
  'organizationDomain.deleted': 'organization_domain',
  'organizationInvitation.created': 'organization_invitation',
  'organizationInvitation.accepted': 'organization_invitation',
  'organizationInvitation.revoked': 'organization_invitation',
  'organizationMembership.created': 'organization_membership',
  'organizationMembership.updated': 'organization_membership',
  'organizationMembership.deleted': 'organization_membership',
  'role.created': 'role',
  'role.updated': 'role',
  'role.deleted': 'role',
  'permission.created': 'permission',
  'permission.updated': 'permission',
  'permission.deleted': 'permission',
  'waitlistEntry.created': 'waitlist_entry',
  'waitlistEntry.updated': 'waitlist_entry',
  'paymentAttempt.created': 'commerce_payment_attempt',
  'paymentAttempt.updated': 'commerce_payment_attempt',
  'subscription.created': 'commerce_subscription',
  'subscription.updated': 'commerce_subscription',
  'subscription.active': 'commerce_subscription',
  'subscription.pastDue': 'commerce_subscription',
  'subscriptionItem.updated': 'commerce_subscription_item',
  'subscriptionItem.active': 'commerce_subscription_item',
  'subscriptionItem.canceled': 'commerce_subscription_item',
  'subscriptionItem.upcoming': 'commerce_subscription_item',
  'subscriptionItem.ended': 'commerce_subscription_item',
  'subscriptionItem.abandoned': 'commerce_subscription_item',
  'subscriptionItem.incomplete': 'commerce_subscription_item',
  'subscriptionItem.pastDue': 'commerce_subscription_item',
  'subscriptionItem.freeTrialEnding': 'commerce_subscription_item',
}

it('are 45', () => {
  expect(Object.keys(kinds)).toHaveLength(45)
})

it('are told apart by their type, which decides what they carry', () => {
  const check = (event: WebhookEvent): void => {
    switch (event.type) {
      case 'user.created':
        expectTypeOf(event.data).toEqualTypeOf<wire.UserJSON>()
        break
      case 'user.deleted':
        expectTypeOf(event.data).toEqualTypeOf<wire.DeletedObjectJSON>()
        break
      case 'session.pending':
        expectTypeOf(event.data.user).toEqualTypeOf<wire.UserJSON>()
        break
      case 'organizationInvitation.accepted':
        expectTypeOf(event.data.user_id).toBeString()
        break
      case 'subscriptionItem.pastDue':
        expectTypeOf(event.data).toEqualTypeOf<wire.CommerceSubscriptionItemEventJSON>()
        break
      default:
        expectTypeOf<'user.created'>().not.toExtend<typeof event.type>()
    }
  }
  expect(check).toBeTypeOf('function')
})
