import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

const NOTHING = { users: 0, organizations: 0, jwtTemplates: 0, invitations: 0, waitlistEntries: 0 }

/** Everything that a seed can say. Ids are unique on a server: each test has its own. */
const seedWith = (own: string) => ({
  instance: {
    test_mode: false,
    support_email: 'help@example.com',
    restrictions: { block_email_subaddresses: true },
    organization_settings: { enabled: true, max_allowed_memberships: 7 },
  },
  jwt_templates: [
    { id: `jtmp_seeded_${own}`, name: 'hasura', claims: { role: '{{user.public_metadata.role}}' }, lifetime: 120 },
  ],
  users: [
    {
      id: `user_seeded_${own}`,
      external_id: 'crm-1',
      username: 'ada_l',
      first_name: 'Ada',
      last_name: 'Lovelace',
      email_addresses: [
        'ada@example.com',
        { id: `idn_reserved_${own}`, email_address: 'countess@example.com', status: 'reserved' },
      ],
      phone_numbers: [{ id: `idn_phone_${own}`, phone_number: '+14155552671', reserved_for_second_factor: true }],
      web3_wallets: ['0x52908400098527886E0F7030069857D2E4169EE7'],
      password: 'analytical engine',
      totp_secret: 'JBSWY3DPEHPK3PXP',
      backup_codes: ['abcd2345'],
      public_metadata: { role: 'admin' },
      created_at: '2012-10-20T07:15:20.902Z',
      profile_image: `data:image/png;base64,${PIXEL}`,
      external_accounts: [
        {
          id: `eac_seeded_${own}`,
          provider: 'oauth_google',
          provider_user_id: '12345',
          email_address: 'ada@example.com',
          email_address_verified: true,
          approved_scopes: 'email profile',
          access_token: 'ya29.secret',
          refresh_token: '1//secret',
        },
      ],
      passkeys: [{ id: `idn_passkey_${own}`, name: 'Laptop', credential_id: 'Y3JlZA', public_key: 'a2V5' }],
      trusted_devices: [
        { id: `tdev_seeded_${own}`, platform: 'ios', app_identifier: 'com.example.app', public_key: 'a2V5' },
      ],
      sessions: [
        { id: `sess_seeded_${own}`, client_id: `client_seeded_${own}` },
        { id: `sess_ended_${own}`, client_id: `client_seeded_${own}`, status: 'ended' },
      ],
    },
    {
      username: 'no_id',
      password_digest: '$2b$10$abcdefghijklmnopqrstuuD1Wqq8nTMsSqU2h3o4PzTBUOGBz0rBm',
      password_hasher: 'bcrypt',
    },
    { email_addresses: ['grace@example.com'], banned: true, locked: true },
  ],
  organizations: [
    {
      id: `org_seeded_${own}`,
      name: 'Acme',
      slug: 'acme',
      max_allowed_memberships: 0,
      public_metadata: { plan: 'pro' },
      created_at: '2013-10-20T07:15:20.902Z',
      logo: `data:image/png;base64,${PIXEL}`,
      members: [
        { id: `orgmem_seeded_${own}`, user_id: `user_seeded_${own}`, role: 'org:admin', public_metadata: { desk: 1 } },
      ],
    },
  ],
  invitations: [
    {
      id: `inv_seeded_${own}`,
      email_address: 'alan@example.com',
      public_metadata: { role: 'admin' },
      expires_in_days: 7,
    },
    { email_address: 'revoked@example.com', status: 'revoked' },
    // Invited too late: she is a user.
    { email_address: 'ada@example.com' },
  ],
  waitlist_entries: [
    { id: `wle_seeded_${own}`, email_address: 'edsger@example.com' },
    { email_address: 'barbara@example.com', status: 'invited', notify: true },
    { email_address: 'donald@example.com', status: 'rejected' },
  ],
})

