import type {
  ClerkClient as OfficialClient,
  ClerkOptions as OfficialOptions,
  verifyToken as verifyOfficially,
} from '@clerk/backend'
import { expectTypeOf, it } from 'vitest'
import type * as ours from './index.js'
import type { ClerkClient, ClerkOptions, verifyToken, VerifyTokenOptions } from './index.js'

type Method = (...args: never[]) => Promise<unknown>

/** The fields anyone can use: classes with private fields are equal to nothing but themselves. `raw` is wire JSON. */
type Public<T> = unknown extends T
  ? T
  : T extends URL | string | number | boolean | null | undefined
    ? T
    : T extends (infer Item)[]
      ? Public<Item>[]
      : { [Field in keyof T as Exclude<Field, 'raw'>]: Public<T[Field]> }

/** The names of the methods that do not take every argument the official ones take. */
type StricterArguments<Ours, Official> = {
  [Name in keyof Ours & keyof Official]: Ours[Name] extends Method
    ? Official[Name] extends Method
      ? Parameters<Official[Name]> extends Parameters<Ours[Name]>
        ? never
        : Name
      : never
    : never
}[keyof Ours & keyof Official]

/** The names of the methods whose result cannot stand where the official one is expected. */
type OtherResults<Ours, Official> = {
  [Name in keyof Ours & keyof Official]: Ours[Name] extends Method
    ? Official[Name] extends Method
      ? Awaited<ReturnType<Ours[Name]>> extends Public<Awaited<ReturnType<Official[Name]>>>
        ? never
        : Name
      : never
    : never
}[keyof Ours & keyof Official]

/** The names that any of the one type's members has and none of the other's. */
type MissingNames<Official, Ours> = Exclude<NamesOf<Official>, NamesOf<Ours>>
type NamesOf<T> = T extends unknown ? keyof T : never

type RequestOptionsOf<Client extends { authenticateRequest: (...args: never[]) => unknown }> = NonNullable<
  Parameters<Client['authenticateRequest']>[1]
>

/** The names of the methods that lack a name among their parameters: given as a literal, it would not compile. */
type MissingParameters<Ours, Official> = {
  [Name in keyof Ours & keyof Official]: Ours[Name] extends Method
    ? Official[Name] extends Method
      ? MissingNames<Named<Parameters<Official[Name]>>, Named<Parameters<Ours[Name]>>> extends never
        ? never
        : Name
      : never
    : never
}[keyof Ours & keyof Official]

/** Those of the parameters that have names themselves. */
type Named<Params extends unknown[]> = Exclude<NonNullable<Params[number]>, string | number | unknown[] | Blob>

type Shared = keyof ClerkClient & keyof OfficialClient

it('takes every argument that @clerk/backend takes', { meta: { checkedBy: 'compiler' } }, () => {
  type Differences = { [Name in Shared]: StricterArguments<ClerkClient[Name], OfficialClient[Name]> }[Shared]
  expectTypeOf<Differences>().toEqualTypeOf<never>()
  expectTypeOf<Parameters<typeof verifyOfficially>[1]>().toExtend<Parameters<typeof verifyToken>[1]>()
})

it(
  'knows every option that @clerk/backend knows, so that none is one too many where it is written down',
  { meta: { checkedBy: 'compiler' } },
  () => {
    expectTypeOf<MissingNames<OfficialOptions, ClerkOptions>>().toEqualTypeOf<never>()
    expectTypeOf<MissingNames<Parameters<typeof verifyOfficially>[1], VerifyTokenOptions>>().toEqualTypeOf<never>()
    expectTypeOf<
      MissingNames<RequestOptionsOf<OfficialClient>, RequestOptionsOf<ClerkClient>>
    >().toEqualTypeOf<// Not for applications: it hands over a client that ours makes itself.
    'apiClient'>()
    type Differences = { [Name in Shared]: MissingParameters<ClerkClient[Name], OfficialClient[Name]> }[Shared]
    expectTypeOf<Differences>().toEqualTypeOf<never>()
  },
)

it('answers what @clerk/backend answers', { meta: { checkedBy: 'compiler' } }, () => {
  type Differences = { [Name in Shared]: OtherResults<ClerkClient[Name], OfficialClient[Name]> }[Shared]
  expectTypeOf<Differences>().toEqualTypeOf<
    // Typed as what was deleted there, although the API answers a deleted object.
    | 'deleteEnterpriseConnection'
    | 'deleteOrganization'
    | 'deleteOrganizationDomain'
    | 'deleteRedirectUrl'
    | 'deleteSamlConnection'
    | 'deleteUser'
    // A backup code verifies too, and says so.
    | 'verifyTOTP'
    // A token without end has null there.
    | 'getUserOauthAccessToken'
    // The strategies of a newer server are not known beforehand.
    | 'getClient'
    | 'getClientList'
    | 'verifyClient'
    // The contract knows one mode of enrollment more.
    | 'createOrganizationDomain'
    | 'getOrganizationDomainList'
    | 'updateOrganizationDomain'
    // The public data of an organization has no `object`.
    | 'createOrganizationInvitation'
    | 'createOrganizationInvitationBulk'
    | 'getOrganizationInvitation'
    | 'getOrganizationInvitationList'
    | 'revokeOrganizationInvitation'
  >()
})

