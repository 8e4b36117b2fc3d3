import type { WebhookEventType } from '@latchkey/types'

/** Which answer or event carries a type, or what has to be served first: until then its operations answer 400 `not_implemented`. */
export type YieldedBy =
  | { operationId: string; at?: string }
  | { event: WebhookEventType; at?: string }
  | { until: string }

export interface JsonType {
  /** Name of an interface of `@clerk/backend` 2.9.4. */
  type: string
  /** With `at`, the JSON pointer to the first of this type in the answer or in the event's `data`. Default is ''. */
  yieldedBy: YieldedBy
}

const billing = { until: 'billing' }
const domains = { until: 'domains' }
const invitations = { until: 'invitations and the waitlist' }
const oauthApplications = { until: 'OAuth applications' }
const organizations = { until: 'organizations' }
const saml = { until: 'enterprise connections' }
const signUps = { until: 'sign-ups of the Frontend API' }
const tickets = { until: 'sign-in tokens, actor tokens and testing tokens' }

/** All 71, in the order they are declared in. */
export const jsonTypes: readonly JsonType[] = [
  { type: 'ClerkResourceJSON', yieldedBy: { operationId: 'GetUser' } },
  { type: 'CookiesJSON', yieldedBy: { until: 'refresh tokens of the Frontend API' } },
  { type: 'TokenJSON', yieldedBy: { operationId: 'CreateSessionToken' } },
  { type: 'AccountlessApplicationJSON', yieldedBy: { until: 'accountless applications' } },
  { type: 'ActorTokenJSON', yieldedBy: tickets },
  { type: 'AllowlistIdentifierJSON', yieldedBy: invitations },
  { type: 'BlocklistIdentifierJSON', yieldedBy: invitations },
  { type: 'ClientJSON', yieldedBy: { operationId: 'GetClient' } },
  { type: 'CnameTargetJSON', yieldedBy: domains },
  { type: 'DomainJSON', yieldedBy: domains },
  { type: 'EmailJSON', yieldedBy: { event: 'email.created' } },
  { type: 'EmailAddressJSON', yieldedBy: { operationId: 'GetEmailAddress' } },
  { type: 'ExternalAccountJSON', yieldedBy: { operationId: 'GetUser', at: '/external_accounts/0' } },
  { type: 'JwksJSON', yieldedBy: { operationId: 'GetJWKS' } },
  { type: 'JwksKeyJSON', yieldedBy: { operationId: 'GetJWKS', at: '/keys/0' } },
  { type: 'JwtTemplateJSON', yieldedBy: { operationId: 'GetJWTTemplate' } },
  { type: 'SamlAccountJSON', yieldedBy: saml },
  { type: 'IdentificationLinkJSON', yieldedBy: { operationId: 'GetUser', at: '/email_addresses/0/linked_to/0' } },
  { type: 'OrganizationSettingsJSON', yieldedBy: { operationId: 'GetInstanceOrganizationSettings' } },
  { type: 'InstanceJSON', yieldedBy: { operationId: 'GetInstance' } },
  { type: 'InstanceRestrictionsJSON', yieldedBy: { operationId: 'UpdateInstanceRestrictions' } },
  { type: 'InstanceSettingsJSON', yieldedBy: { operationId: 'UpdateInstanceAuthConfig' } },
  { type: 'InvitationJSON', yieldedBy: invitations },
  { type: 'OauthAccessTokenJSON', yieldedBy: { operationId: 'GetOAuthAccessToken', at: '/0' } },
  { type: 'OAuthApplicationJSON', yieldedBy: oauthApplications },
  { type: 'OrganizationJSON', yieldedBy: organizations },
  { type: 'OrganizationDomainJSON', yieldedBy: organizations },
  { type: 'OrganizationDomainVerificationJSON', yieldedBy: organizations },
  { type: 'OrganizationInvitationJSON', yieldedBy: organizations },
  { type: 'PublicOrganizationDataJSON', yieldedBy: organizations },
  { type: 'OrganizationMembershipJSON', yieldedBy: organizations },
  { type: 'OrganizationMembershipPublicUserDataJSON', yieldedBy: organizations },
  { type: 'PhoneNumberJSON', yieldedBy: { operationId: 'GetPhoneNumber' } },
  { type: 'ProxyCheckJSON', yieldedBy: domains },
  { type: 'RedirectUrlJSON', yieldedBy: { until: 'redirect URLs' } },
  { type: 'SessionActivityJSON', yieldedBy: { until: 'sessions opened in a browser' } },
  { type: 'SessionJSON', yieldedBy: { operationId: 'GetSession' } },
  { type: 'SignInJSON', yieldedBy: { until: 'sign-ins of the Frontend API' } },
  { type: 'SignInTokenJSON', yieldedBy: tickets },
  { type: 'SignUpJSON', yieldedBy: signUps },
  { type: 'SignUpVerificationsJSON', yieldedBy: signUps },
  { type: 'SignUpVerificationJSON', yieldedBy: signUps },
  { type: 'SMSMessageJSON', yieldedBy: { event: 'sms.created' } },
  { type: 'UserJSON', yieldedBy: { operationId: 'GetUser' } },
  { type: 'VerificationJSON', yieldedBy: { operationId: 'GetEmailAddress', at: '/verification' } },
  { type: 'WaitlistEntryJSON', yieldedBy: invitations },
  { type: 'Web3WalletJSON', yieldedBy: { operationId: 'GetUser', at: '/web3_wallets/0' } },
  { type: 'DeletedObjectJSON', yieldedBy: { operationId: 'DeleteUser' } },
  { type: 'PaginatedResponseJSON', yieldedBy: { operationId: 'ListUserTrustedDevices' } },
  { type: 'SamlConnectionJSON', yieldedBy: saml },
  { type: 'AttributeMappingJSON', yieldedBy: saml },
  { type: 'TestingTokenJSON', yieldedBy: tickets },
  { type: 'RoleJSON', yieldedBy: organizations },
  { type: 'PermissionJSON', yieldedBy: organizations },
  { type: 'SamlAccountConnectionJSON', yieldedBy: saml },
  { type: 'MachineJSON', yieldedBy: { operationId: 'GetMachine' } },
  { type: 'MachineScopeJSON', yieldedBy: { operationId: 'CreateMachineScope' } },
  { type: 'MachineSecretKeyJSON', yieldedBy: { operationId: 'GetMachineSecretKey' } },
  { type: 'M2MTokenJSON', yieldedBy: { operationId: 'createM2MToken' } },
  { type: 'APIKeyJSON', yieldedBy: { operationId: 'createApiKey' } },
  { type: 'IdPOAuthAccessTokenJSON', yieldedBy: oauthApplications },
  { type: 'CommercePayerJSON', yieldedBy: billing },
  { type: 'CommercePayeeJSON', yieldedBy: billing },
  { type: 'CommerceMoneyAmountJSON', yieldedBy: billing },
  { type: 'CommerceTotalsJSON', yieldedBy: billing },
  { type: 'FeatureJSON', yieldedBy: billing },
  { type: 'CommercePlanJSON', yieldedBy: billing },
  { type: 'CommerceSubscriptionItemJSON', yieldedBy: billing },
  { type: 'CommercePaymentAttemptJSON', yieldedBy: billing },
  { type: 'CommerceSubscriptionJSON', yieldedBy: billing },
  { type: 'WebhooksSvixJSON', yieldedBy: { until: 'webhook endpoints' } },
]