describe.each(dialects)('a seed on %s', (dialect) => {
  const server = useTestServer(dialect)
  const own = () => server.instance.id
  const apply = (document: unknown) => server.server.admin.seed(server.instance.id, document)

  it('makes everything that it says, with its ids', async () => {
    expect(await apply(seedWith(own()))).toEqual({
      users: 3,
      organizations: 1,
      jwtTemplates: 1,
      invitations: 2,
      waitlistEntries: 3,
    })

    const { body: user } = await server.call('GET', `/users/user_seeded_${own()}`)
    expect(user).toMatchObject({
      external_id: 'crm-1',
      username: 'ada_l',
      password_enabled: true,
      totp_enabled: true,
      backup_code_enabled: true,
      two_factor_enabled: true,
      has_image: true,
      created_at: 1350717320902,
      email_addresses: [
        {
          email_address: 'ada@example.com',
          verification: { status: 'verified' },
          linked_to: [{ type: 'oauth_google' }],
        },
        { id: `idn_reserved_${own()}`, reserved: true },
      ],
      phone_numbers: [{ id: `idn_phone_${own()}`, reserved_for_second_factor: true, default_second_factor: true }],
      external_accounts: [{ id: `eac_seeded_${own()}`, provider: 'oauth_google' }],
      passkeys: [{ id: `idn_passkey_${own()}`, name: 'Laptop' }],
    })
    expect(
      (await server.call('POST', `/users/user_seeded_${own()}/verify_password`, { password: 'analytical engine' }))
        .body,
    ).toEqual({ verified: true })
    expect(
      (await server.call('GET', `/users/user_seeded_${own()}/oauth_access_tokens/oauth_google`)).body,
    ).toMatchObject([{ token: 'ya29.secret', scopes: ['email', 'profile'] }])
    expect((await server.call('GET', `/users/user_seeded_${own()}/trusted_devices`)).body.data).toMatchObject([
      { id: `tdev_seeded_${own()}` },
    ])
    expect((await server.call('GET', `/clients/client_seeded_${own()}`)).body).toMatchObject({
      last_active_session_id: `sess_seeded_${own()}`,
    })
    expect((await server.call('POST', `/sessions/sess_seeded_${own()}/tokens/hasura`)).status).toBe(200)
    expect((await server.call('GET', `/sessions/sess_ended_${own()}`)).body.status).toBe('ended')
    expect((await server.call('GET', '/users?banned=true')).body).toMatchObject([
      { locked: true, email_addresses: [{ email_address: 'grace@example.com' }] },
    ])
    expect((await server.call('GET', '/organizations/acme')).body).toMatchObject({
      id: `org_seeded_${own()}`,
      has_image: true,
      public_metadata: { plan: 'pro' },
      created_at: 1382253320902,
    })
    expect((await server.call('GET', `/organizations/org_seeded_${own()}/memberships`)).body.data).toMatchObject([
      { id: `orgmem_seeded_${own()}`, role: 'org:admin', public_metadata: { desk: 1 } },
    ])
    expect((await server.call('GET', '/invitations?status=pending&order_by=email_address')).body).toMatchObject([
      { id: `inv_seeded_${own()}`, email_address: 'alan@example.com', public_metadata: { role: 'admin' } },
      { email_address: 'barbara@example.com' },
    ])
    expect((await server.call('GET', '/invitations?status=revoked')).body).toHaveLength(1)
    expect((await server.call('GET', '/waitlist_entries?order_by=email_address')).body.data).toMatchObject([
      { status: 'invited', invitation: { status: 'pending' } },
      { status: 'rejected' },
      { id: `wle_seeded_${own()}`, status: 'pending' },
    ])
    // Nothing is sent but what the seed asks for.
    expect((await server.messages()).map(({ slug }) => slug)).toEqual(['waitlist_confirmation', 'waitlist_invitation'])
    expect((await server.call('GET', '/instance/organization_settings')).body).toMatchObject({
      enabled: true,
      max_allowed_memberships: 7,
    })
  })

  it('changes nothing when it is applied again', async () => {
    await apply(seedWith(own()))
    const before = await everything()
    server.clock.advance(60_000)
    expect(await apply(seedWith(own()))).toEqual(NOTHING)
    expect(await everything()).toEqual(before)
  })

  it('takes nothing for nothing', async () => {
    expect(await apply(null)).toEqual(NOTHING)
    expect(await apply({})).toEqual(NOTHING)
  })

  it.each([
    [{ people: [] }, ['people']],
    [{ organizations: [{ name: 'Acme' }] }, ['organizations', 0, 'id']],
    [{ users: [{ username: 'ada_l' }, { username: 'ada_b', colour: 'red' }] }, ['users', 1, 'colour']],
    [{ users: [{ username: 7 }] }, ['users', 0, 'username']],
    [{ users: [{}] }, ['users', 0]],
    [
      { users: [{ username: 'ada_l', email_addresses: ['ada@example.com', 'nonsense'] }] },
      ['users', 0, 'email_addresses'],
    ],
    [
      { users: [{ email_addresses: [{ email_address: 'a@example.com', status: 'perhaps' }] }] },
      ['users', 0, 'email_addresses', 0, 'status'],
    ],
    [{ users: [{ username: 'ada_l', passkeys: [{ name: 'Laptop' }] }] }, ['users', 0, 'passkeys', 0, 'credential_id']],
    [
      {
        users: [
          {
            username: 'ada_l',
            external_accounts: [{ provider: 'oauth_google', provider_user_id: '1', refresh_token: 'x' }],
          },
        ],
      },
      ['users', 0, 'external_accounts', 0, 'access_token'],
    ],
    [{ users: [{ username: 'ada_l', created_at: 'yesterday' }] }, ['users', 0, 'created_at']],
    [
      { users: [{ username: 'ada_l', password_digest: 'x', password_hasher: 'bcrypt' }] },
      ['users', 0, 'password_digest'],
    ],
    [{ jwt_templates: [{ name: 'x', claims: { sub: 'me' } }] }, ['jwt_templates', 0, 'claims']],
    [{ invitations: [{ email_address: 'nonsense' }] }, ['invitations', 0, 'email_address']],
    [
      { waitlist_entries: [{ email_address: 'a@example.com', status: 'completed' }] },
      ['waitlist_entries', 0, 'status'],
    ],
  ])('names the place of what is wrong in %j', async (document, path) => {
    await expect(apply(document)).rejects.toMatchObject({ name: 'SeedError', path })
  })

  it("names the session whose client is another instance's", async () => {
    const other = await server.server.createInstance()
    const document = {
      users: [{ username: 'ada_l', sessions: [{ id: `sess_own_${own()}`, client_id: `client_shared_${own()}` }] }],
    }
    await server.server.admin.seed(other.id, document)

    document.users[0]!.sessions[0]!.id = `sess_another_${own()}`
    await expect(apply(document)).rejects.toMatchObject({ name: 'SeedError', path: ['users', 0, 'sessions'] })
    expect((await server.call('GET', '/users/count')).body.total_count).toBe(0)
  })

  it('leaves nothing behind of a user that it could not make whole', async () => {
    const users = [
      {
        username: 'ada_l',
        passkeys: [
          { name: 'a', credential_id: 'x', public_key: 'k' },
          { name: 'b', credential_id: 'x', public_key: 'k' },
        ],
      },
    ]
    await expect(apply({ users })).rejects.toMatchObject({ name: 'SeedError' })
    expect((await server.call('GET', '/users/count')).body.total_count).toBe(0)
    expect(await server.events()).toEqual([])
  })

  async function everything() {
    const tables = [
      'users',
      'email_addresses',
      'phone_numbers',
      'web3_wallets',
      'external_accounts',
      'passkeys',
      'trusted_devices',
      'sessions',
      'clients',
      'jwt_templates',
      'events',
      'images',
      'tickets',
      'waitlist_entries',
    ] as const
    const rows: Record<string, unknown> = {}
    for (const table of tables)
      rows[table] = await server.server.database.read
        .selectFrom(table)
        .selectAll()
        .where('instance_id', '=', server.instance.id)
        .orderBy('id')
        .execute()
    rows['instances'] = await server.server.database.read
      .selectFrom('instances')
      .selectAll()
      .where('id', '=', server.instance.id)
      .execute()
    return rows
  }
})

describe.each(dialects)('seeds of many instances at once on %s', (dialect) => {
  const server = useTestServer(dialect, { poolSize: 1 })

  it('are applied, however few connections there are', async () => {
    const instances = await Promise.all(Array.from({ length: 12 }, () => server.newInstance()))
    const seed = { users: [{ username: 'ada_l' }] }
    const seeded = await Promise.all(instances.map(({ id }) => server.server.admin.seed(id, seed)))
    expect(seeded.map(({ users }) => users)).toEqual(Array<number>(12).fill(1))
  })
})
