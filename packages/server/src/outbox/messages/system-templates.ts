/** A message as the server words it. An instance can word its mail otherwise. */
export interface SystemTemplate {
  channel: 'email' | 'sms'
  slug: string
  /** For people. */
  name: string
  /** Handlebars; see `lib/templates`. Null for text messages. */
  subject: string | null
  /** Handlebars: HTML in mail, text in text messages. */
  body: string
  /** What the message has beside {@link COMMON_VARIABLES}. */
  variables: readonly string[]
  /** Those without which the message is of no use. */
  required: readonly string[]
}

/** What every message has. */
export const COMMON_VARIABLES = [
  'app.name',
  'app.domain_name',
  'theme.primary_color',
  'theme.button_text_color',
  'theme.show_clerk_branding',
  'current_year',
] as const

const CODE = ['otp_code', 'requested_at', 'requested_from']
const INVITATION = ['action_url', 'expires_in', 'invitation.expires_in_days', 'invitation.public_metadata']
const NOTICE = ['primary_email_address', 'greeting_name']
const LINK = ['magic_link', 'ttl_minutes', 'requested_at', 'requested_from']
const UNEXPECTED = 'If you did not expect it, contact the application at once.'

type Wording = Omit<SystemTemplate, 'channel' | 'required'> & { required?: readonly string[] }

