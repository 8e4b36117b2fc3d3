import type { JsonObject } from './json-schema.test-support.js'

export interface Amendment {
  /** Name of a schema under `components/schemas`. */
  schema: string
  property: string
  /** What takes the place of the property's schema, or is added to a closed schema that does not have the property. */
  becomes: JsonObject
  reason: string
}

/** `oauth_` and the like, then a provider's name as it really is: with digits and underscores. */
const provider = (prefix: string): JsonObject => ({ type: 'string', pattern: `^${prefix}[a-z0-9_]+$` })

/**
 * Where the contract is wrong about real answers. Everything else in it holds to the letter: a property it does not
 * know is refused wherever it closes a schema.
 */
export const amendments: readonly Amendment[] = [
  {
    schema: 'IdentificationLink',
    property: 'type',
    becomes: { anyOf: [provider('oauth_'), { enum: ['saml'] }] },
    reason:
      'The pattern has no place for the underscore of `oauth_linkedin_oidc` and `oauth_custom_…`, nor for SAML, which vouches for addresses too.',
  },
  {
    schema: 'verification_from_oauth',
    property: 'strategy',
    becomes: provider('from_oauth_'),
    reason: 'The pattern refuses `from_oauth_linkedin_oidc`.',
  },
  {
    schema: 'verification_oauth',
    property: 'strategy',
    becomes: provider('oauth_'),
    reason: 'The pattern refuses `oauth_linkedin_oidc`.',
  },
  {
    schema: 'verification_oauth',
    property: 'expire_at',
    becomes: { type: ['integer', 'null'] },
    reason:
      'An account that was imported never had a verification that could expire. The official SDK declares null, as all the other verifications do.',
  },
  {
    schema: 'verification_passkey',
    property: 'nonce',
    becomes: { type: ['string', 'null'] },
    reason: 'The only value allowed is the word "nonce", an example that became an enumeration.',
  },
  {
    schema: 'verification_otp',
    property: 'strategy',
    becomes: { enum: ['phone_code', 'email_code', 'reset_password_email_code', 'reset_password_phone_code'] },
    reason: 'Password resets by text message are a strategy of the Frontend API; the list is marked as open.',
  },
]

export const webhookAmendments: readonly Amendment[] = [
  ...amendments,
  {
    schema: 'Session',
    property: 'status',
    becomes: { enum: ['active', 'revoked', 'ended', 'expired', 'removed', 'abandoned', 'replaced', 'pending'] },
    reason:
      'The event `session.pending` is described with a list of states that lacks its own; the Backend API has it.',
  },
]

/** What the browser packages read although the contract, which is older than they are, closes the schema without it. */
const overlay = (schema: string, property: string, becomes: JsonObject): Amendment => ({
  schema,
  property,
  becomes,
  reason: 'The browser packages as published read it.',
})

export const frontendAmendments: readonly Amendment[] = [
  ...amendments,
  {
    schema: 'Stubs.Verification.OTP',
    property: 'status',
    becomes: { enum: ['unverified', 'verified', 'failed', 'expired', 'transferable'] },
    reason: 'After sign_up_if_missing the browser packages look for a code that is transferable.',
  },
  {
    schema: 'UserSettings.ActionsSettings',
    property: 'create_organizations_limit',
    becomes: { type: ['integer', 'null'] },
    reason: 'A limit is a number, as that of a user is; a boolean says nothing. The browser packages do not read it.',
  },
  {
    schema: 'Client.SessionBase',
    property: 'status',
    becomes: { enum: ['active', 'revoked', 'ended', 'expired', 'removed', 'abandoned', 'pending'] },
    reason:
      'Some answers, that of a new password among them, show the client with an older list of states: a session may have another task left.',
  },
  {
    schema: 'Client.ClientWrappedDeletedObject',
    property: 'response',
    becomes: {
      anyOf: [
        { $ref: '#/components/schemas/Client.DeletedObject' },
        { $ref: '#/components/schemas/Client.Organization' },
      ],
    },
    reason: 'After deleting a logo the browser packages read the organization from the answer.',
  },
  overlay('Client.OrganizationDomainVerification', 'expires_at', { type: ['integer', 'null'] }),
  overlay('Client.OrganizationDomainOwnershipVerification', 'expires_at', { type: ['integer', 'null'] }),
  overlay('Client.AuthConfig', 'preferred_channels', { type: ['object', 'null'] }),
  overlay('Client.AuthConfig', 'session_minter', { type: 'boolean' }),
  overlay('Client.DisplayConfig', 'captcha_heartbeat_interval_ms', { type: ['integer', 'null'] }),
  overlay('UserSettings.Attribute', 'channels', { type: 'array' }),
  overlay('UserSettings.SignIn', 'second_factor', {
    type: 'object',
    additionalProperties: false,
    properties: { enabled: { type: 'boolean' }, required: { type: 'boolean' } },
    required: ['required'],
  }),
  overlay('UserSettings.SignUp', 'mfa', { type: 'object' }),
  overlay('UserSettings.SignUp', 'allowlist_only', { type: 'boolean' }),
  overlay('Client.Organization', 'exclusive_membership', { type: 'boolean' }),
  overlay('Client.OrganizationSettings', 'organization_creation_defaults', { type: 'object' }),
  overlay('Client.OrganizationSettings', 'force_organization_selection', { type: 'boolean' }),
  overlay('Client.User', 'enterprise_accounts', { type: 'array' }),
  overlay('Client.User', 'locale', { type: ['string', 'null'] }),
]