it('exports a type under each name that @clerk/backend exports one', { meta: { checkedBy: 'compiler' } }, () => {
  // A name that is missing here does not compile.
  expectTypeOf<
    [
      ours.APIKey,
      ours.AccountlessApplication,
      ours.AccountlessApplicationJSON,
      ours.ActorToken,
      ours.ActorTokenJSON,
      ours.AgentTask,
      ours.AgentTaskJSON,
      ours.AllowlistIdentifier,
      ours.AllowlistIdentifierJSON,
      ours.AuthObject,
      ours.BillingPaymentAttemptWebhookEvent,
      ours.BillingPlan,
      ours.BillingPlanJSON,
      ours.BillingSubscription,
      ours.BillingSubscriptionItem,
      ours.BillingSubscriptionItemJSON,
      ours.BillingSubscriptionItemStatus,
      ours.BillingSubscriptionItemWebhookEvent,
      ours.BillingSubscriptionJSON,
      ours.BillingSubscriptionWebhookEvent,
      ours.BlocklistIdentifier,
      ours.BlocklistIdentifierJSON,
      ours.ClerkResourceJSON,
      ours.Client,
      ours.ClientJSON,
      ours.CnameTarget,
      ours.CnameTargetJSON,
      ours.DeletedObjectJSON,
      ours.Domain,
      ours.DomainJSON,
      ours.EmailAddress,
      ours.EmailAddressJSON,
      ours.EmailJSON,
      ours.EmailWebhookEvent,
      ours.EnterpriseConnection,
      ours.EnterpriseConnectionCustomAttribute,
      ours.EnterpriseConnectionCustomAttributeJSON,
      ours.EnterpriseConnectionJSON,
      ours.EnterpriseConnectionOauthConfig,
      ours.EnterpriseConnectionOauthConfigJSON,
      ours.EnterpriseConnectionSamlConnection,
      ours.EnterpriseConnectionSamlConnectionJSON,
      ours.EnterpriseConnectionSamlConnectionLoginHint,
      ours.EnterpriseConnectionSamlConnectionLoginHintJSON,
      ours.ExternalAccount,
      ours.ExternalAccountJSON,
      ours.Feature,
      ours.IdentificationLinkJSON,
      ours.Instance,
      ours.InstanceJSON,
      ours.InstanceRestrictions,
      ours.InstanceRestrictionsJSON,
      ours.InstanceSettings,
      ours.InstanceSettingsJSON,
      ours.InvalidTokenAuthObject,
      ours.Invitation,
      ours.InvitationJSON,
      ours.JwtTemplate,
      ours.JwtTemplateJSON,
      ours.M2MToken,
      ours.Machine,
      ours.MachineAuthObject,
      ours.OAuthApplication,
      ours.OAuthApplicationJSON,
      ours.OauthAccessToken,
      ours.OauthAccessTokenJSON,
      ours.Organization,
      ours.OrganizationDomain,
      ours.OrganizationDomainJSON,
      ours.OrganizationDomainVerification,
      ours.OrganizationDomainVerificationJSON,
      ours.OrganizationDomainWebhookEvent,
      ours.OrganizationInvitation,
      ours.OrganizationInvitationAcceptedWebhookEvent,
      ours.OrganizationInvitationJSON,
      ours.OrganizationInvitationWebhookEvent,
      ours.OrganizationJSON,
      ours.OrganizationMembership,
      ours.OrganizationMembershipJSON,
      ours.OrganizationMembershipPublicUserData,
      ours.OrganizationMembershipPublicUserDataJSON,
      ours.OrganizationMembershipRole,
      ours.OrganizationMembershipWebhookEvent,
      ours.OrganizationSettings,
      ours.OrganizationSettingsJSON,
      ours.OrganizationWebhookEvent,
      ours.PaginatedResponseJSON,
      ours.PermissionWebhookEvent,
      ours.PhoneNumber,
      ours.PhoneNumberJSON,
      ours.ProxyCheckJSON,
      ours.PublicOrganizationDataJSON,
      ours.RedirectUrlJSON,
      ours.RoleSetItemJSON,
      ours.RoleSetJSON,
      ours.RoleSetMigrationJSON,
      ours.RoleWebhookEvent,
      ours.SMSMessage,
      ours.SMSMessageJSON,
      ours.SMSWebhookEvent,
      ours.SamlConnection,
      ours.Session,
      ours.SessionAuthObject,
      ours.SessionJSON,
      ours.SessionWebhookEvent,
      ours.SignInJSON,
      ours.SignInToken,
      ours.SignInTokenJSON,
      ours.SignUpAttempt,
      ours.SignUpJSON,
      ours.SignUpVerificationJSON,
      ours.SignUpVerificationsJSON,
      ours.TestingToken,
      ours.TestingTokenJSON,
      ours.Token,
      ours.TokenJSON,
      ours.User,
      ours.UserDeletedJSON,
      ours.UserJSON,
      ours.UserWebhookEvent,
      ours.VerificationJSON,
      ours.VerifyTokenOptions,
      ours.WaitlistEntry,
      ours.WaitlistEntryJSON,
      ours.WaitlistEntryWebhookEvent,
      ours.Web3WalletJSON,
      ours.WebhookEvent,
      ours.WebhookEventType,
      ours.WebhooksSvixJSON,
    ]
  >().not.toBeAny()
})
