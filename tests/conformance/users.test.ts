import { describe, expect, it } from 'vitest'
import { openBrowser } from '../../packages/server/src/browser.test-support.js'
import { combinations, useServerWithSdk } from './official-sdk.test-support.js'

const notFound = { status: 404, errors: [{ code: 'resource_not_found' }] }
const incorrect = { status: 422, errors: [{ code: 'incorrect_password' }] }
const noPassword = { status: 400, errors: [{ code: 'no_password_set' }] }
const UNKNOWN = 'user_2aaaaaaaaaaaaaaaaaaaaaaaaaa'
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const TOTP_SECRET = 'JBSWY3DPEHPK3PXP'

describe.each(combinations)('users of $sdk on $dialect', (combination) => {
  const official = useServerWithSdk(combination, ['users'])
  const onlyNew = it.runIf(combination.sdk === '@clerk/backend 3')

  it('creates, gets, lists and counts users', async () => {
    const { users } = official.client
    const ada = await users.createUser({
      externalId: 'crm-1',
      emailAddress: ['ada@example.com'],
      phoneNumber: ['+14155552671'],
      username: 'ada_l',
      password: 'analytical engine',
      firstName: 'Ada',
      lastName: 'Lovelace',
      publicMetadata: { plan: 'pro' },
      privateMetadata: { crm: 7 },
      unsafeMetadata: { theme: 'dark' },
      createdAt: new Date('2012-10-20T07:15:20.902Z'),
    })
    official.test.clock.advance(1000)
    const grace = await users.createUser({ emailAddress: ['grace@example.com'], skipPasswordRequirement: true })

    expect(ada).toMatchObject({
      externalId: 'crm-1',
      username: 'ada_l',
      firstName: 'Ada',
      lastName: 'Lovelace',
      fullName: 'Ada Lovelace',
      passwordEnabled: true,
      publicMetadata: { plan: 'pro' },
      privateMetadata: { crm: 7 },
      unsafeMetadata: { theme: 'dark' },
      createdAt: 1350717320902,
      primaryEmailAddress: { emailAddress: 'ada@example.com', verification: { status: 'verified', strategy: 'admin' } },
      primaryPhoneNumber: { phoneNumber: '+14155552671' },
    })
    expect(await users.getUser(ada.id)).toEqual(ada)

    const all = await users.getUserList({ limit: 10 })
    expect(all.totalCount).toBe(2)
    expect(all.data.map(({ id }) => id)).toEqual([grace.id, ada.id])
    const page = await users.getUserList({ orderBy: '+created_at', limit: 1, offset: 1 })
    expect(page.data.map(({ id }) => id)).toEqual([grace.id])
    expect(page.totalCount).toBe(2)
    expect((await users.getUserList({ emailAddress: ['ada@example.com', 'nobody@example.com'] })).data).toEqual([ada])
    expect((await users.getUserList({ query: 'lovel' })).data).toEqual([ada])
    expect(await users.getCount()).toBe(2)
    expect(await users.getCount({ externalId: ['crm-1'] })).toBe(1)
  })

  it('says which user it did not find', async () => {
    const { users } = official.client

    await expect(users.getUser(UNKNOWN)).rejects.toMatchObject(notFound)
    await expect(users.updateUser(UNKNOWN, { firstName: 'Ada' })).rejects.toMatchObject(notFound)
    await expect(users.deleteUser(UNKNOWN)).rejects.toMatchObject(notFound)
    await expect(users.banUser(UNKNOWN)).rejects.toMatchObject(notFound)
  })

  it('updates profile and metadata, and deletes', async () => {
    const { users } = official.client
    const { id } = await users.createUser({
      emailAddress: ['ada@example.com'],
      publicMetadata: { plan: 'pro', seats: { used: 1, all: 5 } },
    })

    expect(await users.updateUser(id, { firstName: 'Ada', lastName: 'King' })).toMatchObject({
      firstName: 'Ada',
      lastName: 'King',
    })
    expect(await users.getUser(id)).toMatchObject({ firstName: 'Ada', lastName: 'King' })
    expect(
      (await users.updateUserMetadata(id, { publicMetadata: { seats: { used: 2 }, plan: null } })).publicMetadata,
    ).toEqual({ seats: { used: 2, all: 5 } })
    expect((await users.getUser(id)).publicMetadata).toEqual({ seats: { used: 2, all: 5 } })
    // The newest SDK takes the metadata out and sends it in a second request, which replaces it as the former one does.
    const updated = await users.updateUser(id, { firstName: 'Augusta', publicMetadata: { plan: 'free' } })
    expect(updated).toMatchObject({ firstName: 'Augusta' })
    expect(updated.publicMetadata).toEqual({ plan: 'free' })

    expect(await users.deleteUser(id)).toMatchObject({ id })
    await expect(users.getUser(id)).rejects.toMatchObject({ status: 404 })
    expect(await users.getCount()).toBe(0)
  })

  onlyNew('replaces metadata whole', async () => {
    const { users } = official.client
    const { id } = await users.createUser({
      emailAddress: ['ada@example.com'],
      publicMetadata: { plan: 'pro' },
      privateMetadata: { crm: 7 },
    })

    const replaced = await users.replaceUserMetadata(id, { publicMetadata: { seats: 5 } })
    expect(replaced.publicMetadata).toEqual({ seats: 5 })
    expect(replaced.privateMetadata).toEqual({ crm: 7 })
    expect(await users.getUser(id)).toEqual(replaced)
  })

  it('refuses what is wrong with the code for it', async () => {
    const { users } = official.client
    await users.createUser({ emailAddress: ['ada@example.com'] })

    await expect(users.createUser({ emailAddress: ['ADA@example.com'] })).rejects.toMatchObject({
      status: 422,
      clerkTraceId: expect.stringMatching(/^[0-9a-f]{32}$/),
      errors: [{ code: 'form_identifier_exists', meta: { paramName: 'email_address' } }],
    })
    await expect(users.getUserList({ limit: -1 })).rejects.toMatchObject({ status: 422 })
  })

  it('bans and unbans, locks and unlocks', async () => {
    const { users } = official.client
    const { id } = await users.createUser({ emailAddress: ['ada@example.com'] })

    const stored = () => users.getUser(id)
    expect(await users.banUser(id)).toMatchObject({ id, banned: true })
    expect(await stored()).toMatchObject({ banned: true })
    expect(await users.unbanUser(id)).toMatchObject({ id, banned: false })
    expect(await stored()).toMatchObject({ banned: false })
    expect(await users.lockUser(id)).toMatchObject({ id, locked: true })
    expect(await stored()).toMatchObject({ locked: true })
    expect(await users.unlockUser(id)).toMatchObject({ id, locked: false })
    expect(await stored()).toMatchObject({ locked: false })
  })

  it('verifies passwords', async () => {
    const { users } = official.client
    const { id } = await users.createUser({ emailAddress: ['ada@example.com'], password: 'analytical engine' })
    const other = await users.createUser({ emailAddress: ['grace@example.com'] })

    expect(await users.verifyPassword({ userId: id, password: 'analytical engine' })).toEqual({ verified: true })
    await expect(users.verifyPassword({ userId: id, password: 'difference engine' })).rejects.toMatchObject(incorrect)
    await expect(users.verifyPassword({ userId: other.id, password: 'analytical engine' })).rejects.toMatchObject(
      noPassword,
    )
  })

  onlyNew('removes a password, and calls it compromised or not', async () => {
    const { users } = official.client
    const { id } = await users.createUser({ emailAddress: ['ada@example.com'], password: 'analytical engine' })

    const { sessions } = official.client
    const session = await sessions.createSession({ userId: id })
    // Whether it is marked shows in the password's answer at a sign-in, and in sessions, which wait for another one.
    const signIn = async () => {
      const form = { identifier: 'ada@example.com', password: 'analytical engine' }
      const { body } = await (await openBrowser(official.test)).call('POST /client/sign_ins', { form })
      return body.errors?.[0].code ?? body.response.status
    }
    expect(await users.setPasswordCompromised(id)).toMatchObject({ id, passwordEnabled: true })
    expect(await signIn()).toBe('form_password_compromised')
    expect((await sessions.getSession(session.id)).status).toBe('pending')
    expect(await users.setPasswordCompromised(id, { revokeAllSessions: true })).toMatchObject({ id })
    expect((await sessions.getSession(session.id)).status).toBe('revoked')
    expect(await users.unsetPasswordCompromised(id)).toMatchObject({ id })
    expect(await signIn()).toBe('complete')
    expect(await users.removePassword(id)).toMatchObject({ id, passwordEnabled: false })
    await expect(users.verifyPassword({ userId: id, password: 'analytical engine' })).rejects.toMatchObject(noPassword)
  })

  it('takes second factors and takes them away', async () => {
    const { users } = official.client
    const { id } = await users.createUser({
      emailAddress: ['ada@example.com'],
      totpSecret: TOTP_SECRET,
      backupCodes: ['abcd2345', 'efgh6789'],
    })

    expect(await users.getUser(id)).toMatchObject({
      totpEnabled: true,
      backupCodeEnabled: true,
      twoFactorEnabled: true,
    })
    expect(await users.verifyTOTP({ userId: id, code: 'abcd2345' })).toEqual({
      verified: true,
      code_type: 'backup_code',
    })
    await expect(users.verifyTOTP({ userId: id, code: 'abcd2345' })).rejects.toMatchObject({
      status: 422,
      errors: [{ code: 'totp_incorrect_code' }],
    })

    expect(await users.deleteUserBackupCodes(id)).toMatchObject({ user_id: id })
    expect(await users.getUser(id)).toMatchObject({ totpEnabled: true, backupCodeEnabled: false })
    expect(await users.deleteUserTOTP(id)).toMatchObject({ user_id: id })
    expect(await users.disableUserMFA(id)).toMatchObject({ user_id: id })
    expect(await users.getUser(id)).toMatchObject({ totpEnabled: false, twoFactorEnabled: false })
    await expect(users.verifyTOTP({ userId: id, code: '123456' })).rejects.toMatchObject({
      status: 400,
      errors: [{ code: 'totp_disabled' }],
    })
  })

  it('keeps and serves profile images', async () => {
    const { users } = official.client
    const { id } = await users.createUser({ emailAddress: ['ada@example.com'] })

    const withImage = await users.updateUserProfileImage(id, {
      file: new File([PNG], 'ada.png', { type: 'image/png' }),
    })
    expect(withImage).toMatchObject({ hasImage: true })
    const image = await official.test.fetch(withImage.imageUrl)
    expect(image.headers.get('content-type')).toMatch(/^image\//)
    expect(await users.deleteUserProfileImage(id)).toMatchObject({ hasImage: false })
    expect(await users.getUser(id)).toMatchObject({ hasImage: false })
    expect((await official.test.fetch(withImage.imageUrl)).status).toBe(404)
  })

  onlyNew('replaces all addresses and numbers by one', async () => {
    const { users } = official.client
    const { id } = await users.createUser({
      emailAddress: ['ada@example.com', 'countess@example.com'],
      phoneNumber: ['+14155552671'],
    })

    expect(await users.replaceUserEmailAddress(id, { emailAddress: 'king@example.com' })).toMatchObject({
      emailAddress: 'king@example.com',
    })
    expect(await users.replaceUserPhoneNumber(id, { phoneNumber: '+14155552672' })).toMatchObject({
      phoneNumber: '+14155552672',
    })
    const user = await users.getUser(id)
    expect(user.emailAddresses.map(({ emailAddress }) => emailAddress)).toEqual(['king@example.com'])
    expect(user.phoneNumbers.map(({ phoneNumber }) => phoneNumber)).toEqual(['+14155552672'])
    expect(user.primaryEmailAddress?.emailAddress).toBe('king@example.com')
  })

  it('deletes wallets, passkeys and external accounts', async () => {
    const { users } = official.client
    const id = await seedUser()
    const [wallet] = (await users.getUser(id)).web3Wallets
    const [account] = (await users.getUser(id)).externalAccounts
    const passkey = `idn_passkey_${id}`

    expect(await users.deleteUserWeb3Wallet({ userId: id, web3WalletIdentificationId: wallet!.id })).toMatchObject({
      id: wallet!.id,
      deleted: true,
    })
    expect(await users.deleteUserPasskey({ userId: id, passkeyIdentificationId: passkey })).toMatchObject({
      id: passkey,
      deleted: true,
    })
    expect(await users.deleteUserExternalAccount({ userId: id, externalAccountId: account!.id })).toMatchObject({
      id: account!.id,
      deleted: true,
    })
    expect(await users.getUser(id)).toMatchObject({ web3Wallets: [], externalAccounts: [] })

    await expect(
      users.deleteUserWeb3Wallet({ userId: id, web3WalletIdentificationId: wallet!.id }),
    ).rejects.toMatchObject(notFound)
    await expect(users.deleteUserPasskey({ userId: id, passkeyIdentificationId: passkey })).rejects.toMatchObject(
      notFound,
    )
    await expect(users.deleteUserExternalAccount({ userId: id, externalAccountId: account!.id })).rejects.toMatchObject(
      {
        status: 404,
        errors: [{ code: 'external_account_not_found' }],
      },
    )
  })

  it('hands out the tokens of a user at another provider', async () => {
    const { users } = official.client
    const id = await seedUser()

    const tokens = await users.getUserOauthAccessToken(id, 'google')
    expect(tokens).toMatchObject({
      data: [{ provider: 'oauth_google', token: 'ya29.secret', scopes: ['email', 'profile'] }],
      totalCount: 1,
    })
    expect(await users.getUserOauthAccessToken(id, 'github')).toMatchObject({ data: [], totalCount: 0 })
  })

  /** A user with what only a browser brings. */
  async function seedUser(): Promise<string> {
    const { id: instanceId } = official.test.instance
    const id = `user_${instanceId}`
    const account = {
      provider: 'oauth_google',
      provider_user_id: '7',
      approved_scopes: 'email profile',
      access_token: 'ya29.secret',
    }
    await official.test.server.admin.seed(instanceId, {
      users: [
        {
          id,
          email_addresses: ['ada@example.com'],
          web3_wallets: ['0x52908400098527886E0F7030069857D2E4169EE7'],
          passkeys: [{ id: `idn_passkey_${id}`, name: 'Laptop', credential_id: 'Y3JlZA', public_key: 'a2V5' }],
          external_accounts: [account],
        },
      ],
    })
    return id
  }

  it('has pages of memberships and of invitations, which are empty for who is in no organization', async () => {
    const { users, instance, organizations } = official.client
    await instance.updateOrganizationSettings({ enabled: true })
    const { id: userId } = await users.createUser({ emailAddress: ['ada@example.com'] })

    expect(await users.getOrganizationMembershipList({ userId })).toMatchObject({ data: [], totalCount: 0 })
    expect(await users.getOrganizationInvitationList({ userId })).toMatchObject({ data: [], totalCount: 0 })

    const { id: creator } = await users.createUser({ emailAddress: ['grace@example.com'] })
    const { id: organizationId } = await organizations.createOrganization({ name: 'Acme', createdBy: creator })
    const invitation = { organizationId, emailAddress: 'ada@example.com', role: 'org:member' }
    const { id: invitationId } = await organizations.createOrganizationInvitation(invitation)
    expect(await users.getOrganizationInvitationList({ userId, status: 'pending' })).toMatchObject({
      data: [{ id: invitationId, organizationId, role: 'org:member' }],
      totalCount: 1,
    })
    const { id: membershipId } = await organizations.createOrganizationMembership({
      organizationId,
      userId,
      role: 'org:member',
    })
    expect(await users.getOrganizationMembershipList({ userId })).toMatchObject({
      data: [{ id: membershipId, role: 'org:member', organization: { id: organizationId } }],
      totalCount: 1,
    })
  })
})
