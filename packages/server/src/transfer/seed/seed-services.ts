import type { InstanceContext } from '../../instances/instance-context.js'
import type { AllowlistIdentifierService } from '../../resources/allowlist-identifiers/allowlist-identifiers.service.js'
import type { BlocklistIdentifierService } from '../../resources/blocklist-identifiers/blocklist-identifiers.service.js'
import type { DomainService } from '../../resources/domains/domains.service.js'
import type { ExternalAccountService } from '../../resources/external-accounts/external-accounts.service.js'
import type { ImageService } from '../../resources/images/images.service.js'
import type { InstanceSettingsService } from '../../resources/instance-settings/instance-settings.service.js'
import type { InvitationService } from '../../resources/invitations/invitations.service.js'
import type { JwtTemplateService } from '../../resources/jwt-templates/jwt-templates.service.js'
import type { OAuthAccessTokenService } from '../../resources/oauth-access-tokens/oauth-access-tokens.service.js'
import type { OAuthApplicationService } from '../../resources/oauth-applications/oauth-applications.service.js'
import type { APIKeyService } from '../../resources/api-keys/api-keys.service.js'
import type { MachineService } from '../../resources/machines/machines.service.js'
import type { OrganizationDomainService } from '../../resources/organization-domains/organization-domains.service.js'
import type { OrganizationInvitationService } from '../../resources/organization-invitations/organization-invitations.service.js'
import type { OrganizationMembershipService } from '../../resources/organization-memberships/organization-memberships.service.js'
import type { OrganizationPermissionService } from '../../resources/organization-permissions/organization-permissions.service.js'
import type { OrganizationRecords } from '../../resources/organization-records/organization-records.service.js'
import type { OrganizationRoleService } from '../../resources/organization-roles/organization-roles.service.js'
import type { OrganizationService } from '../../resources/organizations/organizations.service.js'
import type { PasskeyService } from '../../resources/passkeys/passkeys.service.js'
import type { PhoneNumberService } from '../../resources/phone-numbers/phone-numbers.service.js'
import type { RoleSetService } from '../../resources/role-sets/role-sets.service.js'
import type { RedirectUrlService } from '../../resources/redirect-urls/redirect-urls.service.js'
import type { SessionService } from '../../resources/sessions/sessions.service.js'
import type { TemplateService } from '../../resources/templates/templates.service.js'
import type { TrustedDeviceService } from '../../resources/trusted-devices/trusted-devices.service.js'
import type { UserRecords } from '../../resources/user-records/user-records.service.js'
import type { WaitlistEntryService } from '../../resources/waitlist-entries/waitlist-entries.service.js'
import type { WebhookEndpointService } from '../../resources/webhook-endpoints/webhook-endpoints.service.js'
import type { NewUserService } from '../../resources/users/new-users.service.js'

/** The services that apply a seed. */
export interface SeedServices {
  context: InstanceContext
  instanceSettings: InstanceSettingsService
  jwtTemplates: JwtTemplateService
  allowlistIdentifiers: AllowlistIdentifierService
  blocklistIdentifiers: BlocklistIdentifierService
  redirectUrls: RedirectUrlService
  domains: DomainService
  templates: TemplateService
  oauthApplications: OAuthApplicationService
  oauthAccessTokens: OAuthAccessTokenService
  newUsers: NewUserService
  userRecords: UserRecords
  phoneNumbers: PhoneNumberService
  externalAccounts: ExternalAccountService
  passkeys: PasskeyService
  trustedDevices: TrustedDeviceService
  sessions: SessionService
  images: ImageService
  organizationPermissions: OrganizationPermissionService
  organizationRoles: OrganizationRoleService
  roleSets: RoleSetService
  organizations: OrganizationService
  organizationRecords: OrganizationRecords
  organizationMemberships: OrganizationMembershipService
  organizationInvitations: OrganizationInvitationService
  organizationDomains: OrganizationDomainService
  invitations: InvitationService
  waitlistEntries: WaitlistEntryService
  machines: MachineService
  apiKeys: APIKeyService
  webhookEndpoints: WebhookEndpointService
}
