import { boolean, bytes, integer, json, nullable, table, text, word, type RecordOf, type RowOf } from './table.js'

/** Arbitrary JSON that an application keeps with a row. */
export type Metadata = Record<string, unknown>

/** A secret that must be read back, encrypted; see `secrets/vault.ts`. */
const sealed = text

export const instances = table({
  id: text,
  environmentType: word<'development' | 'production'>(),
  name: text,
  /** The host in the publishable key; `iss` of the tokens is `https://<this>`. Unique. */
  frontendHost: text,
  isDefault: boolean,
  /** See `InstanceSettings`; what is absent has its default. */
  settings: json<Metadata>(),
  createdAt: integer,
  updatedAt: integer,
})

export const secretKeys = table({
  id: text,
  instanceId: text,
  name: text,
  /** SHA-256, hex. The key itself is random enough to need no salt. */
  hash: text,
  createdAt: integer,
  lastUsedAt: nullable(integer),
  revokedAt: nullable(integer),
})

export const signingKeys = table({
  /** Also the `kid` of the tokens. */
  id: text,
  instanceId: text,
  algorithm: text,
  publicJwk: json<Record<string, string>>(),
  privateKey: sealed,
  createdAt: integer,
  /** From here on no token is signed with it. Null for the newest. */
  retiredAt: nullable(integer),
  /** From here on it leaves the key set. */
  expiresAt: nullable(integer),
})

export const users = table({
  id: text,
  instanceId: text,
  externalId: nullable(text),
  username: nullable(text),
  usernameCanonical: nullable(text),
  firstName: nullable(text),
  lastName: nullable(text),
  locale: nullable(text),
  primaryEmailAddressId: nullable(text),
  primaryPhoneNumberId: nullable(text),
  primaryWeb3WalletId: nullable(text),
  imageId: nullable(text),
  passwordDigest: nullable(text),
  passwordHasher: nullable(text),
  passwordUpdatedAt: nullable(integer),
  passwordCompromised: boolean,
  totpSecret: nullable(sealed),
  /** The last time step whose code was taken: a code works once. */
  totpUsedStep: nullable(integer),
  backupCodes: nullable(json<string[]>()),
  mfaEnabledAt: nullable(integer),
  mfaDisabledAt: nullable(integer),
  publicMetadata: json<Metadata>(),
  privateMetadata: json<Metadata>(),
  unsafeMetadata: json<Metadata>(),
  banned: boolean,
  locked: boolean,
  /** Null on a locked user: the lock has no end. */
  lockoutExpiresAt: nullable(integer),
  failedAttempts: integer,
  deleteSelfEnabled: boolean,
  createOrganizationEnabled: boolean,
  createOrganizationsLimit: nullable(integer),
  bypassClientTrust: boolean,
  legalAcceptedAt: nullable(integer),
  lastSignInAt: nullable(integer),
  lastActiveAt: nullable(integer),
  createdAt: integer,
  updatedAt: integer,
  /** Canonical forms of the primary identifiers, for sorting. */
  primaryEmailAddress: nullable(text),
  primaryPhoneNumber: nullable(text),
  primaryWeb3Wallet: nullable(text),
})

/** How an identifier came to be verified, or how far it got. Null columns: no verification was started. */
const verificationColumns = {
  verificationStatus: nullable(word<'unverified' | 'verified' | 'failed' | 'expired'>()),
  verificationStrategy: nullable(text),
  verificationAttempts: nullable(integer),
  verificationExpireAt: nullable(integer),
}

export const emailAddresses = table({
  id: text,
  instanceId: text,
  userId: text,
  emailAddress: text,
  canonical: text,
  /** Verified or reserved: nobody else in the instance can have it. */
  claimed: boolean,
  reserved: boolean,
  ...verificationColumns,
  linkedTo: json<{ type: string; id: string }[]>(),
  createdAt: integer,
  updatedAt: integer,
})

