/** What a kind of message is made of, in no language: its texts are in `languages`. */
export interface Description {
  channel: 'email' | 'sms'
  slug: string
  /** For people who work on templates. */
  name: string
  /** What the message has beside the values that every message has. */
  variables: readonly string[]
  /** Those without which the message is of no use. */
  required: readonly string[]
  /** The value that is shown as a code. */
  code?: string
  /** The address that the button opens. */
  button?: string
  /** Values shown as a list, each with its name. */
  facts?: readonly string[]
  /** Tells of something that has happened: the account is safe without it, so it can be switched off. */
  isNotice?: boolean
}

const REQUEST = ['requested_at', 'requested_by', 'requested_from']
const INVITATION = [
  'action_url',
  'expires_in',
  'invitation.expires_in_days',
  'invitation.public_metadata',
  'inviter_name',
]
const NOTICE = ['primary_email_address', 'greeting_name', 'requested_from', 'requested_at']

function code(slug: string, name: string): Partial<Description> & Pick<Description, 'slug' | 'name'> {
  return { slug, name, variables: ['otp_code', 'ttl_minutes', ...REQUEST], required: ['otp_code'], code: 'otp_code' }
}

function link(slug: string, name: string) {
  return {
    slug,
    name,
    variables: ['magic_link', 'ttl_minutes', ...REQUEST],
    required: ['magic_link'],
    button: 'magic_link',
  }
}

function invitation(slug: string, name: string, ...variables: string[]) {
  return { slug, name, variables: [...INVITATION, ...variables], required: ['action_url'], button: 'action_url' }
}

function notice(slug: string, name: string, { facts = [] as string[], variables = NOTICE, required = [] as string[] }) {
  return {
    slug,
    name,
    variables: [...new Set([...facts, ...variables])],
    required,
    isNotice: true,
    ...(facts.length > 0 ? { facts } : {}),
  }
}

type Given = Partial<Description> & Pick<Description, 'slug' | 'name'>

const CHANGE = ['primary_email_address', 'requested_from', 'requested_at']

const mail: readonly Given[] = [
  code('verification_code', 'Verification code'),
  code('reset_password_code', 'Reset password code'),
  link('magic_link_sign_in', 'Email link: sign-in'),
  link('magic_link_sign_up', 'Email link: sign-up'),
  link('magic_link_user_profile', 'Email link: new address'),
  invitation('invitation', 'Invitation'),
  invitation('waitlist_invitation', 'Waitlist invitation'),
  notice('waitlist_confirmation', 'Waitlist confirmation', { variables: [] }),
  notice('waitlist_entry_created', 'Waitlist entry created', { variables: [] }),
  invitation('organization_invitation', 'Organization invitation', 'org.name', 'org.logo_image_url'),
  notice('organization_invitation_accepted', 'Organization invitation accepted', {
    variables: ['org.name', 'org.logo_image_url', 'email_address'],
  }),
  notice('primary_email_address_changed', 'Primary email address changed', {
    facts: ['new_email_address', 'requested_from', 'requested_at'],
    variables: ['primary_email_address', 'greeting_name'],
  }),
  notice('sign_up_attempted', 'Sign-up with an existing address', { variables: ['primary_email_address', ...REQUEST] }),
  notice('password_changed', 'Password changed', { facts: CHANGE, required: ['primary_email_address'] }),
  notice('password_removed', 'Password removed', { facts: CHANGE, required: ['primary_email_address'] }),
  notice('passkey_added', 'Passkey added', { facts: ['passkey_name', ...CHANGE] }),
  notice('passkey_removed', 'Passkey removed', { facts: ['passkey_name', ...CHANGE] }),
  notice('mfa_enabled', 'Two-step verification enabled', { facts: CHANGE }),
  {
    ...notice('new_device_sign_in', 'Sign-in from a new device', {
      facts: [
        'sign_in_method',
        'device_type',
        'browser_name',
        'operating_system',
        'location',
        'ip_address',
        'session_created_at',
      ],
      variables: ['revoke_session_url', 'greeting_name', 'primary_email_address'],
    }),
    button: 'revoke_session_url',
  },
  notice('account_locked', 'Account locked', {
    facts: ['locked_date', 'failed_attempts', 'unlock_time'],
    variables: ['lockout_duration', 'greeting_name', 'primary_email_address'],
  }),
]

const textMessages: readonly Given[] = [
  code('verification_code', 'Verification code'),
  code('reset_password_code', 'Reset password code'),
  { slug: 'invitation', name: 'Invitation' },
  notice('password_changed', 'Password changed', { variables: [] }),
  notice('password_removed', 'Password removed', { variables: [] }),
  notice('passkey_added', 'Passkey added', { variables: [] }),
  notice('passkey_removed', 'Passkey removed', { variables: [] }),
]

/** In the order of the lists. */
export const descriptions: readonly Description[] = [
  ...mail.map((given) => ({ variables: [], required: [], ...given, channel: 'email' as const })),
  ...textMessages.map((given) => ({ variables: [], required: [], ...given, channel: 'sms' as const })),
]

export function findDescription(channel: string, slug: string): Description | undefined {
  return descriptions.find((description) => description.channel === channel && description.slug === slug)
}