const emails: readonly Wording[] = [
  {
    slug: 'verification_code',
    name: 'Verification code',
    subject: '{{otp_code}} is your verification code',
    body: '<p>Your verification code is <strong>{{otp_code}}</strong>. It is valid for ten minutes. If you did not ask for it, ignore this message.</p>',
    variables: CODE,
    required: ['otp_code'],
  },
  {
    slug: 'reset_password_code',
    name: 'Reset password code',
    subject: '{{otp_code}} is your code to reset your password',
    body: '<p>Your code to reset your password is <strong>{{otp_code}}</strong>. It is valid for ten minutes. If you did not ask for it, ignore this message.</p>',
    variables: CODE,
    required: ['otp_code'],
  },
  ...(['sign_in', 'sign_up', 'user_profile'] as const).map((purpose): Wording => ({
    slug: `magic_link_${purpose}`,
    name: `Email link: ${{ sign_in: 'sign-in', sign_up: 'sign-up', user_profile: 'new address' }[purpose]}`,
    subject: {
      sign_in: 'Sign in to {{app.name}}',
      sign_up: 'Sign up to {{app.name}}',
      user_profile: 'Verify your email address for {{app.name}}',
    }[purpose],
    body: '<p><a href="{{magic_link}}">Continue to {{app.name}}</a>. The link is good for {{ttl_minutes}} minutes. If you did not ask for it, ignore this message.</p>',
    variables: LINK,
    required: ['magic_link'],
  })),
  {
    slug: 'invitation',
    name: 'Invitation',
    subject: 'Your invitation to {{app.name}}',
    body: '<p>You have been invited to join {{app.name}}. <a href="{{action_url}}">Accept the invitation</a>. The link is good for {{expires_in}}.</p>',
    variables: INVITATION,
    required: ['action_url'],
  },
  {
    slug: 'waitlist_invitation',
    name: 'Waitlist invitation',
    subject: 'Your invitation to {{app.name}}',
    body: '<p>You are off the waitlist of {{app.name}}. <a href="{{action_url}}">Accept the invitation</a>. The link is good for {{expires_in}}.</p>',
    variables: INVITATION,
    required: ['action_url'],
  },
  {
    slug: 'waitlist_confirmation',
    name: 'Waitlist confirmation',
    subject: 'You are on the waitlist of {{app.name}}',
    body: '<p>You are on the waitlist of {{app.name}}. A mail will tell you when you can join.</p>',
    variables: [],
  },
  {
    slug: 'organization_invitation',
    name: 'Organization invitation',
    subject: 'Your invitation to {{org.name}}',
    body: '<p>{{#if inviter_name}}{{inviter_name}} has invited you{{else}}You have been invited{{/if}} to join {{org.name}} in {{app.name}}. <a href="{{action_url}}">Accept the invitation</a>.</p>',
    variables: ['action_url', 'org.name', 'org.logo_image_url', 'inviter_name', 'invitation.public_metadata'],
    required: ['action_url'],
  },
  {
    slug: 'organization_invitation_accepted',
    name: 'Organization invitation accepted',
    subject: '{{email_address}} has joined {{org.name}}',
    body: '<p>{{email_address}} has accepted your invitation to {{org.name}} in {{app.name}}.</p>',
    variables: ['org.name', 'org.logo_image_url', 'email_address'],
  },
  {
    slug: 'primary_email_address_changed',
    name: 'Primary email address changed',
    subject: 'Your primary email address has changed',
    body: '<p>The primary email address of your account has changed. If you did not change it, contact the application at once.</p>',
    variables: ['primary_email_address'],
  },
  {
    slug: 'sign_up_attempted',
    name: 'Sign-up with an existing address',
    subject: 'You already have an account at {{app.name}}',
    body: '<p>Somebody tried to sign up to {{app.name}} with this address, which already has an account. If it was you, sign in instead. If it was not, there is nothing to do: nobody gained access.</p>',
    variables: ['primary_email_address'],
  },
  {
    slug: 'password_changed',
    name: 'Password changed',
    subject: 'Your password has been changed',
    body: `<p>The password of your account {{primary_email_address}} has been changed. ${UNEXPECTED}</p>`,
    variables: NOTICE,
    required: ['primary_email_address'],
  },
  {
    slug: 'password_removed',
    name: 'Password removed',
    subject: 'Your password has been removed',
    body: `<p>The password of your account {{primary_email_address}} has been removed. ${UNEXPECTED}</p>`,
    variables: NOTICE,
    required: ['primary_email_address'],
  },
  {
    slug: 'passkey_added',
    name: 'Passkey added',
    subject: 'A passkey was added to your account',
    body: `<p>The passkey "{{passkey_name}}" was added to your account. ${UNEXPECTED}</p>`,
    variables: ['passkey_name', 'primary_email_address'],
  },
  {
    slug: 'passkey_removed',
    name: 'Passkey removed',
    subject: 'A passkey was removed from your account',
    body: `<p>The passkey "{{passkey_name}}" was removed from your account. ${UNEXPECTED}</p>`,
    variables: ['passkey_name', 'primary_email_address'],
  },
  {
    slug: 'mfa_enabled',
    name: 'Two-step verification enabled',
    subject: 'Two-step verification is on',
    body: `<p>Two-step verification has been switched on for your account {{primary_email_address}}. ${UNEXPECTED}</p>`,
    variables: NOTICE,
  },
  {
    slug: 'new_device_sign_in',
    name: 'Sign-in from a new device',
    subject: 'New sign-in to {{app.name}}',
    body: '<p>Somebody has signed in to your account from a new device{{#if browser_name}}: {{browser_name}}{{#if operating_system}}, {{operating_system}}{{/if}}{{/if}}{{#if ip_address}}, {{ip_address}}{{/if}}. {{#if revoke_session_url}}If it was not you, <a href="{{revoke_session_url}}">sign this device out</a>.{{else}}If it was not you, change your password.{{/if}}</p>',
    variables: [
      'sign_in_method',
      'device_type',
      'browser_name',
      'operating_system',
      'location',
      'ip_address',
      'session_created_at',
      'revoke_session_url',
      'support_email',
    ],
  },
  {
    slug: 'account_locked',
    name: 'Account locked',
    subject: 'Your account is locked',
    body: '<p>Your account is locked after {{failed_attempts}} failed attempts to sign in{{#if lockout_duration}}, for {{lockout_duration}}{{/if}}. If these were not yours, contact the application.</p>',
    variables: ['locked_date', 'failed_attempts', 'lockout_duration', 'unlock_time'],
  },
]

const textMessages: readonly Omit<Wording, 'subject'>[] = [
  {
    slug: 'verification_code',
    name: 'Verification code',
    body: '{{otp_code}} is your verification code. Do not share it with anyone.',
    variables: CODE,
    required: ['otp_code'],
  },
  {
    slug: 'reset_password_code',
    name: 'Reset password code',
    body: '{{otp_code}} is your code to reset your password. Do not share it with anyone.',
    variables: CODE,
    required: ['otp_code'],
  },
  {
    slug: 'invitation',
    name: 'Invitation',
    body: 'You have been invited to join {{app.name}}. Sign up with this phone number.',
    variables: [],
  },
]

/** In the order of the lists. */
export const systemTemplates: readonly SystemTemplate[] = [
  ...emails.map((wording) => ({ required: [], ...wording, channel: 'email' as const })),
  ...textMessages.map((wording) => ({ required: [], ...wording, channel: 'sms' as const, subject: null })),
]

export function findSystemTemplate(channel: string, slug: string): SystemTemplate | undefined {
  return systemTemplates.find((template) => template.channel === channel && template.slug === slug)
}
