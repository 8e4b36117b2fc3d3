import type { Endpoint } from '../http/endpoint.js'
import { ownPasskeyEndpoints } from '../flows/profile-security/own-passkeys.frontend-api.js'
import { profileSecurityEndpoints } from '../flows/profile-security/profile-security.frontend-api.js'
import { reverificationEndpoints } from '../flows/reverification/reverification.frontend-api.js'
import { signInEndpoints } from '../flows/sign-in/sign-ins.frontend-api.js'
import { accountEndpoints } from '../flows/account/account.frontend-api.js'
import { ownEmailAddressEndpoints } from '../flows/account/own-email-addresses.frontend-api.js'
import { ownPhoneNumberEndpoints } from '../flows/account/own-phone-numbers.frontend-api.js'
import { clientFlowEndpoints } from '../flows/client/client.frontend-api.js'
import { handshakeEndpoints } from '../flows/handshake/handshake.frontend-api.js'
import { siteDataEndpoints } from '../flows/client/site-data.frontend-api.js'
import { emailLinkEndpoints } from '../flows/email-links/email-links.frontend-api.js'
import { redirectEndpoints } from '../flows/redirects/redirects.frontend-api.js'
import { satelliteEndpoints } from '../flows/satellites/satellites.frontend-api.js'
import { ticketLinkEndpoints } from '../flows/tickets/ticket-links.frontend-api.js'
import { handshakePayloadEndpoints } from '../flows/handshake/handshake.backend-api.js'
import { signUpFlowEndpoints } from '../flows/sign-up/sign-up.frontend-api.js'
import { waitlistFrontendEndpoints } from '../resources/waitlist-entries/waitlist-entries.frontend-api.js'
import { myOrganizationEndpoints } from '../resources/my-organizations/my-organizations.frontend-api.js'
import { organizationDomainFrontendEndpoints } from '../resources/organization-domains/organization-domains.frontend-api.js'
import { organizationInvitationFrontendEndpoints } from '../resources/organization-invitations/organization-invitations.frontend-api.js'
import { organizationMembershipRequestEndpoints } from '../resources/organization-membership-requests/organization-membership-requests.frontend-api.js'
import { organizationMembershipFrontendEndpoints } from '../resources/organization-memberships/organization-memberships.frontend-api.js'
import { organizationRoleFrontendEndpoints } from '../resources/organization-roles/organization-roles.frontend-api.js'
import { organizationFrontendEndpoints } from '../resources/organizations/organizations.frontend-api.js'
import type { Services } from './services/index.js'
import { accountlessApplicationEndpoints } from '../resources/accountless-applications/accountless-applications.backend-api.js'
import { interstitialEndpoints } from '../resources/interstitial/interstitial.backend-api.js'
import { allowlistIdentifierEndpoints } from '../resources/allowlist-identifiers/allowlist-identifiers.backend-api.js'
import { blocklistIdentifierEndpoints } from '../resources/blocklist-identifiers/blocklist-identifiers.backend-api.js'
import { devBrowserEndpoints } from '../resources/dev-browsers/dev-browsers.frontend-api.js'
import { environmentEndpoints } from '../resources/environment/environment.frontend-api.js'
import { jwksFrontendEndpoints } from '../resources/jwks/jwks.frontend-api.js'
import { sessionFrontendEndpoints } from '../resources/sessions/sessions.frontend-api.js'
import { meEndpoints } from '../resources/me/me.frontend-api.js'
import { emailAddressEndpoints } from '../resources/email-addresses/email-addresses.backend-api.js'
import { externalAccountEndpoints } from '../resources/external-accounts/external-accounts.backend-api.js'
import { passkeyEndpoints } from '../resources/passkeys/passkeys.backend-api.js'
import { trustedDeviceEndpoints } from '../resources/trusted-devices/trusted-devices.backend-api.js'
import { clientEndpoints } from '../resources/clients/clients.backend-api.js'
import { jwksEndpoints } from '../resources/jwks/jwks.backend-api.js'
import { jwtTemplateEndpoints } from '../resources/jwt-templates/jwt-templates.backend-api.js'
import { instanceSettingsEndpoints } from '../resources/instance-settings/instance-settings.backend-api.js'
import { apiKeyEndpoints } from '../resources/api-keys/api-keys.backend-api.js'
import { m2mTokenEndpoints } from '../resources/m2m-tokens/m2m-tokens.backend-api.js'
import { machineEndpoints } from '../resources/machines/machines.backend-api.js'
import { messageEndpoints } from '../resources/messages/messages.backend-api.js'
import { oauthAccessTokenEndpoints } from '../resources/oauth-access-tokens/oauth-access-tokens.backend-api.js'
import { oauthApplicationEndpoints } from '../resources/oauth-applications/oauth-applications.backend-api.js'
import { organizationPermissionEndpoints } from '../resources/organization-permissions/organization-permissions.backend-api.js'
import { organizationRoleEndpoints } from '../resources/organization-roles/organization-roles.backend-api.js'
import { organizationMembershipEndpoints } from '../resources/organization-memberships/organization-memberships.backend-api.js'
import { organizationDomainEndpoints } from '../resources/organization-domains/organization-domains.backend-api.js'
import { organizationInvitationEndpoints } from '../resources/organization-invitations/organization-invitations.backend-api.js'
import { organizationEndpoints } from '../resources/organizations/organizations.backend-api.js'
import { phoneNumberEndpoints } from '../resources/phone-numbers/phone-numbers.backend-api.js'
import { roleSetEndpoints } from '../resources/role-sets/role-sets.backend-api.js'
import { domainEndpoints } from '../resources/domains/domains.backend-api.js'
import { proxyCheckEndpoints } from '../resources/proxy-checks/proxy-checks.backend-api.js'
import { redirectUrlEndpoints } from '../resources/redirect-urls/redirect-urls.backend-api.js'
import { sessionLinkEndpoints } from '../resources/session-links/session-links.frontend-api.js'
import { sessionEndpoints } from '../resources/sessions/sessions.backend-api.js'
import { userCredentialEndpoints } from '../resources/user-credentials/user-credentials.backend-api.js'
import { userFactorEndpoints } from '../resources/user-factors/user-factors.backend-api.js'
import { userImageEndpoints } from '../resources/user-images/user-images.backend-api.js'
import { userOrganizationEndpoints } from '../resources/user-organizations/user-organizations.backend-api.js'
import { userRecordEndpoints } from '../resources/user-records/user-records.backend-api.js'
import { userRestrictionEndpoints } from '../resources/user-restrictions/user-restrictions.backend-api.js'
import { userEndpoints } from '../resources/users/users.backend-api.js'
import { actorTokenEndpoints } from '../resources/actor-tokens/actor-tokens.backend-api.js'
import { agentTaskEndpoints } from '../resources/agent-tasks/agent-tasks.backend-api.js'
import { invitationEndpoints } from '../resources/invitations/invitations.backend-api.js'
import { signInTokenEndpoints } from '../resources/sign-in-tokens/sign-in-tokens.backend-api.js'
import { signUpEndpoints } from '../resources/sign-ups/sign-ups.backend-api.js'
import { templateEndpoints } from '../resources/templates/templates.backend-api.js'
import { testingTokenEndpoints } from '../resources/testing-tokens/testing-tokens.backend-api.js'
import { waitlistEntryEndpoints } from '../resources/waitlist-entries/waitlist-entries.backend-api.js'
import { webhookApplicationEndpoints } from '../resources/webhook-endpoints/webhook-applications.backend-api.js'
import { web3WalletEndpoints } from '../resources/web3-wallets/web3-wallets.backend-api.js'

