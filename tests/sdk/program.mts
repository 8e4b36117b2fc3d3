// A program written for the official package, which calls each of its methods. program.test.ts compiles and runs it as it
// is, and with our package in place of that.
import { createClerkClient, type ClerkClient } from '@clerk/backend'
import { callOrganizations } from './organizations.js'

const list = { limit: 5, offset: 10 }
const date = new Date('2026-01-02T03:04:05.678Z')
const file = new Blob(['picture'], { type: 'image/png' })
const refresh = { expired_token: 'a', refresh_token: 'b', request_origin: 'https://c.example' }

const client: ClerkClient = createClerkClient({
  secretKey: 'sk_test_program',
  machineSecretKey: 'ak_program',
  requireSecretKey: true,
  telemetry: { disabled: true },
  sdkMetadata: { name: 'program', version: '1.0.0' },
})

/** Calls everything, one after the other, and looks at what comes back. */
export const run = async (): Promise<unknown[]> => [
  (await client.__experimental_accountlessApplications.createAccountlessApplication()).publishableKey,
  (await client.__experimental_accountlessApplications.completeAccountlessApplicationOnboarding({ source: 'next' }))
    .secretKey,
  (
    await client.actorTokens.create({
      userId: 'user_1',
      actor: { sub: 'user_2' },
      expiresInSeconds: 60,
      sessionMaxDurationInSeconds: 90,
    })
  ).id,
  (await client.actorTokens.revoke('act_1')).id,
  (
    await client.agentTasks.create({
      onBehalfOf: { userId: 'user_1' },
      permissions: '*',
      agentName: 'a',
      taskDescription: 't',
      redirectUrl: 'https://a.b',
      sessionMaxDurationInSeconds: 60,
    })
  ).url,
  (await client.agentTasks.revoke('agt_1')).agentTaskId,
  (await client.allowlistIdentifiers.getAllowlistIdentifierList(list)).totalCount,
  (await client.allowlistIdentifiers.createAllowlistIdentifier({ identifier: 'a@x.y', notify: false })).id,
  (await client.allowlistIdentifiers.deleteAllowlistIdentifier('alid_1')).id,
  (await client.apiKeys.list({ subject: 'user_1', includeInvalid: true, ...list })).totalCount,
  (
    await client.apiKeys.create({
      name: 'k',
      subject: 'user_1',
      description: null,
      claims: { camelCase: 1 },
      scopes: ['a'],
      createdBy: 'user_1',
      secondsUntilExpiration: 0,
    })
  ).id,
  (await client.apiKeys.get('ak_1')).id,
  (
    await client.apiKeys.update({
      apiKeyId: 'ak_1',
      subject: 'user_1',
      description: 'd',
      scopes: [],
      secondsUntilExpiration: null,
    })
  ).id,
  (await client.apiKeys.delete('ak_1')).id,
  (await client.apiKeys.revoke({ apiKeyId: 'ak_1', revocationReason: 'lost' })).id,
  (await client.apiKeys.getSecret('ak_1')).secret,
  (await client.apiKeys.verify('ak_secret')).id,
  await client.betaFeatures.changeDomain({ homeUrl: 'https://a.b', isSecondary: false }),
  (await client.billing.getPlanList({ payerType: 'org', ...list })).totalCount,
  (await client.billing.cancelSubscriptionItem('csubi_1', { endNow: true })).id,
  (await client.billing.extendSubscriptionItemFreeTrial('csubi_1', { extendTo: date })).id,
  (await client.billing.getOrganizationBillingSubscription('org_1')).id,
  (await client.billing.getUserBillingSubscription('user_1')).id,
  (await client.blocklistIdentifiers.getBlocklistIdentifierList(list)).totalCount,
  (await client.blocklistIdentifiers.createBlocklistIdentifier({ identifier: 'a@x.y' })).id,
  (await client.blocklistIdentifiers.deleteBlocklistIdentifier('blid_1')).id,
  (await client.clients.getClientList(list)).totalCount,
  (await client.clients.getClient('client_1')).id,
  (await client.clients.verifyClient('a.b.c')).id,
  (await client.clients.getHandshakePayload({ nonce: 'n_1' })).directives,
  (await client.domains.list()).totalCount,
  (await client.domains.add({ name: 'a.b', is_satellite: true, proxy_url: null })).id,
  (await client.domains.update({ domainId: 'dmn_1', name: 'c.d', is_secondary: false })).id,
  (await client.domains.delete('dmn_1')).id,
  (await client.domains.deleteDomain('dmn_1')).id,
  (await client.emailAddresses.getEmailAddress('idn_1')).id,
  (await client.emailAddresses.createEmailAddress({ userId: 'user_1', emailAddress: 'a@x.y', verified: false })).id,
  (await client.emailAddresses.updateEmailAddress('idn_1', { primary: true })).id,
  (await client.emailAddresses.deleteEmailAddress('idn_1')).id,
  (
    await client.emails.create(
      {
        to: { userId: 'user_1' },
        from: { address: 'a@x.y', name: 'A' },
        replyTo: { address: 'b@x.y' },
        subject: 's',
        text: 't',
      },
      { idempotencyKey: 'k_1' },
    )
  ).id,
  (
    await client.emails.createBatch([
      {
        to: { userId: 'user_1' },
        from: { address: 'a@x.y', name: 'A' },
        replyTo: { address: 'b@x.y' },
        subject: 's',
        text: 't',
        idempotencyKey: 'k',
      },
    ])
  )[0]?.index,
  (await client.emails.get('ema_1')).id,
  (
    await client.enterpriseConnections.createEnterpriseConnection({
      name: 'n',
      domains: ['a.b'],
      provider: 'saml_okta',
      active: false,
      saml: {
        idpEntityId: 'e',
        idpCertificates: ['c'],
        attributeMapping: { userId: 'u', emailAddress: 'mail' },
        loginHint: { mode: 'off' },
      },
      customAttributes: [{ name: 'n', key: 'k', ssoPath: 'p', multiValued: true }],
    })
  ).id,
  (
    await client.enterpriseConnections.updateEnterpriseConnection('entconn_1', {
      disableAdditionalIdentifications: true,
      saml: { forceAuthn: false },
    })
  ).id,
  (await client.enterpriseConnections.getEnterpriseConnectionList({ organizationId: 'org_1', active: true, ...list }))
    .totalCount,
  (await client.enterpriseConnections.getEnterpriseConnection('entconn_1')).id,
  (await client.enterpriseConnections.deleteEnterpriseConnection('entconn_1')).id,
  (await client.idPOAuthAccessToken.verify('oat_secret')).id,
  (await client.instance.get()).id,
  await client.instance.update({ testMode: false, hibp: null, allowedOrigins: [] }),
  (await client.instance.updateRestrictions({ allowlist: false, blockEmailSubaddresses: null })).allowlist,
  (await client.instance.getOrganizationSettings()).maxAllowedMemberships,
  (
    await client.instance.updateOrganizationSettings({
      maxAllowedMemberships: 0,
      domainsEnrollmentModes: ['manual_invitation'],
    })
  ).maxAllowedRoles,
  (await client.invitations.getInvitationList({ orderBy: '-created_at', status: 'pending', query: 'a', ...list }))
    .totalCount,
  (
    await client.invitations.createInvitation({
      emailAddress: 'a@x.y',
      publicMetadata: { camelCase: { innerKey: 1 } },
      redirectUrl: 'https://a.b',
      expiresInDays: 3,
      notify: false,
      templateSlug: 'invitation',
    })
  ).id,
  (
    await client.invitations.createInvitationBulk([
      {
        emailAddress: 'a@x.y',
        publicMetadata: { camelCase: { innerKey: 1 } },
        redirectUrl: 'https://a.b',
        expiresInDays: 3,
      },
      { emailAddress: 'b@x.y' },
    ])
  ).length,
  (await client.invitations.revokeInvitation('inv_1')).id,
  await client.invitations.deleteInvitation('inv_1'),
  (await client.jwks.getJwks()).keys,
  (await client.jwtTemplates.list(list)).totalCount,
  (await client.jwtTemplates.get('jtmp_1')).id,
  (await client.jwtTemplates.create({ name: 'hasura', claims: { camelCase: 1 }, allowedClockSkew: 0 })).id,
  (await client.jwtTemplates.update({ templateId: 'jtmp_1', name: 'hasura', claims: {}, lifetime: null })).id,
  (await client.jwtTemplates.delete('jtmp_1')).id,
  (await client.m2m.list({ subject: 'mch_1', revoked: true, ...list })).totalCount,
  (await client.m2m.createToken()).id,
  (await client.m2m.revokeToken({ m2mTokenId: 'mt_1', revocationReason: 'lost' })).id,
  (await client.m2m.verify({ token: 'mt_secret' })).id,
  (await client.machines.get('mch_1')).id,
  (await client.machines.list({ orderBy: '-name', query: 'a', ...list })).totalCount,
  (await client.machines.create({ name: 'm', scopedMachines: ['mch_2'], defaultTokenTtl: 60 })).id,
  (await client.machines.update({ machineId: 'mch_1', name: 'n' })).id,
  (await client.machines.delete('mch_1')).id,
  (await client.machines.getSecretKey('mch_1')).secret,
  (await client.machines.rotateSecretKey({ machineId: 'mch_1', previousTokenTtl: 0 })).secret,
  (await client.machines.createScope('mch_1', 'mch_2')).fromMachineId,
  (await client.machines.deleteScope('mch_1', 'mch_2')).toMachineId,
  (await client.oauthApplications.list({ nameQuery: 'a', orderBy: 'name', ...list })).totalCount,
  (await client.oauthApplications.get('oa_1')).id,
  (await client.oauthApplications.create({ name: 'a', redirectUris: ['https://a.b'], scopes: 'email', public: false }))
    .id,
  (await client.oauthApplications.update({ oauthApplicationId: 'oa_1', name: 'b' })).id,
  (await client.oauthApplications.delete('oa_1')).id,
  (await client.oauthApplications.rotateSecret('oa_1')).id,
  await client.oauthApplications.revokeToken({ oauthApplicationId: 'oa_1', token: 't' }),
  (await client.phoneNumbers.getPhoneNumber('idn_2')).id,
  (
    await client.phoneNumbers.createPhoneNumber({
      userId: 'user_1',
      phoneNumber: '+12015550100',
      reservedForSecondFactor: true,
    })
  ).id,
  (await client.phoneNumbers.updatePhoneNumber('idn_2', { verified: true })).id,
  (await client.phoneNumbers.deletePhoneNumber('idn_2')).id,
  (await client.proxyChecks.verify({ domainId: 'dmn_1', proxyUrl: 'https://a.b/__clerk' })).id,
  (await client.redirectUrls.getRedirectUrlList()).totalCount,
  (await client.redirectUrls.getRedirectUrl('ru_1')).id,
  (await client.redirectUrls.createRedirectUrl({ url: 'my-app://callback' })).id,
  (await client.redirectUrls.deleteRedirectUrl('ru_1')).id,
  (
    await client.samlConnections.getSamlConnectionList({
      query: 'a',
      orderBy: '-created_at',
      organizationId: ['+org_1'],
      ...list,
    })
  ).totalCount,
  (
    await client.samlConnections.createSamlConnection({
      name: 'n',
      provider: 'saml_okta',
      domain: 'a.b',
      idpEntityId: 'e',
      idpCertificates: ['c'],
      attributeMapping: { userId: 'u', emailAddress: 'mail' },
    })
  ).id,
  (await client.samlConnections.getSamlConnection('samlc_1')).id,
  (
    await client.samlConnections.updateSamlConnection('samlc_1', {
      active: false,
      idpEntityId: 'e',
      idpCertificates: ['c'],
      attributeMapping: { userId: 'u', emailAddress: 'mail' },
    })
  ).id,
  (await client.samlConnections.deleteSamlConnection('samlc_1')).id,
  (await client.sessions.getSessionList({ userId: 'user_1', status: 'active', ...list })).totalCount,
  (await client.sessions.getSession('sess_1')).id,
  (await client.sessions.createSession({ userId: 'user_1' })).id,
  (await client.sessions.revokeSession('sess_1')).id,
  (await client.sessions.verifySession('sess_1', 'a.b.c')).id,
  (await client.sessions.getToken('sess_1')).jwt,
  (await client.sessions.refreshSession('sess_1', { ...refresh, suffixed_cookies: true })).jwt,
  (await client.signInTokens.createSignInToken({ userId: 'user_1', orgId: 'org_1', expiresInSeconds: 60 })).id,
  (await client.signInTokens.revokeSignInToken('sit_1')).id,
  (await client.signUps.get('sua_1')).id,
  (await client.signUps.update({ signUpAttemptId: 'sua_1', externalId: null, customAction: false })).id,
  (await client.testingTokens.createTestingToken()).token,
  (await client.users.getUser('user_1')).primaryEmailAddress?.emailAddress,
  (await client.users.getUserList()).totalCount,
  await client.users.getCount({ query: 'ada', externalId: ['1'] }),
  (
    await client.users.createUser({
      emailAddress: ['a@x.y'],
      createdAt: date,
      publicMetadata: { camelCase: { innerKey: [date, null] } },
      banned: false,
    })
  ).id,
  (
    await client.users.updateUser('user_1', {
      firstName: 'Ada',
      primaryEmailAddressID: 'idn_1',
      primaryPhoneNumberID: 'idn_2',
      primaryWeb3WalletID: 'idn_3',
      profileImageID: 'img_1',
    })
  ).id,
  (await client.users.replaceUserEmailAddress('user_1', { emailAddress: 'a@x.y' })).id,
  (await client.users.replaceUserPhoneNumber('user_1', { phoneNumber: '+12015550100' })).id,
  (await client.users.updateUserProfileImage('user_1', { file: file })).id,
  (await client.users.updateUserMetadata('user_1', { publicMetadata: { aB: null } })).id,
  (await client.users.replaceUserMetadata('user_1', { privateMetadata: {} })).id,
  (await client.users.deleteUser('user_1')).id,
  (await client.users.getUserOauthAccessToken('user_1', 'google')).data[0]?.token,
  (await client.users.getOrganizationMembershipList({ userId: 'user_1', ...list })).totalCount,
  (await client.users.getOrganizationInvitationList({ userId: 'user_1', status: 'pending', ...list })).totalCount,
  (await client.users.removePassword('user_1', { signOutOfOtherSessions: true })).id,
  (await client.users.verifyPassword({ userId: 'user_1', password: 'p' })).verified,
  (await client.users.verifyTOTP({ userId: 'user_1', code: '123456' })).code_type,
  (await client.users.banUser('user_1')).id,
  (await client.users.unbanUser('user_1')).id,
  (await client.users.lockUser('user_1')).id,
  (await client.users.unlockUser('user_1')).id,
  (await client.users.deleteUserProfileImage('user_1')).id,
  (await client.users.deleteUserPasskey({ userId: 'user_1', passkeyIdentificationId: 'idn_5' })).id,
  (await client.users.deleteUserWeb3Wallet({ userId: 'user_1', web3WalletIdentificationId: 'idn_3' })).id,
  (await client.users.deleteUserExternalAccount({ userId: 'user_1', externalAccountId: 'eac_1' })).id,
  (await client.users.disableUserMFA('user_1')).userId,
  (await client.users.deleteUserBackupCodes('user_1')).userId,
  (await client.users.deleteUserTOTP('user_1')).userId,
  (await client.users.setPasswordCompromised('user_1', { revokeAllSessions: true })).id,
  (await client.users.unsetPasswordCompromised('user_1')).id,
  (await client.waitlistEntries.list({ query: 'a', status: 'pending', orderBy: '-invited_at', ...list })).totalCount,
  (await client.waitlistEntries.create({ emailAddress: 'a@x.y', notify: false })).id,
  (await client.waitlistEntries.createBulk([{ emailAddress: 'a@x.y' }, { emailAddress: 'b@x.y', notify: false }]))
    .length,
  (await client.waitlistEntries.invite('wle_1', { ignoreExisting: true })).id,
  (await client.waitlistEntries.reject('wle_1')).id,
  (await client.waitlistEntries.delete('wle_1')).id,
  (await client.webhooks.createSvixApp()).svix_url,
  (await client.webhooks.generateSvixAuthURL()).svix_url,
  await client.webhooks.deleteSvixApp(),
  ...(await callOrganizations(client)),
]
