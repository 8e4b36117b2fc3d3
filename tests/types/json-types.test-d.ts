// Checked by `tsc -p tests/types/tsconfig.json`: it compiles, or it names what differs.
import type * as Ours from '@latchkey/types'
import type * as TheirEnums from '../../node_modules/clerk-backend-2/dist/api/resources/Enums.js'
import type * as Theirs from '../../node_modules/clerk-backend-2/dist/api/resources/JSON.js'
import type * as TheirEvents from '../../node_modules/clerk-backend-2/dist/api/resources/Webhooks.js'
import type { SignUpStatus, VerificationStatus } from '@clerk/types'
import type { EnumDifferences, FieldDifferences } from './differences.js'

/** Each interface as we declare it, and as `@clerk/backend` 2.9.4 does. It exports all but three of them. */
interface Interfaces {
  ClerkResourceJSON: [Ours.ClerkResourceJSON, Theirs.ClerkResourceJSON]
  CookiesJSON: [Ours.CookiesJSON, Theirs.CookiesJSON]
  TokenJSON: [Ours.TokenJSON, Theirs.TokenJSON]
  AccountlessApplicationJSON: [Ours.AccountlessApplicationJSON, Theirs.AccountlessApplicationJSON]
  ActorTokenJSON: [Ours.ActorTokenJSON, Theirs.ActorTokenJSON]
  AllowlistIdentifierJSON: [Ours.AllowlistIdentifierJSON, Theirs.AllowlistIdentifierJSON]
  BlocklistIdentifierJSON: [Ours.BlocklistIdentifierJSON, Theirs.BlocklistIdentifierJSON]
  ClientJSON: [Ours.ClientJSON, Theirs.ClientJSON]
  CnameTargetJSON: [Ours.CnameTargetJSON, Theirs.CnameTargetJSON]
  DomainJSON: [Ours.DomainJSON, Theirs.DomainJSON]
  EmailJSON: [Ours.EmailJSON, Theirs.EmailJSON]
  EmailAddressJSON: [Ours.EmailAddressJSON, Theirs.EmailAddressJSON]
  ExternalAccountJSON: [Ours.ExternalAccountJSON, Theirs.ExternalAccountJSON]
  JwksJSON: [Ours.JwksJSON, Theirs.JwksJSON]
  JwksKeyJSON: [Ours.JwksKeyJSON, Theirs.JwksKeyJSON]
  JwtTemplateJSON: [Ours.JwtTemplateJSON, Theirs.JwtTemplateJSON]
  SamlAccountJSON: [Ours.SamlAccountJSON, Theirs.SamlAccountJSON]
  IdentificationLinkJSON: [Ours.IdentificationLinkJSON, Theirs.IdentificationLinkJSON]
  OrganizationSettingsJSON: [Ours.OrganizationSettingsJSON, Theirs.OrganizationSettingsJSON]
  InstanceJSON: [Ours.InstanceJSON, Theirs.InstanceJSON]
  InstanceRestrictionsJSON: [Ours.InstanceRestrictionsJSON, Theirs.InstanceRestrictionsJSON]
  InstanceSettingsJSON: [Ours.InstanceSettingsJSON, Theirs.InstanceSettingsJSON]
  InvitationJSON: [Ours.InvitationJSON, Theirs.InvitationJSON]
  OauthAccessTokenJSON: [Ours.OauthAccessTokenJSON, Theirs.OauthAccessTokenJSON]
  OAuthApplicationJSON: [Ours.OAuthApplicationJSON, Theirs.OAuthApplicationJSON]
  OrganizationJSON: [Ours.OrganizationJSON, Theirs.OrganizationJSON]
  OrganizationDomainJSON: [Ours.OrganizationDomainJSON, Theirs.OrganizationDomainJSON]
  OrganizationDomainVerificationJSON: [
    Ours.OrganizationDomainVerificationJSON,
    Theirs.OrganizationDomainVerificationJSON,
  ]
  OrganizationInvitationJSON: [Ours.OrganizationInvitationJSON, Theirs.OrganizationInvitationJSON]
  PublicOrganizationDataJSON: [Ours.PublicOrganizationDataJSON, Theirs.PublicOrganizationDataJSON]
  OrganizationMembershipJSON: [Ours.OrganizationMembershipJSON, Theirs.OrganizationMembershipJSON]
  OrganizationMembershipPublicUserDataJSON: [
    Ours.OrganizationMembershipPublicUserDataJSON,
    Theirs.OrganizationMembershipPublicUserDataJSON,
  ]
  PhoneNumberJSON: [Ours.PhoneNumberJSON, Theirs.PhoneNumberJSON]
  ProxyCheckJSON: [Ours.ProxyCheckJSON, Theirs.ProxyCheckJSON]
  RedirectUrlJSON: [Ours.RedirectUrlJSON, Theirs.RedirectUrlJSON]
  SessionActivityJSON: [Ours.SessionActivityJSON, Theirs.SessionActivityJSON]
  SessionJSON: [Ours.SessionJSON, Theirs.SessionJSON]
  SignInJSON: [Ours.SignInJSON, Theirs.SignInJSON]
  SignInTokenJSON: [Ours.SignInTokenJSON, Theirs.SignInTokenJSON]
  SignUpJSON: [Ours.SignUpJSON, Theirs.SignUpJSON]
  SignUpVerificationsJSON: [Ours.SignUpVerificationsJSON, Theirs.SignUpVerificationsJSON]
  SignUpVerificationJSON: [Ours.SignUpVerificationJSON, Theirs.SignUpVerificationJSON]
  SMSMessageJSON: [Ours.SMSMessageJSON, Theirs.SMSMessageJSON]
  UserJSON: [Ours.UserJSON, Theirs.UserJSON]
  VerificationJSON: [Ours.VerificationJSON, Theirs.VerificationJSON]
  WaitlistEntryJSON: [Ours.WaitlistEntryJSON, Theirs.WaitlistEntryJSON]
  Web3WalletJSON: [Ours.Web3WalletJSON, Theirs.Web3WalletJSON]
  DeletedObjectJSON: [Ours.DeletedObjectJSON, Theirs.DeletedObjectJSON]
  PaginatedResponseJSON: [Ours.PaginatedResponseJSON, Theirs.PaginatedResponseJSON]
  SamlConnectionJSON: [Ours.SamlConnectionJSON, Theirs.SamlConnectionJSON]
  AttributeMappingJSON: [Ours.AttributeMappingJSON, Theirs.AttributeMappingJSON]
  TestingTokenJSON: [Ours.TestingTokenJSON, Theirs.TestingTokenJSON]
  RoleJSON: [Ours.RoleJSON, Theirs.RoleJSON]
  PermissionJSON: [Ours.PermissionJSON, Theirs.PermissionJSON]
  SamlAccountConnectionJSON: [Ours.SamlAccountConnectionJSON, Theirs.SamlAccountConnectionJSON]
  MachineJSON: [Ours.MachineJSON, Theirs.MachineJSON]
  MachineScopeJSON: [Ours.MachineScopeJSON, Theirs.MachineScopeJSON]
  MachineSecretKeyJSON: [Ours.MachineSecretKeyJSON, Theirs.MachineSecretKeyJSON]
  M2MTokenJSON: [Ours.M2MTokenJSON, Theirs.M2MTokenJSON]
  APIKeyJSON: [Ours.APIKeyJSON, Theirs.APIKeyJSON]
  IdPOAuthAccessTokenJSON: [Ours.IdPOAuthAccessTokenJSON, Theirs.IdPOAuthAccessTokenJSON]
  CommercePayerJSON: [Ours.CommercePayerJSON, Theirs.CommercePayerJSON]
  CommercePayeeJSON: [Ours.CommercePayeeJSON, Theirs.CommercePaymentAttemptJSON['payee']]
  CommerceMoneyAmountJSON: [Ours.CommerceMoneyAmountJSON, Theirs.CommercePlanJSON['fee']]
  CommerceTotalsJSON: [Ours.CommerceTotalsJSON, Theirs.CommercePaymentAttemptJSON['totals']]
  FeatureJSON: [Ours.FeatureJSON, Theirs.FeatureJSON]
  CommercePlanJSON: [Ours.CommercePlanJSON, Theirs.CommercePlanJSON]
  CommerceSubscriptionItemJSON: [Ours.CommerceSubscriptionItemJSON, Theirs.CommerceSubscriptionItemJSON]
  CommercePaymentAttemptJSON: [Ours.CommercePaymentAttemptJSON, Theirs.CommercePaymentAttemptJSON]
  CommerceSubscriptionJSON: [Ours.CommerceSubscriptionJSON, Theirs.CommerceSubscriptionJSON]
  WebhooksSvixJSON: [Ours.WebhooksSvixJSON, Theirs.WebhooksSvixJSON]
}

