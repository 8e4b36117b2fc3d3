import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'

describe.each(dialects)('the OAuth applications of a seed on %s', (dialect) => {
  const server = useTestServer(dialect)
  const apply = (document: unknown) => server.server.admin.seed(server.instance.id, document)
  const read = async () => (await server.client.oauthApplications.list()).data

  it('are brought about with grants, and stay as they are a second time', async () => {
    const userId = `user_${server.instance.id.slice('ins_'.length)}`
    const grants = [{ user_id: userId, access_token: 'oat_ada', scopes: 'email', expires_at: '2126-01-01T00:00:00Z' }]
    const seed = {
      users: [{ id: userId, username: 'ada_l' }],
      oauth_applications: [
        { name: 'CLI', client_id: 'cli', client_secret: 'known', redirect_uris: ['my-app://back'], grants },
        { name: 'SPA', public: true, scopes: 'openid' },
      ],
    }
    await apply(seed)
    const first = await read()
    expect(first).toMatchObject([
      { name: 'CLI', clientId: 'cli', redirectUris: ['my-app://back'] },
      { name: 'SPA', isPublic: true, pkceRequired: true, scopes: 'openid' },
    ])
    const token = await server.client.idPOAuthAccessToken.verify('oat_ada')
    expect(token).toMatchObject({ clientId: 'cli', subject: userId, scopes: ['email'], expiration: Date.UTC(2126, 0) })

    await apply(seed)
    expect(await read()).toEqual(first)
    expect(await server.client.idPOAuthAccessToken.verify('oat_ada')).toEqual(token)

    await apply({
      oauth_applications: [{ name: 'CLI', client_id: 'cli', grants: [{ ...grants[0], access_token: 'b' }] }],
    })
    expect(await server.client.idPOAuthAccessToken.verify('b')).toMatchObject({ clientId: 'cli' })
  })

  it.each([
    [{ name: 'A', redirect_uris: ['nowhere'] }, ['oauth_applications', 0, 'redirect_uris']],
    [{ name: 'A', public: true, pkce_required: false }, ['oauth_applications', 0, 'pkce_required']],
    [{ name: 'A', client_secret: '' }, ['oauth_applications', 0, 'client_secret']],
    [{ name: 'A', colour: 1 }, ['oauth_applications', 0, 'colour']],
    [
      { name: 'A', grants: [{ user_id: 'u', access_token: 'a.b.c' }] },
      ['oauth_applications', 0, 'grants', 0, 'access_token'],
    ],
    [{ name: 'A', grants: [{ user_id: 'user_nobody', access_token: 'a' }] }, ['oauth_applications', 0]],
  ])('name the place of a mistake in %j', async (application, path) => {
    await expect(apply({ oauth_applications: [application] })).rejects.toMatchObject({ name: 'SeedError', path })
  })

  it('are granted no scope that the application may not ask for', async () => {
    const userId = `user_${server.instance.id.slice('ins_'.length)}`
    const grants = [{ user_id: userId, access_token: 'a', scopes: 'openid' }]
    const seed = { users: [{ id: userId, username: 'ada_l' }], oauth_applications: [{ name: 'A', grants }] }
    await expect(apply(seed)).rejects.toMatchObject({ name: 'SeedError', path: ['oauth_applications', 0, 'scopes'] })
    await expect(server.client.idPOAuthAccessToken.verify('a')).rejects.toMatchObject({ status: 404 })
  })
})
