import { describe, expect, it, vi } from 'vitest'
import { createServer } from '../../index.js'
import { dialects, newMigratedDatabase, useTestServer } from '../../server.test-support.js'
import { InstanceStore } from '../../instances/instances.store.js'

describe.each(dialects)('the instance on %s', (dialect) => {
  const server = useTestServer(dialect)

  const settings = async () => (await new InstanceStore(server.server.database).find(server.instance.id))!.settings
  const error = (code: string, param: string) => ({ errors: [{ code, meta: { param_name: param } }] })

  describe('itself', () => {
    it('is shown', async () => {
      const { status, body } = await server.call('GET', '/instance')

      expect(status).toBe(200)
      expect(body).toEqual({
        object: 'instance',
        id: server.instance.id,
        environment_type: 'development',
        allowed_origins: null,
        workspace_id: null,
      })
    })

    it('keeps every setting, and answers nothing', async () => {
      const { status, body } = await server.call('PATCH', '/instance', {
        test_mode: false,
        hibp: true,
        support_email: 'support@example.com',
        clerk_js_version: '5.2.1',
        development_origin: 'http://localhost:3000',
        allowed_origins: [
          'chrome-extension://mnhbilbfebpbokpjjamapdecdgieldho',
          'capacitor://localhost',
          'HTTPS://App.Example.com:8443',
          'http://[::1]:3000',
        ],
        url_based_session_syncing: false,
        preferred_sign_in_strategy_when_password_required: 'otp',
        enhanced_email_deliverability: true,
      })

      expect([status, body]).toEqual([204, ''])
      expect(await settings()).toMatchObject({
        testMode: false,
        hibp: true,
        supportEmail: 'support@example.com',
        clerkJsVersion: '5.2.1',
        developmentOrigin: 'http://localhost:3000',
        urlBasedSessionSyncing: false,
        preferredSignInStrategyWhenPasswordRequired: 'otp',
        enhancedEmailDeliverability: true,
      })
      const origins = [
        'chrome-extension://mnhbilbfebpbokpjjamapdecdgieldho',
        'capacitor://localhost',
        'https://app.example.com:8443',
        'http://[::1]:3000',
      ]
      expect((await server.call('GET', '/instance')).body.allowed_origins).toEqual(origins)
      expect((await server.client.instance.get()).allowedOrigins).toEqual(origins)
    })

    it('leaves what is absent or null, and clears with an empty text', async () => {
      await server.call('PATCH', '/instance', {
        support_email: 'support@example.com',
        preferred_sign_in_strategy_when_password_required: 'password',
        hibp: true,
        allowed_origins: ['app://x'],
      })

      await server.call('PATCH', '/instance', {
        support_email: null,
        preferred_sign_in_strategy_when_password_required: null,
        hibp: null,
      })
      expect(await settings()).toMatchObject({
        supportEmail: 'support@example.com',
        preferredSignInStrategyWhenPasswordRequired: 'password',
        hibp: true,
        allowedOrigins: ['app://x'],
      })

      await server.call('PATCH', '/instance', {
        support_email: '',
        preferred_sign_in_strategy_when_password_required: '',
        allowed_origins: [],
      })
      expect(await settings()).toMatchObject({
        supportEmail: null,
        preferredSignInStrategyWhenPasswordRequired: null,
        hibp: true,
        allowedOrigins: [],
      })
    })

    it('takes cookieless_dev for url_based_session_syncing, which counts more', async () => {
      await server.call('PATCH', '/instance', { cookieless_dev: false })
      expect((await settings()).urlBasedSessionSyncing).toBe(false)
      await server.call('PATCH', '/instance', { cookieless_dev: false, url_based_session_syncing: true })
      expect((await settings()).urlBasedSessionSyncing).toBe(true)
    })

    it.each([
      [{ allowed_origins: ['https://example.com/path'] }, 'form_invalid_origin', 'allowed_origins'],
      [{ allowed_origins: ['app://ok', 'https://example.com/'] }, 'form_invalid_origin', 'allowed_origins'],
      [{ allowed_origins: ['example.com'] }, 'form_invalid_origin', 'allowed_origins'],
      [{ allowed_origins: ['*'] }, 'form_invalid_origin', 'allowed_origins'],
      [{ allowed_origins: ['https://*.example.com'] }, 'form_invalid_origin', 'allowed_origins'],
      [{ allowed_origins: ['https://ada:secret@example.com'] }, 'form_invalid_origin', 'allowed_origins'],
      [{ allowed_origins: [''] }, 'form_invalid_origin', 'allowed_origins'],
      [{ allowed_origins: null }, 'form_param_nil', 'allowed_origins'],
      [{ allowed_origins: 'https://example.com' }, 'form_param_type_invalid', 'allowed_origins'],
      [{ development_origin: 'localhost' }, 'form_invalid_origin', 'development_origin'],
      [{ support_email: 'support' }, 'form_param_format_invalid', 'support_email'],
      [{ test_mode: 'on' }, 'form_param_type_invalid', 'test_mode'],
      [
        { preferred_sign_in_strategy_when_password_required: 'magic' },
        'form_param_value_invalid',
        'preferred_sign_in_strategy_when_password_required',
      ],
      [{ colour: 'red' }, 'form_param_unknown', 'colour'],
    ])('refuses %j', async (change, code, param) => {
      expect(await server.call('PATCH', '/instance', { hibp: true, ...change })).toMatchObject({
        status: 422,
        body: error(code, param),
      })
      expect((await settings()).hibp).toBe(false)
    })

    it('checks new passwords against breaches once hibp is on', async () => {
      await server.client.users.createUser({ username: 'ada_l', password: 'password123' })
      await server.client.instance.update({ hibp: true })

      await expect(
        server.client.users.createUser({ username: 'bob_b', password: 'password123' }),
      ).rejects.toMatchObject({ errors: [{ code: 'form_password_pwned' }] })
    })

    it('keeps the settings of one instance from another', async () => {
      const other = await server.server.createInstance()
      await server.call('PATCH', '/instance', { allowed_origins: ['app://x'] })

      expect((await server.call('GET', '/instance', undefined, { key: other.secretKey })).body).toMatchObject({
        id: other.id,
        allowed_origins: null,
      })
    })

    it('keeps all of many changes made at once', async () => {
      const changes = [
        ['PATCH', '/instance', { hibp: true }],
        ['PATCH', '/instance', { support_email: 'support@example.com' }],
        ['PATCH', '/instance', { test_mode: false }],
        ['PATCH', '/instance/restrictions', { allowlist: true }],
        ['PATCH', '/instance/restrictions', { blocklist: true }],
        ['PATCH', '/instance/organization_settings', { enabled: true }],
        ['PATCH', '/instance/organization_settings', { max_allowed_memberships: 7 }],
        ['PATCH', '/beta_features/instance_settings', { from_email_address: 'hello' }],
      ] as const

      await Promise.all(changes.map(([method, path, body]) => server.call(method, path, body)))

      const expected = {
        hibp: true,
        supportEmail: 'support@example.com',
        testMode: false,
        restrictions: { allowlist: true, blocklist: true },
        organizations: { enabled: true, maxAllowedMemberships: 7 },
        fromEmailName: 'hello',
      }
      expect(await settings()).toMatchObject(expected)
      expect((await server.call('GET', '/instance/organization_settings')).body).toMatchObject({
        enabled: true,
        max_allowed_memberships: 7,
      })
    })
  })

  describe('its restrictions', () => {
    it('are kept one by one', async () => {
      const { body } = await server.call('PATCH', '/instance/restrictions', {
        allowlist: true,
        block_disposable_email_domains: true,
      })
      expect(body).toEqual({
        object: 'instance_restrictions',
        id: server.instance.id,
        allowlist: true,
        blocklist: false,
        allowlist_blocklist_disabled_on_sign_in: false,
        block_email_subaddresses: false,
        block_disposable_email_domains: true,
        ignore_dots_for_gmail_addresses: false,
      })

      expect(
        await server.client.instance.updateRestrictions({
          allowlist: null,
          blocklist: true,
          ignoreDotsForGmailAddresses: true,
        }),
      ).toEqual({
        object: 'instance_restrictions',
        id: server.instance.id,
        allowlist: true,
        blocklist: true,
        allowlistBlocklistDisabledOnSignIn: false,
        blockEmailSubaddresses: false,
        blockDisposableEmailDomains: true,
        ignoreDotsForGmailAddresses: true,
      })
      expect((await server.call('PATCH', '/instance/restrictions', { allowlist: 1 })).status).toBe(422)
    })

    it('keep subaddresses of other users out, but for test addresses in test mode', async () => {
      const user = await server.client.users.createUser({ emailAddress: ['ada+old@example.com'] })
      const other = await server.client.users.createUser({ emailAddress: ['eve@example.com'] })
      await server.call('PATCH', '/instance/restrictions', { block_email_subaddresses: true })
      const refused = {
        status: 403,
        body: { errors: [{ code: 'not_allowed_access', meta: { identifiers: ['ada+new@example.com'] } }] },
      }

      expect(await server.call('POST', '/users', { email_address: ['ada+new@example.com'] })).toMatchObject(refused)
      expect(
        await server.call('POST', '/email_addresses', { user_id: other.id, email_address: 'ada+new@example.com' }),
      ).toMatchObject(refused)
      expect(
        await server.call('PUT', `/users/${other.id}/email_address`, { email_address: 'ada+new@example.com' }),
      ).toMatchObject(refused)
      expect((await server.call('POST', '/users', { email_address: ['bob@example.com'] })).status).toBe(200)
      expect((await server.call('POST', '/users', { email_address: ['ada+clerk_test@example.com'] })).status).toBe(200)
      expect((await server.call('GET', `/email_addresses/${user.primaryEmailAddressId}`)).status).toBe(200)
    })
  })

  describe('its organization settings', () => {
    it('are kept one by one', async () => {
      const before = {
        object: 'organization_settings',
        enabled: false,
        max_allowed_memberships: 5,
        max_allowed_roles: 10,
        max_role_sets_allowed: 100,
        max_allowed_domains: 10,
        max_allowed_permissions: 50,
        creator_role: 'org:admin',
        admin_delete_enabled: true,
        domains_enabled: false,
        slug_disabled: false,
        domains_enrollment_modes: [],
        domains_default_role: 'org:member',
        initial_role_set_key: 'role_set:default',
      }
      expect((await server.call('GET', '/instance/organization_settings')).body).toEqual(before)

      const change = {
        enabled: true,
        max_allowed_memberships: 0,
        admin_delete_enabled: false,
        domains_enabled: true,
        slug_disabled: true,
        domains_enrollment_modes: ['automatic_suggestion'],
      }
      const { body } = await server.call('PATCH', '/instance/organization_settings', {
        ...change,
        creator_role_id: null,
      })

      expect(body).toEqual({ ...before, ...change })
      expect((await server.call('GET', '/instance/organization_settings')).body).toEqual(body)
    })

    it('name the roles of the initial role set, which they change', async () => {
      await server.client.instance.updateOrganizationSettings({ enabled: true })
      const { data: roles } = await server.client.organizationRoles.getOrganizationRoleList({ query: 'org:admin' })
      const owner = await server.client.organizationRoles.createOrganizationRole({
        name: 'Owner',
        key: 'org:owner',
        permissions: roles[0]!.permissions.map(({ id }) => id),
      })
      const guest = await server.client.organizationRoles.createOrganizationRole({ name: 'Guest', key: 'org:guest' })

      expect(
        await server.client.instance.updateOrganizationSettings({
          creatorRoleId: owner.id,
          domainsDefaultRoleId: guest.id,
        }),
      ).toMatchObject({ creatorRole: 'org:owner', domainsDefaultRole: 'org:guest' })

      const set = await server.client.roleSets.getRoleSet('role_set:default')
      expect(set).toMatchObject({ creatorRole: { id: owner.id }, defaultRole: { id: guest.id } })
      expect(set.roles.map(({ key }) => key).sort()).toEqual(['org:admin', 'org:guest', 'org:member', 'org:owner'])
      expect(
        await server.call('PATCH', '/instance/organization_settings', { enabled: false, creator_role_id: guest.id }),
      ).toMatchObject({
        status: 422,
        body: { errors: [{ code: 'organization_missing_creator_role_permissions' }] },
      })
      expect((await server.call('GET', '/instance/organization_settings')).body).toMatchObject({
        enabled: true,
        creator_role: 'org:owner',
      })
    })

    it.each([
      [{ max_allowed_memberships: -1 }, 422, 'form_param_value_invalid'],
      [{ max_allowed_memberships: 1.5 }, 422, 'form_param_type_invalid'],
      [{ domains_enrollment_modes: ['sometimes'] }, 422, 'form_param_value_invalid'],
      [{ creator_role_id: 'role_1' }, 404, 'resource_not_found'],
      [{ domains_default_role_id: 'role_1' }, 404, 'resource_not_found'],
    ])('refuse %j', async (change, status, code) => {
      expect(await server.call('PATCH', '/instance/organization_settings', { enabled: true, ...change })).toMatchObject(
        { status, body: { errors: [{ code }] } },
      )
      expect((await server.call('GET', '/instance/organization_settings')).body.enabled).toBe(false)
    })
  })

  describe('its beta settings', () => {
    it('are kept and answered', async () => {
      const { body } = await server.call('PATCH', '/beta_features/instance_settings', {
        restricted_to_allowlist: true,
        from_email_address: 'hello',
        progressive_sign_up: false,
        test_mode: false,
      })

      expect(body).toEqual({
        object: 'instance_settings',
        id: server.instance.id,
        restricted_to_allowlist: true,
        from_email_address: 'hello',
        progressive_sign_up: false,
        enhanced_email_deliverability: false,
      })
      expect(await settings()).toMatchObject({ testMode: false, restrictions: { allowlist: true } })
      expect((await server.call('PATCH', '/beta_features/instance_settings', {})).body).toEqual(body)
    })

    it.each(['hello@example.com', 'hello world', 'grüße', ''])(
      'refuse %j as the name that mail comes from',
      async (name) => {
        expect(
          (await server.call('PATCH', '/beta_features/instance_settings', { from_email_address: name })).status,
        ).toBe(422)
      },
    )
  })
})