export const phoneNumbers = table({
  id: text,
  instanceId: text,
  userId: text,
  phoneNumber: text,
  canonical: text,
  claimed: boolean,
  reserved: boolean,
  reservedForSecondFactor: boolean,
  defaultSecondFactor: boolean,
  ...verificationColumns,
  linkedTo: json<{ type: string; id: string }[]>(),
  createdAt: integer,
  updatedAt: integer,
})

export const web3Wallets = table({
  id: text,
  instanceId: text,
  userId: text,
  web3Wallet: text,
  canonical: text,
  claimed: boolean,
  ...verificationColumns,
  createdAt: integer,
  updatedAt: integer,
})

export const externalAccounts = table({
  id: text,
  instanceId: text,
  userId: text,
  identificationId: text,
  /** `oauth_google`, `oauth_custom_…` */
  provider: text,
  providerUserId: text,
  emailAddress: text,
  emailAddressVerified: nullable(boolean),
  firstName: text,
  lastName: text,
  username: nullable(text),
  phoneNumber: nullable(text),
  imageUrl: nullable(text),
  approvedScopes: text,
  label: nullable(text),
  publicMetadata: json<Metadata>(),
  accessToken: nullable(sealed),
  refreshToken: nullable(sealed),
  idToken: nullable(sealed),
  tokenSecret: nullable(sealed),
  tokenExpiresAt: nullable(integer),
  ...verificationColumns,
  createdAt: integer,
  updatedAt: integer,
})

export const passkeys = table({
  id: text,
  instanceId: text,
  userId: text,
  name: text,
  credentialId: text,
  /** COSE key, base64url. */
  publicKey: text,
  signatureCounter: integer,
  transports: json<string[]>(),
  lastUsedAt: nullable(integer),
  createdAt: integer,
  updatedAt: integer,
})

export const trustedDevices = table({
  id: text,
  instanceId: text,
  userId: text,
  platform: word<'ios' | 'android'>(),
  appIdentifier: text,
  name: nullable(text),
  algorithm: word<'ES256'>(),
  publicKey: text,
  status: word<'active' | 'revoked'>(),
  lastUsedAt: nullable(integer),
  revokedAt: nullable(integer),
  createdAt: integer,
  updatedAt: integer,
})

/** A one-time code on its way to an address or a number. */
export const verifications = table({
  id: text,
  instanceId: text,
  userId: text,
  /** The e-mail address or phone number it was sent to. */
  identificationId: text,
  strategy: word<'email_code' | 'phone_code'>(),
  codeHash: text,
  status: word<'unverified' | 'verified' | 'failed' | 'expired'>(),
  attempts: integer,
  expireAt: integer,
  createdAt: integer,
  updatedAt: integer,
})

export const clients = table({
  id: text,
  instanceId: text,
  lastActiveSessionId: nullable(text),
  signInId: nullable(text),
  signUpId: nullable(text),
  lastAuthenticationStrategy: nullable(text),
  createdAt: integer,
  updatedAt: integer,
})

export type SessionStatus =
  | 'active'
  | 'pending'
  | 'revoked'
  | 'ended'
  | 'expired'
  | 'removed'
  | 'abandoned'
  | 'replaced'

export const sessions = table({
  id: text,
  instanceId: text,
  clientId: text,
  userId: text,
  /** As last written; `expired` and `abandoned` also come with time, see `sessions.service.ts`. */
  status: word<SessionStatus>(),
  actor: nullable(json<Metadata>()),
  lastActiveOrganizationId: nullable(text),
  lastActiveAt: integer,
  latestActivity: nullable(json<Metadata>()),
  /** When the first and the second factor were last checked. */
  firstFactorVerifiedAt: nullable(integer),
  secondFactorVerifiedAt: nullable(integer),
  expireAt: integer,
  abandonAt: integer,
  createdAt: integer,
  updatedAt: integer,
})

export const jwtTemplates = table({
  id: text,
  instanceId: text,
  name: text,
  claims: json<Metadata>(),
  /** Seconds. */
  lifetime: integer,
  /** Seconds. */
  allowedClockSkew: integer,
  customSigningKey: boolean,
  signingAlgorithm: text,
  signingKey: nullable(sealed),
  createdAt: integer,
  updatedAt: integer,
})

