import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'

describe.each(dialects)('users on %s', (dialect) => {
  const server = useTestServer(dialect)

  it('creates a user with everything that can be given', async () => {
    const { status, body } = await server.call('POST', '/users', {
      external_id: 'crm-1',
      first_name: 'Ada',
      last_name: 'Lovelace',
      locale: 'en-GB',
      username: 'ada_l',
      email_address: ['Ada@Example.com', 'countess@example.com'],
      phone_number: ['+14155552671'],
      web3_wallet: ['0x52908400098527886E0F7030069857D2E4169EE7'],
      password: 'analytical engine',
      totp_secret: 'JBSWY3DPEHPK3PXP',
      backup_codes: ['abcd2345'],
      public_metadata: { plan: 'pro' },
      private_metadata: { crm: 7 },
      unsafe_metadata: { theme: 'dark' },
      delete_self_enabled: false,
      create_organization_enabled: false,
      create_organizations_limit: 3,
      legal_accepted_at: '2012-10-20T07:15:20.902Z',
      created_at: '2012-10-20T07:15:20.902Z',
    })

    expect(status).toBe(200)
    expect(body).toMatchObject({
      object: 'user',
      external_id: 'crm-1',
      first_name: 'Ada',
      last_name: 'Lovelace',
      locale: 'en-GB',
      username: 'ada_l',
      password_enabled: true,
      totp_enabled: true,
      two_factor_enabled: true,
      backup_code_enabled: true,
      public_metadata: { plan: 'pro' },
      private_metadata: { crm: 7 },
      unsafe_metadata: { theme: 'dark' },
      delete_self_enabled: false,
      create_organization_enabled: false,
      create_organizations_limit: 3,
      legal_accepted_at: 1350717320902,
      created_at: 1350717320902,
      updated_at: server.clock.now(),
      has_image: false,
      banned: false,
      locked: false,
      verification_attempts_remaining: 10,
      last_sign_in_at: null,
    })
    expect(body.id).toMatch(/^user_[0-9A-Za-z]{27}$/)
    expect(body.email_addresses).toMatchObject([
      {
        object: 'email_address',
        email_address: 'Ada@Example.com',
        reserved: false,
        verification: { status: 'verified', strategy: 'admin', attempts: null, expire_at: null },
      },
      { email_address: 'countess@example.com' },
    ])
    expect(body.primary_email_address_id).toBe(body.email_addresses[0].id)
    expect(body.primary_phone_number_id).toBe(body.phone_numbers[0].id)
    expect(body.primary_web3_wallet_id).toBe(body.web3_wallets[0].id)
    expect((await server.events()).map(({ type, subjectId, payload }) => ({ type, subjectId, payload }))).toEqual([
      { type: 'user.created', subjectId: body.id, payload: body },
    ])
  })

  it('refuses an address another user has, whatever its case or Unicode form', async () => {
    await server.client.users.createUser({ emailAddress: ['ada@example.com', 'café@example.com'] })

    for (const address of ['ADA@example.com', 'ada@EXAMPLE.com', 'cafe\u0301@example.com', 'ａｄａ@example.com']) {
      await expect(server.client.users.createUser({ emailAddress: [address] })).rejects.toMatchObject({
        status: 422,
        errors: [{ code: 'form_identifier_exists', meta: { paramName: 'email_address' } }],
      })
    }
    expect(await server.events()).toHaveLength(1)
    expect(await server.client.users.getCount()).toBe(1)
  })

  it.each([
    ['username', { username: 'ada_l' }, { username: 'ADA_L' }],
    ['phone_number', { phone_number: ['+14155552671'] }, { phone_number: ['+1 (415) 555-2671'] }],
    [
      'web3_wallet',
      { web3_wallet: ['0x52908400098527886E0F7030069857D2E4169EE7'] },
      { web3_wallet: ['0x52908400098527886e0f7030069857d2e4169ee7'] },
    ],
    ['external_id', { username: 'ada_l', external_id: 'x' }, { username: 'ada_b', external_id: 'x' }],
  ])('refuses a %s another user has', async (param, first, second) => {
    expect((await server.call('POST', '/users', first)).status).toBe(200)

    expect(await server.call('POST', '/users', second)).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'form_identifier_exists', meta: { param_name: param } }] },
    })
    expect((await server.call('GET', '/users')).body).toHaveLength(1)
  })

  it('lets one of many who ask at once for the same address have it', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => server.call('POST', '/users', { email_address: ['ada@example.com'] })),
    )

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(19)
    expect((await server.call('GET', '/users/count')).body).toEqual({ object: 'total_count', total_count: 1 })
  })

  it('keeps the users of one instance from another', async () => {
    const user = await server.client.users.createUser({ emailAddress: ['ada@example.com'] })
    const other = await server.server.createInstance()

    expect((await server.call('GET', `/users/${user.id}`, undefined, { key: other.secretKey })).status).toBe(404)
    expect((await server.call('GET', '/users', undefined, { key: other.secretKey })).body).toEqual([])
    expect(
      (await server.call('POST', '/users', { email_address: ['ada@example.com'] }, { key: other.secretKey })).status,
    ).toBe(200)
  })
})
