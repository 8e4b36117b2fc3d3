import type { WebhookEventType } from '@latchkey/types'

/**
 * The subject family of an event: a user with their sessions and messages, an organization with its domains,
 * invitations and members, all roles and permissions of an instance, a payer. Events of one family are delivered in
 * order.
 */
export function lineKeyOf(type: WebhookEventType, subjectId: string, data: object): string {
  const fields = data as Record<string, unknown>
  const read = (...path: string[]): string | undefined => {
    let value: unknown = fields
    for (const name of path) value = (value as Record<string, unknown> | null | undefined)?.[name]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  switch (type.slice(0, type.indexOf('.'))) {
    case 'session':
      return read('user_id') ?? subjectId
    case 'email':
      return read('user_id') ?? read('to_email_address') ?? subjectId
    case 'sms':
      return read('user_id') ?? read('to_phone_number') ?? subjectId
    case 'organizationDomain':
    case 'organizationInvitation':
      return read('organization_id') ?? subjectId
    case 'organizationMembership':
      return read('organization', 'id') ?? subjectId
    case 'role':
    case 'permission':
      return 'roles'
    case 'subscription':
    case 'subscriptionItem':
    case 'paymentAttempt':
      return (
        read('payer', 'organization_id') ??
        read('payer', 'user_id') ??
        read('payer_id') ??
        read('payer', 'id') ??
        subjectId
      )
    default:
      return subjectId
  }
}