interface Enums {
  ActorTokenStatus: [Ours.ActorTokenStatus, TheirEnums.ActorTokenStatus]
  AllowlistIdentifierType: [Ours.AllowlistIdentifierType, TheirEnums.AllowlistIdentifierType]
  BlocklistIdentifierType: [Ours.BlocklistIdentifierType, TheirEnums.BlocklistIdentifierType]
  DomainsEnrollmentModes: [Ours.DomainsEnrollmentModes, TheirEnums.DomainsEnrollmentModes]
  InvitationStatus: [Ours.InvitationStatus, TheirEnums.InvitationStatus]
  OAuthProvider: [Ours.OAuthProvider, TheirEnums.OAuthProvider]
  OAuthStrategy: [Ours.OAuthStrategy, TheirEnums.OAuthStrategy]
  ObjectType: [Ours.ObjectType, Theirs.ObjectType]
  OrganizationDomainVerificationStatus: [
    Ours.OrganizationDomainVerificationStatus,
    TheirEnums.OrganizationDomainVerificationStatus,
  ]
  OrganizationDomainVerificationStrategy: [
    Ours.OrganizationDomainVerificationStrategy,
    TheirEnums.OrganizationDomainVerificationStrategy,
  ]
  OrganizationEnrollmentMode: [Ours.OrganizationEnrollmentMode, TheirEnums.OrganizationEnrollmentMode]
  OrganizationInvitationStatus: [Ours.OrganizationInvitationStatus, TheirEnums.OrganizationInvitationStatus]
  OrganizationMembershipRole: [Ours.OrganizationMembershipRole, TheirEnums.OrganizationMembershipRole]
  SignInStatus: [Ours.SignInStatus, TheirEnums.SignInStatus]
  SignUpStatus: [Ours.SignUpStatus, SignUpStatus]
  SignUpVerificationNextAction: [Ours.SignUpVerificationNextAction, TheirEnums.SignUpVerificationNextAction]
  VerificationStatus: [Ours.VerificationStatus, VerificationStatus]
  WaitlistEntryStatus: [Ours.WaitlistEntryStatus, TheirEnums.WaitlistEntryStatus]
  WebhookEventType: [Ours.WebhookEventType, TheirEvents.WebhookEventType]
}