const ENCRYPTION_KEY = 'bGF0Y2hrZXktdGVzdHMtc2hhcmUtdGhpcy1rZXktMzI='

describe.runIf(dialects.includes('postgres'))('the instance on two nodes with one database', () => {
  it('is the same on the other node within a second', async () => {
    const { location, drop } = await newMigratedDatabase('postgres')
    const open = () =>
      createServer({ database: location, encryptionKey: ENCRYPTION_KEY, passwords: { memoryKib: 64, passes: 1 } })
    const one = await open()
    const other = await open()
    try {
      const { secretKey } = await one.createInstance()
      const call = (node: typeof one, method: string, body?: object) =>
        node.fetch(
          new Request('http://api.test/v1/instance', {
            method,
            headers: { authorization: `Bearer ${secretKey}`, 'content-type': 'application/json' },
            ...(body ? { body: JSON.stringify(body) } : {}),
          }),
        )
      const originsOn = async (node: typeof one) =>
        ((await (await call(node, 'GET')).json()) as { allowed_origins: string[] | null }).allowed_origins
      expect(await originsOn(other)).toBeNull()

      expect((await call(one, 'PATCH', { allowed_origins: ['app://x'] })).status).toBe(204)

      expect(await originsOn(one)).toEqual(['app://x'])
      // The other node keeps what it read for a second.
      const now = performance.now.bind(performance)
      vi.spyOn(performance, 'now').mockImplementation(() => now() + 1000)
      expect(await originsOn(other)).toEqual(['app://x'])
    } finally {
      vi.restoreAllMocks()
      await one.close()
      await other.close()
      await drop()
    }
  })
})