export type MessageStatus = 'queued' | 'delivered' | 'failed'

/** Mail and SMS: written with the change that causes them, sent afterwards. */
export const messages = table({
  id: text,
  instanceId: text,
  channel: word<'email' | 'sms'>(),
  status: word<MessageStatus>(),
  /** The kind of message, `verification_code` for example. Null for what an application wrote itself. */
  slug: nullable(text),
  fromName: nullable(text),
  toAddress: text,
  subject: nullable(text),
  body: text,
  /** What the template was filled with. */
  data: nullable(json<Metadata>()),
  userId: nullable(text),
  identificationId: nullable(text),
  /** Tries to send it, the one under way included. */
  attempts: integer,
  /** While it is queued: not before this. While it is being sent: from here on another node may take it up. */
  nextAttemptAt: nullable(integer),
  /** What came of the last try, without secrets. */
  lastError: nullable(text),
  deliveredAt: nullable(integer),
  /** When the code in it ends; null for a message without one, and once the code is removed. */
  expiresAt: nullable(integer),
  createdAt: integer,
  updatedAt: integer,
})

/** The outbox of webhook events, written in the transaction of the change. */
export const events = table({
  id: text,
  instanceId: text,
  type: text,
  /** The row it is about: events of one subject are delivered in order. */
  subjectId: text,
  payload: json<unknown>(),
  createdAt: integer,
  deliveredAt: nullable(integer),
})

export const images = table({
  id: text,
  instanceId: text,
  userId: text,
  contentType: text,
  content: bytes,
  createdAt: integer,
})

export interface Schema {
  instances: RowOf<typeof instances>
  secret_keys: RowOf<typeof secretKeys>
  signing_keys: RowOf<typeof signingKeys>
  users: RowOf<typeof users>
  email_addresses: RowOf<typeof emailAddresses>
  phone_numbers: RowOf<typeof phoneNumbers>
  web3_wallets: RowOf<typeof web3Wallets>
  external_accounts: RowOf<typeof externalAccounts>
  passkeys: RowOf<typeof passkeys>
  trusted_devices: RowOf<typeof trustedDevices>
  verifications: RowOf<typeof verifications>
  clients: RowOf<typeof clients>
  sessions: RowOf<typeof sessions>
  jwt_templates: RowOf<typeof jwtTemplates>
  messages: RowOf<typeof messages> & { sequence: number }
  events: RowOf<typeof events> & { sequence: number }
  images: RowOf<typeof images>
  /** What `query` searches, one row a user, folded by `identifiers/search-text`. */
  user_search: UserSearchRow
  /** Users per instance, in slots, so that creating users at once does not wait on one row. */
  user_counts: { instance_id: string; slot: number; count: number }
  schema_migrations: { name: string; applied_at: number }
}

export interface UserSearchRow {
  user_id: string
  instance_id: string
  email_addresses: string
  phone_numbers: string
  username: string
  web3_wallets: string
  name: string
}

export type InstanceRecord = RecordOf<typeof instances>
export type SecretKeyRecord = RecordOf<typeof secretKeys>
export type SigningKeyRecord = RecordOf<typeof signingKeys>
export type UserRecord = RecordOf<typeof users>
export type EmailAddressRecord = RecordOf<typeof emailAddresses>
export type PhoneNumberRecord = RecordOf<typeof phoneNumbers>
export type Web3WalletRecord = RecordOf<typeof web3Wallets>
export type ExternalAccountRecord = RecordOf<typeof externalAccounts>
export type PasskeyRecord = RecordOf<typeof passkeys>
export type TrustedDeviceRecord = RecordOf<typeof trustedDevices>
export type VerificationRecord = RecordOf<typeof verifications>
export type ClientRecord = RecordOf<typeof clients>
export type SessionRecord = RecordOf<typeof sessions>
export type JwtTemplateRecord = RecordOf<typeof jwtTemplates>
export type MessageRecord = RecordOf<typeof messages>
export type EventRecord = RecordOf<typeof events>
export type ImageRecord = RecordOf<typeof images>
