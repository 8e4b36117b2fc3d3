import type { WebhookEventType } from '@latchkey/types'
import type { OperationApi } from '../../packages/server/src/http/operations.js'

/** Which answer or event carries a type, or what has to be served first: until then its operations answer 400 `not_implemented`. */
export type YieldedBy =
  /** With `api`, the one that has the operation. Default is `backend`. */
  | { operationId: string; api?: OperationApi; at?: string }
  | { event: WebhookEventType; at?: string }
  | { until: string }

export interface JsonType {
  /** Name of an interface of `@clerk/backend` 2.9.4. */
  type: string
  /** With `at`, the JSON pointer to the first of this type in the answer or in the event's `data`. Default is ''. */
  yieldedBy: YieldedBy
}

const billing = { until: 'billing' }
const saml = { until: 'enterprise connections' }

/** All 71, in the order they are declared in. */
export const jsonTypes: readonly JsonType[] = [
  { type: 'ClerkResourceJSON', yieldedBy: { operationId: 'GetUser' } },
  { type: 'CookiesJSON', yieldedBy: { operationId: 'RefreshSession' } },
  { type: 'TokenJSON', yieldedBy: { operationId: 'CreateSessionToken' } },
  { type: 'AccountlessApplicationJSON', yieldedBy: { operationId: 'CreateAccountlessApplication' } },
  { type: 'ActorTokenJSON', yieldedBy: { operationId: 'CreateActorToken' } },
  { type: 'AllowlistIdentifierJSON', yieldedBy: { operationId: 'CreateAllowlistIdentifier' } },
  { type: 'BlocklistIdentifierJSON', yieldedBy: { operationId: 'CreateBlocklistIdentifier' } },
  { type: 'ClientJSON', yieldedBy: { operationId: 'GetClient' } },
  { type: 'CnameTargetJSON', yieldedBy: { operationId: 'ListDomains', at: '/data/0/cname_targets/0' } },
  { type: 'DomainJSON', yieldedBy: { operationId: 'ListDomains', at: '/data/0' } },
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
  { type: 'InvitationJSON', yieldedBy: { operationId: 'CreateInvitation' } },
  { type: 'OauthAccessTokenJSON', yieldedBy: { operationId: 'GetOAuthAccessToken', at: '/0' } },
  { type: 'OAuthApplicationJSON', yieldedBy: { operationId: 'CreateOAuthApplication' } },
  { type: 'OrganizationJSON', yieldedBy: { operationId: 'GetOrganization' } },
  { type: 'OrganizationDomainJSON', yieldedBy: { operationId: 'CreateOrganizationDomain' } },
  {
    type: 'OrganizationDomainVerificationJSON',
    yieldedBy: { operationId: 'CreateOrganizationDomain', at: '/verification' },
  },
  { type: 'OrganizationInvitationJSON', yieldedBy: { operationId: 'CreateOrganizationInvitation' } },
  {
    type: 'PublicOrganizationDataJSON',
    yieldedBy: { operationId: 'ListInstanceOrganizationInvitations', at: '/data/0/public_organization_data' },
  },
  { type: 'OrganizationMembershipJSON', yieldedBy: { operationId: 'ListOrganizationMemberships', at: '/data/0' } },
  {
    type: 'OrganizationMembershipPublicUserDataJSON',
    yieldedBy: { operationId: 'ListOrganizationMemberships', at: '/data/0/public_user_data' },
  },
  { type: 'PhoneNumberJSON', yieldedBy: { operationId: 'GetPhoneNumber' } },
  { type: 'ProxyCheckJSON', yieldedBy: { operationId: 'VerifyDomainProxy' } },
  { type: 'RedirectUrlJSON', yieldedBy: { operationId: 'CreateRedirectURL' } },
  { type: 'SessionActivityJSON', yieldedBy: { operationId: 'GetSession', at: '/latest_activity' } },
  { type: 'SessionJSON', yieldedBy: { operationId: 'GetSession' } },
  { type: 'SignInJSON', yieldedBy: { operationId: 'createSignIn', api: 'frontend', at: '/response' } },
  { type: 'SignInTokenJSON', yieldedBy: { operationId: 'CreateSignInToken' } },
  { type: 'SignUpJSON', yieldedBy: { operationId: 'GetSignUp' } },
  { type: 'SignUpVerificationsJSON', yieldedBy: { operationId: 'GetSignUp', at: '/verifications' } },
  { type: 'SignUpVerificationJSON', yieldedBy: { operationId: 'GetSignUp', at: '/verifications/email_address' } },
  { type: 'SMSMessageJSON', yieldedBy: { event: 'sms.created' } },
  { type: 'UserJSON', yieldedBy: { operationId: 'GetUser' } },
  { type: 'VerificationJSON', yieldedBy: { operationId: 'GetEmailAddress', at: '/verification' } },
  { type: 'WaitlistEntryJSON', yieldedBy: { operationId: 'CreateWaitlistEntry' } },
  { type: 'Web3WalletJSON', yieldedBy: { operationId: 'GetUser', at: '/web3_wallets/0' } },
  { type: 'DeletedObjectJSON', yieldedBy: { operationId: 'DeleteUser' } },
  { type: 'PaginatedResponseJSON', yieldedBy: { operationId: 'ListUserTrustedDevices' } },
  { type: 'SamlConnectionJSON', yieldedBy: saml },
  { type: 'AttributeMappingJSON', yieldedBy: saml },
  { type: 'TestingTokenJSON', yieldedBy: { operationId: 'CreateTestingToken' } },
  { type: 'RoleJSON', yieldedBy: { operationId: 'CreateOrganizationRole' } },
  { type: 'PermissionJSON', yieldedBy: { operationId: 'CreateOrganizationPermission' } },
  { type: 'SamlAccountConnectionJSON', yieldedBy: saml },
  { type: 'MachineJSON', yieldedBy: { operationId: 'GetMachine' } },
  { type: 'MachineScopeJSON', yieldedBy: { operationId: 'CreateMachineScope' } },
  { type: 'MachineSecretKeyJSON', yieldedBy: { operationId: 'GetMachineSecretKey' } },
  { type: 'M2MTokenJSON', yieldedBy: { operationId: 'createM2MToken' } },
  { type: 'APIKeyJSON', yieldedBy: { operationId: 'createApiKey' } },
  { type: 'IdPOAuthAccessTokenJSON', yieldedBy: { operationId: 'verifyOAuthAccessToken' } },
  { type: 'CommercePayerJSON', yieldedBy: billing },
  { type: 'CommercePayeeJSON', yieldedBy: billing },
  { type: 'CommerceMoneyAmountJSON', yieldedBy: billing },
  { type: 'CommerceTotalsJSON', yieldedBy: billing },
  { type: 'FeatureJSON', yieldedBy: billing },
  { type: 'CommercePlanJSON', yieldedBy: billing },
  { type: 'CommerceSubscriptionItemJSON', yieldedBy: billing },
  { type: 'CommercePaymentAttemptJSON', yieldedBy: billing },
  { type: 'CommerceSubscriptionJSON', yieldedBy: billing },
  { type: 'WebhooksSvixJSON', yieldedBy: { operationId: 'CreateSvixApp' } },
]
