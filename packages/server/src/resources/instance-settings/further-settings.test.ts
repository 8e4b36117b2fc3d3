import { describe, expect, it } from 'vitest'
import { InstanceStore } from '../../instances/instances.store.js'
import { dialects, useTestServer } from '../../server.test-support.js'

describe.each(dialects)('further settings of the instance on %s', (dialect) => {
  const server = useTestServer(dialect)
  const seed = (instance: object) => server.server.admin.seed(server.instance.id, { instance })
  const audited = async () =>
    (await server.server.admin.listAudit(server.instance.id, { action: 'instance.updated' }, { limit: 100 })).map(
      ({ changed }) => changed,
    )

  describe('of protection', () => {
    it('are kept one by one, and null leaves them', async () => {
      expect(await server.client.instance.getProtect()).toEqual({
        object: 'instance_protect',
        rulesEnabled: false,
        specterEnabled: false,
        checksBypassed: false,
      })
      await server.client.instance.updateProtect({ rulesEnabled: true })
      expect(await server.client.instance.updateProtect({ rulesEnabled: null, specterEnabled: true })).toMatchObject({
        rulesEnabled: true,
        specterEnabled: true,
      })
      expect((await server.call('PATCH', '/instance/protect', { checks_bypassed: true })).status).toBe(422)
      expect((await server.call('PATCH', '/instance/protect', { rules_enabled: 'yes' })).status).toBe(422)
      await seed({ protect: { checks_bypassed: true } })
      expect((await server.call('GET', '/instance/protect')).body).toMatchObject({
        rules_enabled: true,
        checks_bypassed: true,
      })
      expect(await audited()).toEqual([['protect'], ['protect'], ['protect']])
    })
  })

  describe('of communication', () => {
    const block = (codes: unknown) => server.call('PATCH', '/instance/communication', { blocked_country_codes: codes })

    it('are the whole list of blocked countries, without those that have no numbers', async () => {
      expect((await server.call('GET', '/instance/communication')).body).toEqual({
        object: 'instance_communication',
        blocked_country_codes: [],
      })
      expect((await block(['DE', 'XX', 'US'])).body.blocked_country_codes).toEqual(['DE', 'US'])
      expect((await block(null)).body.blocked_country_codes).toEqual(['DE', 'US'])
      expect((await server.client.instance.updateCommunication({})).blockedCountryCodes).toEqual(['DE', 'US'])
      expect((await server.client.instance.getCommunication()).blockedCountryCodes).toEqual(['DE', 'US'])
      expect((await block([])).body.blocked_country_codes).toEqual([])
    })

    it.each([
      [['de'], 'form_param_format_invalid'],
      [['DEU'], 'form_param_format_invalid'],
      [['DE', 'DE'], 'form_param_duplicate'],
      [[1], 'form_param_type_invalid'],
      ['DE', 'form_param_type_invalid'],
      [Array.from({ length: 251 }, () => 'DE'), 'form_param_array_size_exceeded'],
    ])('refuse %j', async (codes, code) => {
      expect(await block(codes)).toMatchObject({ status: 422, body: { errors: [{ code }] } })
      expect((await server.call('GET', '/instance/communication')).body.blocked_country_codes).toEqual([])
    })

    it('keep text messages from numbers of these countries', async () => {
      const user = await server.client.users.createUser({ phoneNumber: ['+4915112345678', '+14155552671'] })
      const [german, american] = user.phoneNumbers
      await block(['DE'])
      const refused = {
        status: 403,
        body: { errors: [{ code: 'unsupported_country_code', meta: { country_code: 'DE' } }] },
      }

      const send = (id: string) => server.call('POST', '/sms_messages', { phone_number_id: id, message: 'Hello' })
      expect(await send(german!.id)).toMatchObject(refused)
      expect((await send(american!.id)).status).toBe(200)
      expect(
        await server.call('POST', '/allowlist_identifiers', { identifier: '+4915112345678', notify: true }),
      ).toMatchObject(refused)
      expect(await server.messages()).toMatchObject([{ toAddress: '+14155552671' }])
      expect((await server.call('GET', '/allowlist_identifiers')).body).toEqual([])
      expect((await server.call('POST', '/allowlist_identifiers', { identifier: '+4915112345678' })).status).toBe(200)
      expect((await server.client.users.createUser({ phoneNumber: ['+4915112345679'] })).id).toMatch(/^user_/)
    })
  })

  describe('of OAuth applications', () => {
    const change = (body: object) => server.call('PATCH', '/instance/oauth_application_settings', body)
    const defaults = {
      object: 'oauth_application_settings',
      dynamic_oauth_client_registration: false,
      default_scopes: null,
      oauth_jwt_access_tokens: true,
      client_id_metadata_documents_advertised: false,
      client_id_metadata_documents_only_allow_pre_registered_clients: false,
      client_id_metadata_documents_block_implicitly_allowed_clients: false,
    }

    it('are kept one by one; null leaves them, but restores the scopes', async () => {
      expect((await server.call('GET', '/instance/oauth_application_settings')).body).toEqual(defaults)
      const set = {
        dynamic_oauth_client_registration: true,
        default_scopes: ['profile', 'email', 'openid'],
        oauth_jwt_access_tokens: false,
      }
      expect((await change(set)).body).toEqual({ ...defaults, ...set })
      expect((await change({ dynamic_oauth_client_registration: null })).body).toEqual({ ...defaults, ...set })
      expect(await server.client.instance.updateOAuthApplicationSettings({ defaultScopes: null })).toMatchObject({
        defaultScopes: null,
        dynamicOauthClientRegistration: true,
      })
      expect(await server.client.instance.getOAuthApplicationSettings()).toMatchObject({ oauthJwtAccessTokens: false })
      expect(await audited()).toEqual([['oauth_applications'], ['oauth_applications']])
    })

    it('block clients that connected by themselves only where new ones cannot', async () => {
      const only = 'client_id_metadata_documents_only_allow_pre_registered_clients'
      const implicit = 'client_id_metadata_documents_block_implicitly_allowed_clients'
      const refused = {
        status: 422,
        body: { errors: [{ code: 'form_conditional_param_disallowed', meta: { param_name: implicit } }] },
      }
      expect(await change({ [implicit]: true })).toMatchObject(refused)
      expect((await change({ [implicit]: true, [only]: true })).status).toBe(200)
      expect(await change({ [only]: false })).toMatchObject(refused)
    })

    it.each([
      [{ default_scopes: ['profile', 'profile'] }, 'form_param_duplicate'],
      [{ default_scopes: ['everything'] }, 'form_param_value_invalid'],
      [{ default_scopes: 'profile' }, 'form_param_type_invalid'],
      [{ oauth_jwt_access_tokens: 1 }, 'form_param_type_invalid'],
      [{ colour: 'red' }, 'form_param_unknown'],
    ])('refuse %j', async (body, code) => {
      expect(await change(body)).toMatchObject({ status: 422, body: { errors: [{ code }] } })
    })
  })

  it('can be seeded, also those that no operation sets', async () => {
    await seed({
      sign_up: { mode: 'waitlist', legal_consent_enabled: true },
      auth: { single_session_mode: false },
      display: { home_url: 'https://app.example.com' },
      attributes: {
        username: { enabled: false },
        phone_number: { required: true, immutable: true },
        web3_wallet: { enabled: false },
      },
      password: { min_length: 12, require_number: true },
      session: { lifetime_seconds: 3600 },
      communication: { blocked_country_codes: ['DE'] },
      protect: { rules_enabled: true },
      oauth_application_settings: { default_scopes: ['email'] },
    })

    expect((await new InstanceStore(server.server.database).find(server.instance.id))!.settings).toMatchObject({
      signUp: { mode: 'waitlist', legalConsentEnabled: true, mfaRequired: false },
      auth: { singleSessionMode: false, reverification: true },
      display: { homeUrl: 'https://app.example.com', signInUrl: null },
      attributes: { phone_number: { enabled: true, immutable: true }, web3_wallet: { enabled: false } },
      identifiers: {
        username: { enabled: false, required: false },
        phoneNumber: { enabled: true, required: true },
        emailAddress: { enabled: true, required: false },
      },
      password: { minLength: 12, requireNumber: true, maxLength: 72, enabled: true },
      session: { lifetimeSeconds: 3600, inactivitySeconds: 7 * 24 * 60 * 60 },
      communication: { blockedCountryCodes: ['DE'] },
      protect: { rulesEnabled: true, specterEnabled: false },
      oauthApplications: { defaultScopes: ['email'] },
    })
    expect((await server.call('POST', '/users', { username: 'ada_l', phone_number: ['+14155552671'] })).status).toBe(
      422,
    )
    expect((await server.call('POST', '/users', { phone_number: ['+14155552671'] })).status).toBe(200)
    await expect(seed({ session: { lifetime_seconds: 1 } })).rejects.toMatchObject({ name: 'SeedError' })
    await expect(seed({ display: { home_url: 'javascript:alert(1)' } })).rejects.toMatchObject({ name: 'SeedError' })
    await expect(seed({ attributes: { shoe_size: {} } })).rejects.toMatchObject({ name: 'SeedError' })
  })

  it('are those of one instance', async () => {
    await server.call('PATCH', '/instance/protect', { rules_enabled: true })
    const { secretKey: key } = await server.server.createInstance()
    expect((await server.call('GET', '/instance/protect', undefined, { key })).body.rules_enabled).toBe(false)
  })
})
