import type { ApiClient } from '../core/request.js'
import { AccountlessApplicationsApi } from './accountless-applications.js'
import { ActorTokensApi } from './actor-tokens.js'
import { AdminPortalLinkTokensApi } from './admin-portal-link-tokens.js'
import { AgentTasksApi } from './agent-tasks.js'
import { AllowlistIdentifiersApi } from './allowlist-identifiers.js'
import { APIKeysApi } from './api-keys.js'
import { BetaFeaturesApi } from './beta-features.js'
import { BillingApi } from './billing.js'
import { BlocklistIdentifiersApi } from './blocklist-identifiers.js'
import { ClientsApi } from './clients.js'
import { DirectoriesApi } from './directories.js'
import { DomainsApi } from './domains.js'
import { EmailAddressesApi } from './email-addresses.js'
import { EmailsApi } from './emails.js'
import { EnterpriseConnectionsApi } from './enterprise-connections.js'
import { InstanceApi } from './instance.js'
import { InterstitialApi } from './interstitial.js'
import { InvitationsApi } from './invitations.js'
import { JwksApi } from './jwks.js'
import { JwtTemplatesApi } from './jwt-templates.js'
import { M2MTokensApi, type M2MTokensOptions } from './m2m-tokens.js'
import { MachinesApi } from './machines.js'
import { IdPOAuthAccessTokensApi } from './oauth-access-tokens.js'
import { OAuthApplicationsApi } from './oauth-applications.js'
import { OrganizationPermissionsApi } from './organization-permissions.js'
import { OrganizationRolesApi } from './organization-roles.js'
import { OrganizationsApi } from './organizations.js'
import { PhoneNumbersApi } from './phone-numbers.js'
import { ProxyChecksApi } from './proxy-checks.js'
import { RedirectUrlsApi } from './redirect-urls.js'
import { RoleSetsApi } from './role-sets.js'
import { SamlConnectionsApi } from './saml-connections.js'
import { SessionsApi } from './sessions.js'
import { SignInTokensApi } from './sign-in-tokens.js'
import { SignUpsApi } from './sign-ups.js'
import { SMSMessagesApi } from './sms-messages.js'
import { TemplatesApi } from './templates.js'
import { TestingTokensApi } from './testing-tokens.js'
import { UsersApi } from './users.js'
import { WaitlistEntriesApi } from './waitlist-entries.js'
import { WebhooksApi } from './webhooks.js'

/** All operations of the Backend API, by resource. Creating them opens no connection. */
export function createApis(client: ApiClient, options: M2MTokensOptions) {
  return {
    __experimental_accountlessApplications: new AccountlessApplicationsApi(client),
    actorTokens: new ActorTokensApi(client),
    adminPortalLinkTokens: new AdminPortalLinkTokensApi(client),
    agentTasks: new AgentTasksApi(client),
    allowlistIdentifiers: new AllowlistIdentifiersApi(client),
    apiKeys: new APIKeysApi(client),
    betaFeatures: new BetaFeaturesApi(client),
    billing: new BillingApi(client),
    blocklistIdentifiers: new BlocklistIdentifiersApi(client),
    clients: new ClientsApi(client),
    directories: new DirectoriesApi(client, 'directories'),
    domains: new DomainsApi(client),
    emailAddresses: new EmailAddressesApi(client),
    emails: new EmailsApi(client),
    enterpriseConnections: new EnterpriseConnectionsApi(client),
    idPOAuthAccessToken: new IdPOAuthAccessTokensApi(client),
    instance: new InstanceApi(client),
    interstitial: new InterstitialApi(client),
    invitations: new InvitationsApi(client),
    jwks: new JwksApi(client),
    jwtTemplates: new JwtTemplatesApi(client),
    m2m: new M2MTokensApi(client, options),
    machines: new MachinesApi(client),
    oauthApplications: new OAuthApplicationsApi(client),
    organizationPermissions: new OrganizationPermissionsApi(client),
    organizationRoles: new OrganizationRolesApi(client),
    organizations: new OrganizationsApi(client),
    phoneNumbers: new PhoneNumbersApi(client),
    proxyChecks: new ProxyChecksApi(client),
    redirectUrls: new RedirectUrlsApi(client),
    roleSets: new RoleSetsApi(client),
    samlConnections: new SamlConnectionsApi(client),
    scimDirectories: new DirectoriesApi(client, 'scim_directories'),
    sessions: new SessionsApi(client),
    signInTokens: new SignInTokensApi(client),
    signUps: new SignUpsApi(client),
    smsMessages: new SMSMessagesApi(client),
    templates: new TemplatesApi(client),
    testingTokens: new TestingTokensApi(client),
    users: new UsersApi(client),
    waitlistEntries: new WaitlistEntriesApi(client),
    webhooks: new WebhooksApi(client),
  }
}