/** All endpoints of the Backend API that are served, by resource. */
export const backendEndpoints: readonly Endpoint<Services>[] = [
  ...userRecordEndpoints,
  ...userEndpoints,
  ...userRestrictionEndpoints,
  ...userCredentialEndpoints,
  ...userFactorEndpoints,
  ...passkeyEndpoints,
  ...trustedDeviceEndpoints,
  ...web3WalletEndpoints,
  ...externalAccountEndpoints,
  ...userOrganizationEndpoints,
  ...organizationEndpoints,
  ...organizationMembershipEndpoints,
  ...organizationInvitationEndpoints,
  ...organizationDomainEndpoints,
  ...emailAddressEndpoints,
  ...phoneNumberEndpoints,
  ...messageEndpoints,
  ...templateEndpoints,
  ...instanceSettingsEndpoints,
  ...organizationPermissionEndpoints,
  ...organizationRoleEndpoints,
  ...roleSetEndpoints,
  ...allowlistIdentifierEndpoints,
  ...blocklistIdentifierEndpoints,
  ...redirectUrlEndpoints,
  ...domainEndpoints,
  ...proxyCheckEndpoints,
  ...sessionEndpoints,
  ...clientEndpoints,
  ...handshakePayloadEndpoints,
  ...jwksEndpoints,
  ...jwtTemplateEndpoints,
  ...oauthApplicationEndpoints,
  ...oauthAccessTokenEndpoints,
  ...userImageEndpoints,
  ...signInTokenEndpoints,
  ...actorTokenEndpoints,
  ...agentTaskEndpoints,
  ...testingTokenEndpoints,
  ...invitationEndpoints,
  ...waitlistEntryEndpoints,
  ...signUpEndpoints,
  ...machineEndpoints,
  ...m2mTokenEndpoints,
  ...apiKeyEndpoints,
  ...webhookApplicationEndpoints,
  ...interstitialEndpoints,
  ...accountlessApplicationEndpoints,
]

/** All endpoints of the Frontend API that are served. */
export const frontendEndpoints: readonly Endpoint<Services>[] = [
  ...environmentEndpoints,
  ...devBrowserEndpoints,
  ...jwksFrontendEndpoints,
  ...clientFlowEndpoints,
  ...signInEndpoints,
  ...reverificationEndpoints,
  ...profileSecurityEndpoints,
  ...ownPasskeyEndpoints,
  ...sessionFrontendEndpoints,
  ...meEndpoints,
  ...accountEndpoints,
  ...ownEmailAddressEndpoints,
  ...ownPhoneNumberEndpoints,
  ...myOrganizationEndpoints,
  ...organizationFrontendEndpoints,
  ...organizationMembershipFrontendEndpoints,
  ...organizationMembershipRequestEndpoints,
  ...organizationInvitationFrontendEndpoints,
  ...organizationDomainFrontendEndpoints,
  ...organizationRoleFrontendEndpoints,
  ...handshakeEndpoints,
  ...signUpFlowEndpoints,
  ...waitlistFrontendEndpoints,
  ...siteDataEndpoints,
  ...redirectEndpoints,
  ...ticketLinkEndpoints,
  ...emailLinkEndpoints,
  ...sessionLinkEndpoints,
  ...satelliteEndpoints,
]
