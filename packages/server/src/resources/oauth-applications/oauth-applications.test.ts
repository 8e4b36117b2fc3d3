import { hash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { API_URL, dialects, useTestServer } from '../../server.test-support.js'

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const CALLBACK = 'https://app.example.com/callback'

describe.each(dialects)('OAuth applications on %s', (dialect) => {
  const server = useTestServer(dialect)
  const create = (body: object) => server.call('POST', '/oauth_applications', { name: 'Acme', ...body })
  const change = (id: string, body: object) => server.call('PATCH', `/oauth_applications/${id}`, body)
  const secretHashOf = async (id: string) => {
    const { read } = server.server.database
    const row = await read.selectFrom('oauth_applications').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    return row.secret_hash
  }
  const audited = async () =>
    (await server.server.admin.listAudit(server.instance.id, {}, { limit: 100 }))
      .filter(({ action }) => action.startsWith('oauth_'))
      .map(({ action, changed }) => [action, ...changed])

  it('are made with their defaults, and a secret that is stored as a hash', async () => {
    const { status, body } = await create({})
    expect(status).toBe(200)
    expect(body).toEqual({
      object: 'oauth_application',
      id: expect.stringMatching(/^oa_[0-9A-Za-z]{27}$/),
      instance_id: server.instance.id,
      name: 'Acme',
      client_id: expect.stringMatching(/^[0-9A-Za-z]{16}$/),
      client_secret: expect.stringMatching(/^[0-9A-Za-z]{43}$/),
      client_uri: null,
      client_image_url: null,
      dynamically_registered: false,
      consent_screen_enabled: true,
      pkce_required: false,
      public: false,
      scopes: 'profile email',
      redirect_uris: [],
      callback_url: '',
      authorize_url: `${API_URL}/i/${server.instance.id}/oauth/authorize`,
      token_fetch_url: `${API_URL}/i/${server.instance.id}/oauth/token`,
      user_info_url: `${API_URL}/i/${server.instance.id}/oauth/userinfo`,
      discovery_url: `${API_URL}/i/${server.instance.id}/.well-known/openid-configuration`,
      token_introspection_url: `${API_URL}/i/${server.instance.id}/oauth/token_info`,
      created_at: server.clock.now(),
      updated_at: server.clock.now(),
    })
    expect(await secretHashOf(body.id)).toBe(hash('sha256', body.client_secret, 'hex'))
    const { client_secret: _, ...shown } = body
    expect((await server.call('GET', `/oauth_applications/${body.id}`)).body).toEqual(shown)
    expect(await audited()).toEqual([['oauth_application.created']])
    expect(await server.events()).toEqual([])
  })

  it('take null for what is not given', async () => {
    const nothing = {
      redirect_uris: null,
      callback_url: null,
      scopes: null,
      consent_screen_enabled: null,
      pkce_required: null,
      public: null,
    }
    const { body: made } = await create(nothing)
    expect(made).toMatchObject({ scopes: 'profile email', consent_screen_enabled: true, public: false })
    const { client_secret: _, ...shown } = made
    expect((await change(made.id, { name: null, ...nothing })).body).toEqual(shown)
    expect((await change(made.id, {})).body).toEqual(shown)
    expect(await audited()).toHaveLength(1)
  })

  it('are changed where a field is given', async () => {
    const made = await server.client.oauthApplications.create({ name: 'Acme', redirectUris: [CALLBACK] })
    server.clock.advance(1000)
    const changed = await server.client.oauthApplications.update({
      oauthApplicationId: made.id,
      name: 'Acme Two',
      scopes: 'openid  email openid',
      consentScreenEnabled: false,
      pkceRequired: true,
    })
    expect(changed).toMatchObject({
      name: 'Acme Two',
      scopes: 'openid email',
      consentScreenEnabled: false,
      pkceRequired: true,
      redirectUris: [CALLBACK],
      clientId: made.clientId,
      createdAt: made.createdAt,
      updatedAt: server.clock.now(),
    })
    expect((await audited()).at(-1)).toEqual([
      'oauth_application.updated',
      'name',
      'scopes',
      'pkce_required',
      'consent_screen_enabled',
    ])
  })

  it('have redirect URIs of any scheme, the first of which is the callback URL', async () => {
    const uris = [CALLBACK, 'http://localhost:3000/cb?a=b', 'my-app://callback', 'com.example.app:/oauth']
    const { body } = await create({ redirect_uris: uris, callback_url: CALLBACK })
    expect(body).toMatchObject({ redirect_uris: uris, callback_url: CALLBACK })

    expect((await change(body.id, { callback_url: 'https://b.example.com/' })).body).toMatchObject({
      redirect_uris: ['https://b.example.com/', ...uris.slice(1)],
      callback_url: 'https://b.example.com/',
    })
    expect((await change(body.id, { callback_url: 'my-app://callback' })).body.redirect_uris).toEqual([
      'my-app://callback',
      uris[1],
      uris[3],
    ])
    expect((await change(body.id, { redirect_uris: [] })).body).toMatchObject({ redirect_uris: [], callback_url: '' })
    expect((await create({ callback_url: CALLBACK })).body.redirect_uris).toEqual([CALLBACK])
  })

  it.each<[string, object, number, string, string]>([
    ['no name', { name: undefined }, 422, 'form_param_missing', 'name'],
    ['a blank name', { name: '  ' }, 422, 'form_param_min_length_exceeded', 'name'],
    ['a long name', { name: 'a'.repeat(257) }, 422, 'form_param_max_length_exceeded', 'name'],
    ['a name that is no text', { name: 1 }, 422, 'form_param_type_invalid', 'name'],
    ['a field that is not known', { client_id: 'mine' }, 422, 'form_param_unknown', 'client_id'],
    ['a URI twice', { redirect_uris: [CALLBACK, CALLBACK] }, 400, 'duplicate_record', 'redirect_uris'],
    ['a URI that is none', { redirect_uris: ['callback'] }, 422, 'form_param_format_invalid', 'redirect_uris'],
    ['a URI without a host', { redirect_uris: ['https:a.com'] }, 422, 'form_param_format_invalid', 'redirect_uris'],
    ['a URI that runs', { redirect_uris: ['javascript:alert(1)'] }, 422, 'form_param_format_invalid', 'redirect_uris'],
    ['a URI with a break', { redirect_uris: [`${CALLBACK}\n`] }, 422, 'form_param_format_invalid', 'redirect_uris'],
    ['a fragment', { redirect_uris: [`${CALLBACK}#a`] }, 422, 'form_param_format_invalid', 'redirect_uris'],
    [
      'a long URI',
      { redirect_uris: [`https://a.com/${'a'.repeat(1024)}`] },
      422,
      'form_param_max_length_exceeded',
      'redirect_uris',
    ],
    ['a callback URL that is none', { callback_url: '' }, 422, 'form_param_format_invalid', 'callback_url'],
    [
      'URLs that differ',
      { redirect_uris: [CALLBACK], callback_url: 'a://b' },
      422,
      'form_param_value_invalid',
      'callback_url',
    ],
    ['an unknown scope', { scopes: 'email phone' }, 400, 'oauth_invalid_scope', 'scopes'],
    ['no scope', { scopes: ' ' }, 400, 'oauth_invalid_scope', 'scopes'],
    ['long scopes', { scopes: 'email '.repeat(200) }, 422, 'form_param_max_length_exceeded', 'scopes'],
    [
      'public without PKCE',
      { public: true, pkce_required: false },
      422,
      'form_public_client_requires_pkce',
      'pkce_required',
    ],
    ['a switch that is a text', { public: 'yes' }, 422, 'form_param_type_invalid', 'public'],
  ])('refuse %s', async (_, body, status, code, param) => {
    const refused = { status, body: { errors: [{ code, meta: { param_name: param } }] } }
    expect(await create(body)).toMatchObject(refused)
    if (code === 'form_param_missing') return
    const { id } = await server.client.oauthApplications.create({ name: 'Acme' })
    expect(await change(id, body)).toMatchObject(refused)
  })

  it('ask for scopes of the instance’s own, which a seed adds', async () => {
    expect((await create({ scopes: 'email invoices:read' })).status).toBe(400)
    await server.server.admin.seed(server.instance.id, {
      instance: { oauth_application_settings: { custom_scopes: ['invoices:read'], default_scopes: ['invoices:read'] } },
    })
    expect((await create({ scopes: 'email invoices:read' })).body).toMatchObject({ scopes: 'email invoices:read' })
    expect(await server.client.instance.getOAuthApplicationSettings()).toMatchObject({
      defaultScopes: ['invoices:read'],
    })
    const invalid = { instance: { oauth_application_settings: { custom_scopes: ['two words'] } } }
    await expect(server.server.admin.seed(server.instance.id, invalid)).rejects.toMatchObject({
      name: 'SeedError',
      path: ['instance', 'custom_scopes'],
    })
  })

  it('have no secret while they are public, and always PKCE', async () => {
    const { body: made } = await create({ public: true })
    expect(made).toMatchObject({ public: true, pkce_required: true, client_secret: '' })
    expect(await secretHashOf(made.id)).toBeNull()
    expect((await server.client.oauthApplications.rotateSecret(made.id)).clientSecret).toBe('')
    expect(await secretHashOf(made.id)).toBeNull()
    expect(await change(made.id, { pkce_required: false })).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'form_public_client_requires_pkce' }] },
    })

    const confidential = (await change(made.id, { public: false, pkce_required: false })).body
    expect(confidential).toMatchObject({ public: false, pkce_required: false })
    expect(confidential).not.toHaveProperty('client_secret')
    expect(await secretHashOf(made.id)).toBeNull()
    const { clientSecret } = await server.client.oauthApplications.rotateSecret(made.id)
    expect(await secretHashOf(made.id)).toBe(hash('sha256', clientSecret!, 'hex'))

    expect((await change(made.id, { public: true })).body).toMatchObject({ public: true, pkce_required: true })
    expect(await secretHashOf(made.id)).toBeNull()
  })

  it('get another secret, which replaces the one before at once', async () => {
    const made = await server.client.oauthApplications.create({ name: 'Acme' })
    const rotated = await server.client.oauthApplications.rotateSecret(made.id)
    expect(rotated.clientSecret).toMatch(/^[0-9A-Za-z]{43}$/)
    expect(rotated).toMatchObject({ id: made.id, clientId: made.clientId })
    expect(rotated.clientSecret).not.toBe(made.clientSecret)
    expect(await secretHashOf(made.id)).toBe(hash('sha256', rotated.clientSecret!, 'hex'))
    expect((await audited()).at(-1)).toEqual(['oauth_application.updated', 'secret_hash'])
    const everything = JSON.stringify(await server.server.admin.listAudit(server.instance.id, {}, { limit: 100 }))
    expect(everything).not.toContain(rotated.clientSecret)
  })

  it('have one secret after many rotations at once', async () => {
    const { id } = await server.client.oauthApplications.create({ name: 'Acme' })
    const rotations = Array.from({ length: 64 }, () => server.client.oauthApplications.rotateSecret(id))
    const secrets = (await Promise.all(rotations)).map(({ clientSecret }) => hash('sha256', clientSecret!, 'hex'))
    expect(new Set(secrets).size).toBe(64)
    expect(secrets).toContain(await secretHashOf(id))
  })

  it('keep the consent screen if they registered themselves', async () => {
    const id = `oa_dynamic_${server.instance.id}`
    await server.server.admin.seed(server.instance.id, {
      oauth_applications: [
        { id, name: 'Agent', dynamically_registered: true, client_uri: 'https://agent.example.com' },
      ],
    })
    expect(await server.client.oauthApplications.get(id)).toMatchObject({
      dynamicallyRegistered: true,
      clientUri: 'https://agent.example.com',
    })
    expect(await change(id, { consent_screen_enabled: false })).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'oauth_application_consent_screen_cannot_be_disabled' }] },
    })
    expect((await change(id, { consent_screen_enabled: true, name: 'Other' })).body).toMatchObject({ name: 'Other' })
  })

  it('are listed, oldest first unless asked otherwise', async () => {
    const ids: Record<string, string> = {}
    for (const name of ['Beta', 'alpha', 'Ångström 50%']) {
      const made = await server.client.oauthApplications.create({ name })
      ids[name] = made.id
      ids[`${name} client`] = made.clientId
      server.clock.advance(1000)
    }
    const names = async (query: string) => {
      const { body } = await server.call<{ data: { name: string }[]; total_count: number }>(
        'GET',
        `/oauth_applications?${query}`,
      )
      return [body.total_count, ...body.data.map(({ name }) => name)]
    }
    expect(await names('')).toEqual([3, 'Beta', 'alpha', 'Ångström 50%'])
    expect(await names('order_by=+created_at')).toEqual([3, 'Beta', 'alpha', 'Ångström 50%'])
    expect(await names('order_by=-created_at')).toEqual([3, 'Ångström 50%', 'alpha', 'Beta'])
    expect(await names('order_by=name&order_by=-created_at')).toEqual([3, 'Beta', 'alpha', 'Ångström 50%'])
    expect(await names('limit=1&offset=1')).toEqual([3, 'alpha'])
    expect(await names('name_query=ALPH')).toEqual([1, 'alpha'])
    expect(await names('name_query=%C3%A5ngstr%C3%B6m')).toEqual([1, 'Ångström 50%'])
    expect(await names('name_query=%25')).toEqual([1, 'Ångström 50%'])
    expect(await names(`name_query=${ids['Beta client']}`)).toEqual([1, 'Beta'])
    expect(await names(`name_query=${ids['Beta client']!.slice(1)}`)).toEqual([0])
    expect(await server.client.oauthApplications.list({ nameQuery: 'beta', orderBy: '-name' })).toMatchObject({
      totalCount: 1,
      data: [{ id: ids['Beta'] }],
    })
    for (const query of ['order_by=id', 'limit=0', 'limit=501', 'offset=-1', `name_query=${'a'.repeat(257)}`]) {
      expect((await server.call('GET', `/oauth_applications?${query}`)).status).toBe(422)
    }
  })

  it('have a picture, which ends with them', async () => {
    const { id } = await server.client.oauthApplications.create({ name: 'Acme' })
    const file = new Blob([PNG], { type: 'image/png' })
    const first = await server.client.oauthApplications.updateLogo({ oauthApplicationId: id, file })
    expect(first.clientImageUrl).toMatch(new RegExp(`^${API_URL}/images/img_`))
    expect((await server.fetch(first.clientImageUrl!)).headers.get('content-type')).toBe('image/png')
    const second = await server.client.oauthApplications.updateLogo({
      oauthApplicationId: id,
      file,
      uploaderUserId: 'user_1',
    })
    expect((await server.fetch(first.clientImageUrl!)).status).toBe(404)
    expect((await server.call('PUT', `/oauth_applications/${id}/logo`, new FormData())).status).toBe(400)
    const large = new FormData()
    large.set('file', new File([PNG, Buffer.alloc(10 * 1024 * 1024)], 'logo'))
    expect((await server.call('PUT', `/oauth_applications/${id}/logo`, large)).status).toBe(413)
    const form = new FormData()
    form.set('file', file)
    expect((await server.call('PUT', '/oauth_applications/oa_0/logo', form)).status).toBe(404)
    await server.client.oauthApplications.delete(id)
    expect((await server.fetch(second.clientImageUrl!)).status).toBe(404)
  })

  it('are deleted once', async () => {
    const { id } = await server.client.oauthApplications.create({ name: 'Acme' })
    const answers = await Promise.all(
      Array.from({ length: 64 }, () => server.call('DELETE', `/oauth_applications/${id}`)),
    )
    expect(answers.filter(({ status }) => status === 200)).toMatchObject([
      { body: { object: 'oauth_application', id, deleted: true } },
    ])
    expect(answers.filter(({ status }) => status === 404)).toHaveLength(63)
    expect((await audited()).filter(([action]) => action === 'oauth_application.deleted')).toHaveLength(1)
    for (const [method, path] of [
      ['GET', ''],
      ['PATCH', ''],
      ['POST', '/rotate_secret'],
    ] as const) {
      expect(
        await server.call(method, `/oauth_applications/${id}${path}`, method === 'GET' ? undefined : {}),
      ).toMatchObject({
        status: 404,
        body: { errors: [{ code: 'resource_not_found' }] },
      })
    }
  })

  it('are of one instance', async () => {
    const { id, clientId } = await server.client.oauthApplications.create({ name: 'Acme' })
    const { secretKey: key } = await server.server.createInstance()
    for (const [method, path, body] of [
      ['GET', ''],
      ['PATCH', '', { name: 'Mine' }],
      ['DELETE', ''],
      ['POST', '/rotate_secret'],
      ['POST', '/revoke_token', { token: 'oat_1' }],
    ] as const) {
      expect((await server.call(method, `/oauth_applications/${id}${path}`, body, { key })).status).toBe(404)
    }
    const { body } = await server.call('GET', `/oauth_applications?name_query=${clientId}`, undefined, { key })
    expect(body).toEqual({ data: [], total_count: 0 })
    expect(await server.client.oauthApplications.get(id)).toMatchObject({ name: 'Acme' })
  })
})
