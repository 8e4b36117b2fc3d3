// Where our wire types differ from those of `@clerk/backend` 2.9.4 on purpose, and why. The type test fails for a
// difference that is missing here, and for one that is here and no more.

const CLOSED = 'The contract closes this object and has no such field.'
const NULLABLE = 'The contract allows null here.'
const OPTIONAL = 'The contract leaves this field out of answers, or has it in some only.'
const REPLACED = 'The contract has another field, or another type, in its place.'
const ORG_ENUM = 'The contract knows `enterprise_sso` too.'
const holds = (type: string) => `Holds ${type}, which differs.`

export const fieldDifferences = {
  ClientJSON: { sessions: holds('SessionJSON') },
  CommercePayerJSON: {
    email: NULLABLE,
    first_name: NULLABLE,
    last_name: NULLABLE,
    organization_id: NULLABLE,
    organization_name: NULLABLE,
    user_id: NULLABLE,
  },
  CommercePaymentAttemptJSON: {
    failed_at: NULLABLE,
    failed_reason: NULLABLE,
    paid_at: NULLABLE,
    payer: holds('CommercePayerJSON'),
    payment_source: NULLABLE,
    subscription_items: 'Webhooks carry items in a form of their own.',
  },
  CommercePlanJSON: {
    annual_fee: NULLABLE,
    annual_monthly_fee: NULLABLE,
    description: NULLABLE,
    features: holds('FeatureJSON'),
    fee: NULLABLE,
  },
  CommerceSubscriptionItemJSON: {
    amount: OPTIONAL,
    canceled_at: NULLABLE,
    credit: OPTIONAL,
    lifetime_paid: REPLACED,
    next_payment_amount: REPLACED,
    next_payment_date: REPLACED,
    past_due_at: NULLABLE,
    period_end: NULLABLE,
    plan: REPLACED,
    plan_id: NULLABLE,
    proration_date: OPTIONAL,
  },
  CommerceSubscriptionJSON: {
    active_at: NULLABLE,
    canceled_at: NULLABLE,
    ended_at: NULLABLE,
    items: 'Webhooks carry items in a form of their own.',
    latest_payment_id: NULLABLE,
    past_due_at: NULLABLE,
    payer: holds('CommercePayerJSON'),
    payment_source_id: NULLABLE,
  },
  DomainJSON: { cname_targets: NULLABLE },
  EmailAddressJSON: { linked_to: holds('IdentificationLinkJSON'), verification: holds('VerificationJSON') },
  ExternalAccountJSON: {
    object: 'Facebook and Google accounts have tags of their own.',
    verification: holds('VerificationJSON'),
  },
  FeatureJSON: { avatar_url: NULLABLE, description: NULLABLE },
  IdPOAuthAccessTokenJSON: { type: CLOSED },
  IdentificationLinkJSON: { object: CLOSED },
  MachineJSON: { scoped_machines: 'The machines inside have no `scoped_machines` themselves, or the list had no end.' },
  OauthAccessTokenJSON: { expires_at: NULLABLE },
  OrganizationDomainJSON: { enrollment_mode: ORG_ENUM, verification: holds('OrganizationDomainVerificationJSON') },
  OrganizationDomainVerificationJSON: {
    attempts: NULLABLE,
    expires_at: 'The contract calls it `expire_at`, and allows null.',
    status: 'A proof that was not given in time is `expired`.',
    strategy: 'Ownership is proven by a DNS record.',
  },
  OrganizationInvitationJSON: {
    expires_at: NULLABLE,
    public_organization_data: holds('PublicOrganizationDataJSON'),
  },
  OrganizationSettingsJSON: { id: CLOSED },
  PhoneNumberJSON: {
    backup_codes: NULLABLE,
    linked_to: holds('IdentificationLinkJSON'),
    verification: holds('VerificationJSON'),
  },
  PublicOrganizationDataJSON: { object: CLOSED },
  RoleJSON: { description: NULLABLE },
  SamlAccountConnectionJSON: { object: CLOSED },
  SamlAccountJSON: {
    first_name: NULLABLE,
    last_name: NULLABLE,
    saml_connection: holds('SamlAccountConnectionJSON'),
    verification: holds('VerificationJSON'),
  },
  SamlConnectionJSON: {
    idp_certificate: NULLABLE,
    idp_entity_id: NULLABLE,
    idp_metadata: NULLABLE,
    idp_metadata_url: NULLABLE,
    idp_sso_url: NULLABLE,
  },
  SessionActivityJSON: { object: 'Its tag is not among the 54.' },
  SessionJSON: { last_active_organization_id: NULLABLE, latest_activity: holds('SessionActivityJSON') },
  SignInJSON: {
    identifier: NULLABLE,
    object: 'The tag of another resource, sign-in tokens, was declared for it.',
    status: 'See SignInStatus.',
  },
  SignUpJSON: { verifications: holds('SignUpVerificationsJSON') },
  SignUpVerificationsJSON: {
    email_address: NULLABLE,
    external_account: NULLABLE,
    phone_number: NULLABLE,
    web3_wallet: NULLABLE,
  },
  UserJSON: {
    email_addresses: holds('EmailAddressJSON'),
    external_accounts: holds('ExternalAccountJSON'),
    phone_numbers: holds('PhoneNumberJSON'),
    saml_accounts: holds('SamlAccountJSON'),
    web3_wallets: holds('Web3WalletJSON'),
  },
  VerificationJSON: { id: CLOSED, object: 'Its tags are not among the 54.', verified_at_client: NULLABLE },
  Web3WalletJSON: { verification: holds('VerificationJSON') },
}

export const enumDifferences = {
  OrganizationEnrollmentMode: {
    onlyOurs: ['enterprise_sso'],
    onlyTheirs: [],
    reason: ORG_ENUM,
  },
  SignInStatus: {
    onlyOurs: [
      'abandoned',
      'needs_first_factor',
      'needs_second_factor',
      'needs_client_trust',
      'needs_new_password',
      'needs_protect_check',
    ],
    onlyTheirs: ['needs_factor_one', 'needs_factor_two'],
    reason: 'These are the statuses of the Frontend API, which alone answers with sign-ins.',
  },
  WebhookEventType: {
    onlyOurs: [
      'session.pending',
      'subscription.pastDue',
      'subscriptionItem.freeTrialEnding',
      'subscriptionItem.pastDue',
    ],
    onlyTheirs: ['subscription.past_due', 'subscriptionItem.created', 'subscriptionItem.past_due'],
    reason: 'The contract names its events so; a later version of the SDK does too.',
  },
} as const

export type FieldDifferences = typeof fieldDifferences
export type EnumDifferences = typeof enumDifferences
