import type { Call } from './calls.test-support.js'

const list = { limit: 5, offset: 10 }
const file = new Blob(['picture'], { type: 'image/png' })
const domain = { organizationId: 'org_1', domainId: 'orgdmn_1' }

const credits = { amount: 500, action: 'increase', currency: 'USD', idempotencyKey: 'k_1', note: 'n' }
const item = { subscriptionItemId: 'csubi_1' }
const template = { templateType: 'email', slug: 'verification_code' }

const directoryCalls = (namespace: string, group: string): Call[] => [
  [`${namespace}.list`, list],
  [
    `${namespace}.create`,
    {
      enterpriseConnectionId: 'entconn_1',
      name: 'n',
      provider: 'okta',
      groupRoleMappings: [{ [group]: 'g', roleId: 'role_1', precedence: 1 }],
    },
  ],
  [`${namespace}.get`, 'dir_1'],
  [`${namespace}.update`, { directoryId: 'dir_1', enabled: false, attributeMapping: { first_name: 'givenName' } }],
  [`${namespace}.delete`, 'dir_1'],
  [`${namespace}.rotateApiKey`, 'dir_1'],
  [`${namespace}.getGroupRoleMappingList`, { directoryId: 'dir_1' }],
  [`${namespace}.createGroupRoleMapping`, { directoryId: 'dir_1', [group]: 'g', roleId: 'role_1', precedence: 2 }],
  [`${namespace}.replaceGroupRoleMappings`, { directoryId: 'dir_1', mappings: [{ [group]: 'g', roleId: 'role_1' }] }],
  [`${namespace}.deleteGroupRoleMapping`, { directoryId: 'dir_1', mappingId: 'map_1' }],
]

/** Calls of the methods that `@clerk/backend` lacks. */
export const furtherCalls: Call[] = [
  [
    'adminPortalLinkTokens.create',
    { organizationId: `org_${'1'.repeat(27)}`, itContactId: 'it_1', scopes: ['a'], secondsUntilExpiration: 60 },
  ],
  ['adminPortalLinkTokens.revoke', { adminPortalLinkTokenId: 'aplt_1', revocationReason: null }],
  ['betaFeatures.updateDomain', { homeUrl: 'https://a.b', isSecondary: false }],
  [
    'betaFeatures.updateInstanceSettings',
    { restrictedToAllowlist: false, fromEmailAddress: 'a', progressiveSignUp: true, testMode: null },
  ],
  ['billing.getPriceList', { planId: 'cplan_1', ...list }],
  [
    'billing.createPrice',
    {
      planId: 'cplan_1',
      currency: 'USD',
      amount: 0,
      annualMonthlyAmount: null,
      description: 'd',
      supportedBillingPeriods: 'both',
    },
  ],
  [
    'billing.getSubscriptionItemList',
    { status: 'active', payerType: 'org', planId: 'cplan_1', includeFree: false, query: 'a', ...list },
  ],
  ['billing.createPriceTransition', { ...item, fromPriceId: 'cprice_1', toPriceId: 'cprice_2' }],
  ['billing.applySubscriptionItemDiscount', { ...item, discountId: 'cdis_1' }],
  ['billing.removeSubscriptionItemDiscount', { ...item, discountId: 'cdis_1' }],
  ['billing.getStatementList', list],
  ['billing.getStatement', 'cstmt_1'],
  ['billing.getStatementPaymentAttemptList', { statementId: 'cstmt_1', ...list }],
  ['billing.getOrganizationCreditBalance', 'org_1'],
  ['billing.adjustOrganizationCreditBalance', 'org_1', credits],
  ['billing.getUserCreditBalance', 'user_1'],
  ['billing.adjustUserCreditBalance', 'user_1', credits],
  ...directoryCalls('directories', 'directoryGroupId'),
  ['emailAddresses.prepareVerification', 'idn_1'],
  ['emailAddresses.attemptVerification', 'idn_1', { verificationId: 'ver_1', code: '123456' }],
  ['enterpriseConnections.createEnterpriseConnectionTestRun', 'entconn_1'],
  [
    'enterpriseConnections.getEnterpriseConnectionTestRunList',
    { enterpriseConnectionId: 'entconn_1', status: ['pending', 'failed'], ...list },
  ],
  ['instance.changeDomain', { homeUrl: 'https://a.b', isSecondary: false }],
  ['instance.getCommunication'],
  ['instance.updateCommunication', { blockedCountryCodes: ['AQ'] }],
  ['instance.getProtect'],
  ['instance.updateProtect', { rulesEnabled: true, specterEnabled: null }],
  ['instance.getOAuthApplicationSettings'],
  [
    'instance.updateOAuthApplicationSettings',
    {
      dynamicOauthClientRegistration: false,
      defaultScopes: ['email'],
      oauthJwtAccessTokens: true,
      clientIdMetadataDocumentsAdvertised: true,
      clientIdMetadataDocumentsOnlyAllowPreRegisteredClients: false,
      clientIdMetadataDocumentsBlockImplicitlyAllowedClients: null,
    },
  ],
  [
    'interstitial.get',
    {
      frontendApi: 'clerk.a.b',
      publishableKey: 'pk_1',
      proxyUrl: 'https://a.b',
      domain: 'a.b',
      signInUrl: 'https://a.b/in',
      useDomainForScript: false,
    },
  ],
  ['oauthApplications.updateLogo', { oauthApplicationId: 'oa_1', file, uploaderUserId: 'user_1' }],
  ['organizations.getPendingOrganizationInvitationList', { organizationId: 'org_1', ...list }],
  [
    'organizations.getInstanceOrganizationInvitationList',
    { orderBy: '-created_at', status: 'pending', query: 'a', ...list },
  ],
  [
    'organizations.getInstanceOrganizationDomainList',
    {
      organizationId: 'org_1',
      verified: false,
      enrollmentMode: ['-enterprise_sso'],
      query: 'a',
      domains: ['a.b'],
      orderBy: 'name',
      ...list,
    },
  ],
  ['organizations.verifyOrganizationDomainOwnership', domain],
  ['phoneNumbers.prepareVerification', 'idn_2'],
  ['phoneNumbers.attemptVerification', 'idn_2', { verificationId: 'ver_1', code: '123456' }],
  ...directoryCalls('scimDirectories', 'scimGroupId'),
  ['templates.list', { templateType: 'email', ...list }],
  ['templates.get', template],
  [
    'templates.update',
    {
      ...template,
      name: 'n',
      subject: 's',
      markup: 'm',
      body: 'b',
      deliveredByClerk: false,
      fromEmailName: 'f',
      replyToEmailName: 'r',
    },
  ],
  ['templates.revert', template],
  ['templates.preview', { ...template, subject: 's', body: 'b', fromEmailName: 'f', replyToEmailName: 'r' }],
  ['templates.toggleDelivery', { ...template, deliveredByClerk: false }],
  ['users.getUserTrustedDeviceList', 'user_1'],
  ['users.revokeUserTrustedDevice', { userId: 'user_1', trustedDeviceId: 'tdev_1' }],
  ['users.banUsers', ['user_1', 'user_2']],
  ['users.unbanUsers', ['user_1']],
]

/** Calls of methods for operations that only older versions of the API describe. */
export const olderCalls: Call[] = [
  ['emails.createEmail', { fromEmailName: 'a', subject: 's', body: 'b', emailAddressId: 'idn_1' }],
  ['smsMessages.createSMSMessage', { message: 'm', phoneNumberId: 'idn_2' }],
]
