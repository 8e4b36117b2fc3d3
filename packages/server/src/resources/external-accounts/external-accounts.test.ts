import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'
import { operator } from '../../kernel/caller.js'
import { ENCRYPTION_KEY, servicesOf } from '../users/user-parts.test-support.js'
import type { NewExternalAccount } from './external-accounts.service.js'

const refused = (status: number, code: string) => ({ status, body: { errors: [{ code }] } })

describe.each(dialects)('external accounts on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })
  const users = () => server.client.users
  const shown = async (id: string) => (await server.call('GET', `/users/${id}`)).body
  const remove = (userId: string, id: string, key?: string) =>
    server.call('DELETE', `/users/${userId}/external_accounts/${id}`, undefined, key ? { key } : {})
  const tokens = (userId: string, provider: string, query = '') =>
    server.call('GET', `/users/${userId}/oauth_access_tokens/${provider}${query}`)

  async function add(userId: string, account: Partial<NewExternalAccount> = {}) {
    const { context, externalAccounts } = await servicesOf(server)
    const given = { provider: 'oauth_google', providerUserId: `google of ${userId}`, ...account }
    return context.transaction(operator('test'), (tx) => externalAccounts.insert(userId, given, tx))
  }

  describe('connecting', () => {
    it('shows an account with its user', async () => {
      const user = await users().createUser({ username: 'ada_l' })

      const account = await add(user.id, {
        id: 'eac_1',
        identificationId: 'idn_1',
        emailAddress: 'ada@example.com',
        emailAddressVerified: true,
        firstName: 'Ada',
        lastName: 'Lovelace',
        approvedScopes: 'email profile',
        imageUrl: 'https://example.com/ada.png',
        publicMetadata: { plan: 'pro' },
        label: 'work',
        tokens: { accessToken: 'secret token' },
      })

      const { external_accounts } = await shown(user.id)
      expect(external_accounts).toMatchObject([
        {
          object: 'google_account',
          id: 'eac_1',
          identification_id: 'idn_1',
          provider: 'oauth_google',
          provider_user_id: `google of ${user.id}`,
          email_address: 'ada@example.com',
          first_name: 'Ada',
          approved_scopes: 'email profile',
          image_url: 'https://example.com/ada.png',
          public_metadata: { plan: 'pro' },
          label: 'work',
          verification: { object: 'verification_oauth', status: 'verified', strategy: 'oauth_google' },
        },
      ])
      expect(JSON.stringify([account, await server.events(), external_accounts])).not.toContain('secret token')
      const query = new URLSearchParams({ provider: 'oauth_google', provider_user_id: `google of ${user.id}` })
      expect((await server.call('GET', `/users?${query.toString()}`)).body).toMatchObject([{ id: user.id }])
    })

    it('links a verified address that is also the user’s, whatever its case', async () => {
      const user = await users().createUser({ emailAddress: ['ada@example.com', 'countess@example.com'] })
      const account = await add(user.id, { emailAddress: 'Ada@Example.com', emailAddressVerified: true })
      await add(user.id, {
        provider: 'oauth_github',
        emailAddress: 'countess@example.com',
        emailAddressVerified: false,
      })

      const link = { type: 'oauth_google', id: account.identificationId }
      expect((await shown(user.id)).email_addresses).toMatchObject([{ linked_to: [link] }, { linked_to: [] }])
      await remove(user.id, account.id)
      expect((await shown(user.id)).email_addresses).toMatchObject([{ linked_to: [] }, { linked_to: [] }])
    })

    it('takes providers without oauth_ in front', async () => {
      const user = await users().createUser({ username: 'ada_l' })
      server.clock.advance(1000)

      expect(await add(user.id, { provider: 'facebook' })).toMatchObject({
        provider: 'oauth_facebook',
        verificationStrategy: 'oauth_facebook',
      })
      expect(await shown(user.id)).toMatchObject({
        external_accounts: [{ object: 'facebook_account' }],
        updated_at: server.clock.now(),
      })
    })

    it('refuses an account that somebody has, and unknown users', async () => {
      const user = await users().createUser({ username: 'ada_l' })
      await add(user.id)

      await expect(add(user.id)).rejects.toMatchObject({ status: 422, errors: [{ code: 'form_identifier_exists' }] })
      await expect(add('user_0')).rejects.toMatchObject({ status: 404 })
    })
  })

  describe('deleting', () => {
    it('deletes an account', async () => {
      const user = await users().createUser({ username: 'ada_l' })
      const account = await add(user.id)

      const deleted = await users().deleteUserExternalAccount({ userId: user.id, externalAccountId: account.id })
      expect(deleted).toMatchObject({ object: 'external_account', id: account.id, deleted: true })

      expect((await shown(user.id)).external_accounts).toEqual([])
      expect((await server.events()).at(-1)).toMatchObject({ type: 'user.updated', payload: { external_accounts: [] } })
    })

    it('keeps the last identifier of a user', async () => {
      const { body: user } = await server.call('POST', '/users', {
        web3_wallet: ['0x52908400098527886E0F7030069857D2E4169EE7'],
      })
      const google = await add(user.id)
      const github = await add(user.id, { provider: 'oauth_github' })
      await server.call('DELETE', `/users/${user.id}/web3_wallets/${user.web3_wallets[0].id}`)

      const answers = await Promise.all([remove(user.id, google.id), remove(user.id, github.id)])

      expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
      expect(answers.find(({ status }) => status === 400)).toMatchObject({
        body: { errors: [{ code: 'last_required_identification_deletion_failed' }] },
      })
      expect((await shown(user.id)).external_accounts).toHaveLength(1)
    })

    it("does not find what is another user's or another instance's", async () => {
      const ada = await users().createUser({ username: 'ada_l' })
      const bob = await users().createUser({ username: 'bob_b' })
      const { id } = await add(ada.id)
      const { secretKey } = await server.server.createInstance()

      expect(await remove(bob.id, id)).toMatchObject(refused(404, 'external_account_not_found'))
      expect(await remove(ada.id, 'eac_0')).toMatchObject(refused(404, 'external_account_not_found'))
      expect(await remove('user_0', id)).toMatchObject(refused(404, 'resource_not_found'))
      expect(await remove(ada.id, id, secretKey)).toMatchObject(refused(404, 'resource_not_found'))
      expect((await shown(ada.id)).external_accounts).toHaveLength(1)
    })
  })

  describe('tokens', () => {
    it('hands out the tokens of a provider, named with or without oauth_', async () => {
      const user = await users().createUser({ username: 'ada_l' })
      const expiresAt = server.clock.now() + 1000
      const account = await add(user.id, {
        approvedScopes: 'email profile',
        label: 'work',
        publicMetadata: { plan: 'pro' },
        tokens: { accessToken: 'token 1', refreshToken: 'refresh 1', idToken: 'id 1', expiresAt },
      })

      const expected = {
        object: 'oauth_access_token',
        external_account_id: account.id,
        provider_user_id: `google of ${user.id}`,
        token: 'token 1',
        expires_at: expiresAt,
        provider: 'oauth_google',
        public_metadata: { plan: 'pro' },
        label: 'work',
        scopes: ['email', 'profile'],
        id_token: 'id 1',
      }
      expect((await tokens(user.id, 'oauth_google')).body).toEqual([expected])
      expect((await tokens(user.id, 'google')).body).toEqual([expected])
      expect((await tokens(user.id, 'google', '?paginated=true')).body).toEqual({ data: [expected], total_count: 1 })
      expect(await users().getUserOauthAccessToken(user.id, 'google')).toMatchObject({
        totalCount: 1,
        data: [{ token: 'token 1', externalAccountId: account.id }],
      })
      const row = await server.server.database.read
        .selectFrom('external_accounts')
        .selectAll()
        .where('id', '=', account.id)
        .executeTakeFirstOrThrow()
      expect(JSON.stringify(row)).not.toMatch(/token 1|refresh 1|id 1/)
    })

    it('leaves out what there is none of', async () => {
      const user = await users().createUser({ username: 'ada_l' })
      await add(user.id, { provider: 'oauth_twitter', tokens: { accessToken: 'a', tokenSecret: 's' } })

      const { body } = await tokens(user.id, 'twitter')
      expect(body).toMatchObject([{ token: 'a', token_secret: 's', expires_at: null }])
      expect(Object.keys(body[0])).not.toContain('scopes')
      expect(Object.keys(body[0])).not.toContain('id_token')
    })

    it('pages through several accounts at one provider', async () => {
      const user = await users().createUser({ username: 'ada_l' })
      for (const number of [1, 2, 3]) {
        await add(user.id, {
          providerUserId: `${number}`,
          createdAt: number,
          tokens: { accessToken: `token ${number}` },
        })
      }

      expect((await tokens(user.id, 'google', '?limit=1&offset=1')).body).toMatchObject([{ token: 'token 2' }])
      expect((await tokens(user.id, 'google', '?paginated=true&limit=2&offset=2')).body).toMatchObject({
        data: [{ token: 'token 3' }],
        total_count: 3,
      })
      expect((await tokens(user.id, 'google', '?offset=7')).body).toEqual([])
    })

    it('says why there is no token', async () => {
      const user = await users().createUser({ username: 'ada_l' })
      const expiresAt = server.clock.now() + 1000
      await add(user.id, { provider: 'oauth_google' })
      await add(user.id, { provider: 'oauth_github', tokens: { accessToken: 'token', expiresAt } })
      await add(user.id, {
        provider: 'oauth_gitlab',
        tokens: { accessToken: 'token', refreshToken: 'refresh', expiresAt },
      })
      server.clock.advance(999)
      expect((await tokens(user.id, 'github')).status).toBe(200)
      server.clock.advance(1)

      expect(await tokens(user.id, 'google')).toMatchObject(refused(422, 'oauth_missing_access_token'))
      expect(await tokens(user.id, 'github')).toMatchObject(refused(422, 'oauth_missing_refresh_token'))
      expect(await tokens(user.id, 'gitlab')).toMatchObject(refused(400, 'oauth_token_retrieval_error'))
    })

    it('knows providers, those set up by an application included', async () => {
      const user = await users().createUser({ username: 'ada_l' })
      const other = await users().createUser({ username: 'bob_b' })
      await add(other.id, { provider: 'oauth_mastodon' })

      for (const provider of ['google', 'oauth_custom_acme', 'custom_acme', 'mastodon']) {
        expect(await tokens(user.id, provider)).toMatchObject({ status: 200, body: [] })
      }
      for (const provider of ['gogle', 'oauth_', 'oauth_custom_', 'saml', '__proto__', 'a%20b']) {
        expect(await tokens(user.id, provider)).toMatchObject(refused(404, 'oauth_token_provider_not_enabled'))
      }
      expect(await tokens('user_0', 'google')).toMatchObject(refused(404, 'resource_not_found'))
    })

    it.each(['limit=-1', 'limit=0', 'limit=501', 'limit=x', 'offset=-1', 'paginated=maybe'])(
      'refuses ?%s',
      async (query) => {
        const user = await users().createUser({ username: 'ada_l' })

        expect(await tokens(user.id, 'google', `?${query}`)).toMatchObject({
          status: 422,
          body: { errors: [{ meta: { param_name: query.split('=')[0] } }] },
        })
      },
    )

    it("does not hand out another instance's tokens", async () => {
      const user = await users().createUser({ username: 'ada_l' })
      await add(user.id, { tokens: { accessToken: 'token' } })
      const { secretKey: key } = await server.server.createInstance()

      expect(
        (await server.call('GET', `/users/${user.id}/oauth_access_tokens/google`, undefined, { key })).status,
      ).toBe(404)
      await users().deleteUser(user.id)
      expect((await tokens(user.id, 'google')).status).toBe(404)
    })
  })
})
