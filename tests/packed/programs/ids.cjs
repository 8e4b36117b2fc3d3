// The ids of everything that a test may look at, in the order in which it was made.
const { createTestServer } = require('@latchkey/testing')

/** Makes one of each kind, at a time that each run may choose. */
module.exports.makeIds = async function makeIds(now) {
  const server = await createTestServer({ now })
  const { client, instance, clock } = server
  await client.instance.updateOrganizationSettings({ enabled: true })
  const ada = await client.users.createUser({ emailAddress: ['ada@example.com'], phoneNumber: ['+12015550100'] })
  const grace = await client.users.createUser({ username: 'grace', password: 'correct horse 1 battery' })
  clock.advance(1000)
  const organization = await client.organizations.createOrganization({ name: 'Analysts', createdBy: ada.id })
  const membership = await client.organizations.createOrganizationMembership({
    organizationId: organization.id,
    userId: grace.id,
    role: 'org:member',
  })
  const made = [
    ada,
    ...ada.emailAddresses,
    ...ada.phoneNumbers,
    grace,
    organization,
    membership,
    await client.sessions.createSession({ userId: ada.id }),
    await client.invitations.createInvitation({ emailAddress: 'invited@example.com' }),
    await client.organizations.createOrganizationInvitation({
      organizationId: organization.id,
      inviterUserId: ada.id,
      emailAddress: 'member@example.com',
      role: 'org:member',
    }),
    await client.jwtTemplates.create({ name: 'hasura', claims: {}, lifetime: 60, allowedClockSkew: 5 }),
    await client.redirectUrls.createRedirectUrl({ url: 'https://example.com/back' }),
    await client.allowlistIdentifiers.createAllowlistIdentifier({ identifier: 'eve@example.com', notify: false }),
    await client.signInTokens.createSignInToken({ userId: ada.id, expiresInSeconds: 60 }),
    await client.emailAddresses.createEmailAddress({ userId: ada.id, emailAddress: 'work@example.com' }),
    await server.createInstance(),
    ...(await server.messages()),
    ...(await server.events()),
  ]
  await server.close()
  return [instance.id, ...made.map(({ id }) => id)]
}