type Equal<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false

/** The fields of `Their` that `Our` lacks or has with a type that cannot stand in for theirs. */
type Differing<Our, Their> = {
  [Field in keyof Their]-?: Field extends keyof Our
    ? Pick<Our, Field> extends Pick<Their, Field>
      ? never
      : Field
    : Field
}[keyof Their]

type Known<Name> = Name extends keyof FieldDifferences ? keyof FieldDifferences[Name] : never

/** Interfaces whose differences are not those that are written down: new ones, or ones that are gone. */
type UnexplainedFields = {
  [
    Name in keyof Interfaces as Equal<Differing<Interfaces[Name][0], Interfaces[Name][1]>, Known<Name>> extends true
      ? never
      : Name
  ]: { differing: Differing<Interfaces[Name][0], Interfaces[Name][1]>; known: Known<Name> }
}

type KnownValues<Name, Side extends 'onlyOurs' | 'onlyTheirs'> = Name extends keyof EnumDifferences
  ? EnumDifferences[Name][Side][number]
  : never

type UnexplainedValues = {
  [
    Name in keyof Enums as [
      Equal<Exclude<Enums[Name][0], Enums[Name][1]>, KnownValues<Name, 'onlyOurs'>>,
      Equal<Exclude<Enums[Name][1], Enums[Name][0]>, KnownValues<Name, 'onlyTheirs'>>,
    ] extends [true, true]
      ? never
      : Name
  ]: {
    onlyOurs: Exclude<Enums[Name][0], Enums[Name][1]>
    onlyTheirs: Exclude<Enums[Name][1], Enums[Name][0]>
  }
}

/** The compiler's message lists the members of `Unexplained`, which should have none. */
declare function nothing<Unexplained extends Record<PropertyKey, never>>(): Unexplained

nothing<UnexplainedFields>()
nothing<UnexplainedValues>()

// A table with a name that is no interface or enumeration would explain nothing.
nothing<Record<Exclude<keyof FieldDifferences, keyof Interfaces>, 'unknown'>>()
nothing<Record<Exclude<keyof EnumDifferences, keyof Enums>, 'unknown'>>()
