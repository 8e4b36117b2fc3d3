import { beforeEach, describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'

describe.each(dialects)('changing users on %s', (dialect) => {
  const server = useTestServer(dialect)
  // oxlint-disable-next-line no-explicit-any
  let user: any

  beforeEach(async () => {
    const { body } = await server.call('POST', '/users', {
      username: 'ada_l',
      email_address: ['ada@example.com', 'countess@example.com'],
      phone_number: ['+14155552671'],
      public_metadata: { plan: { name: 'pro', seats: 3 }, tags: ['a'] },
      private_metadata: { crm: 1 },
    })
    user = body
    server.clock.advance(1000)
  })

  const patch = (body: object, version = '2026-05-12') => server.call('PATCH', `/users/${user.id}`, body, { version })

  it('changes what is given and leaves the rest', async () => {
    const { status, body } = await patch({
      first_name: 'Ada',
      last_name: 'King',
      external_id: 'crm-1',
      locale: 'en-GB',
      created_at: '2012-10-20T07:15:20.902Z',
    })

    expect(status).toBe(200)
    expect(body).toEqual({
      ...user,
      first_name: 'Ada',
      last_name: 'King',
      external_id: 'crm-1',
      locale: 'en-GB',
      created_at: 1350717320902,
      updated_at: user.updated_at + 1000,
    })
    expect((await server.events()).at(-1)).toMatchObject({
      type: 'user.updated',
      subjectId: user.id,
      payload: { first_name: 'Ada' },
    })
  })

  it('takes a change of nothing', async () => {
    expect(await patch({})).toMatchObject({ status: 200, body: { id: user.id } })
  })

  it('takes null away and leaves what is undefined', async () => {
    await patch({ first_name: 'Ada', external_id: 'crm-1' })
    expect((await patch({ first_name: null, external_id: null, username: '' })).body).toMatchObject({
      first_name: null,
      external_id: null,
      username: null,
    })
  })

  it('makes a verified identifier of the user the primary one', async () => {
    const second = user.email_addresses[1].id
    expect((await patch({ primary_email_address_id: second })).body.primary_email_address_id).toBe(second)
    expect((await server.call('GET', '/users?order_by=email_address')).body[0].primary_email_address_id).toBe(second)
  })

  it('tells the previous primary address when asked to', async () => {
    await patch({ primary_email_address_id: user.email_addresses[1].id, notify_primary_email_address_changed: true })
    expect(await server.messages()).toMatchObject([
      { channel: 'email', toAddress: 'ada@example.com', slug: 'primary_email_address_changed' },
    ])
  })

  it("refuses another user's identifier as primary", async () => {
    const other = (await server.call('POST', '/users', { email_address: ['grace@example.com'] })).body
    expect(await patch({ primary_email_address_id: other.primary_email_address_id })).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'form_resource_not_found' }] },
    })
  })

  it.each([
    [{ first_name: 7 }, 'form_param_type_invalid', 'first_name'],
    [{ first_name: 'x'.repeat(257) }, 'form_param_max_length_exceeded', 'first_name'],
    [{ nonsense: true }, 'form_param_unknown', 'nonsense'],
    [{ public_metadata: {} }, 'form_param_unknown', 'public_metadata'],
    [{ locale: 'not a locale!' }, 'form_param_format_invalid', 'locale'],
    [{ created_at: 'yesterday' }, 'form_param_invalid_date', 'created_at'],
    [{ created_at: '2012-13-45T00:00:00Z' }, 'form_param_invalid_date', 'created_at'],
    [{ created_at: '2023-02-29T00:00:00Z' }, 'form_param_invalid_date', 'created_at'],
    [{ created_at: '2012-04-01T24:00:00Z' }, 'form_param_invalid_date', 'created_at'],
    [{ created_at: '2999-01-01T00:00:00Z' }, 'form_disallow_future_date', 'created_at'],
    [{ username: 'ab' }, 'form_username_invalid_length', 'username'],
    [{ username: 'ada lovelace' }, 'form_username_invalid_character', 'username'],
    [{ username: '12345' }, 'form_username_needs_non_number_char', 'username'],
    [{ username: '+14155552671' }, 'form_username_cannot_be_phone_number', 'username'],
    [{ password: 'short' }, 'form_password_length_too_short', 'password'],
    [{ password: 'x'.repeat(73) }, 'form_password_length_too_long', 'password'],
    [{ password: '' }, 'form_password_length_too_short', 'password'],
    [{ password: 'ada@example.com' }, 'form_password_matches_identifier', 'password'],
    [{ password_digest: '$2b$10$x' }, 'form_conditional_param_missing', 'password_hasher'],
    [
      { password_digest: 'nonsense', password_hasher: 'bcrypt' },
      'form_password_digest_invalid_code',
      'password_digest',
    ],
    [{ password_digest: 'nonsense', password_hasher: 'rot13' }, 'form_param_value_invalid', 'password_hasher'],
    [{ skip_password_checks: true }, 'form_conditional_param_disallowed', 'skip_password_checks'],
    [{ sign_out_of_other_sessions: true }, 'form_conditional_param_disallowed', 'sign_out_of_other_sessions'],
    [{ totp_secret: 'not base32!' }, 'invalid_totp_secret_code', 'totp_secret'],
    [{ backup_codes: [''] }, 'form_param_value_invalid', 'backup_codes'],
    [{ backup_codes: 'abcd' }, 'form_param_type_invalid', 'backup_codes'],
    [{ create_organizations_limit: -1 }, 'form_param_value_invalid', 'create_organizations_limit'],
    [{ profile_image_id: 'img_unknown' }, 'form_resource_not_found', 'profile_image_id'],
    [{ first_name: 'a\0b' }, 'form_param_value_invalid', 'first_name'],
    [{ first_name: 'a\ud800b' }, 'form_param_value_invalid', 'first_name'],
  ])('refuses %j and changes nothing', async (body, code, param) => {
    expect(await patch(body)).toMatchObject({ status: 422, body: { errors: [{ code, meta: { param_name: param } }] } })
    expect((await server.call('GET', `/users/${user.id}`)).body).toEqual(user)
    expect(await server.events()).toHaveLength(1)
  })

  it('refuses a password that nobody could sign in with, checks or not', async () => {
    const skipped = (password: string) =>
      server.call('POST', '/users', { username: 'grace-h', password, skip_password_checks: true })
    expect(await skipped('')).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'form_password_length_too_short' }] },
    })
    expect(await skipped('€'.repeat(1366))).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'form_password_size_in_bytes_exceeded' }] },
    })
    expect(await skipped('x')).toMatchObject({ status: 200, body: { password_enabled: true } })
  })

  it("refuses another user's username and external id", async () => {
    await server.call('POST', '/users', { username: 'grace-h', external_id: 'crm-2' })
    expect(await patch({ username: 'GRACE-H' })).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'form_identifier_exists', meta: { param_name: 'username' } }] },
    })
    expect(await patch({ external_id: 'crm-2' })).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'form_identifier_exists', meta: { param_name: 'external_id' } }] },
    })
  })

  it('does not take away the username that is all a user has', async () => {
    const { body } = await server.call('POST', '/users', { username: 'only_name' })
    expect(await server.call('PATCH', `/users/${body.id}`, { username: null })).toMatchObject({
      status: 400,
      body: { errors: [{ code: 'last_required_identification_deletion_failed' }] },
    })
  })

  it('does not take away the username of a user who could not sign in by anything else', async () => {
    const refused = { status: 400, body: { errors: [{ code: 'last_required_identification_deletion_failed' }] } }
    const { body } = await server.call('POST', '/users', { username: 'only_name' })
    await server.call('POST', '/email_addresses', { user_id: body.id, email_address: 'unverified@example.com' })
    const phone = await server.call('POST', '/phone_numbers', {
      user_id: body.id,
      phone_number: '+14155552672',
      verified: true,
      reserved_for_second_factor: true,
    })
    expect(await server.call('PATCH', `/users/${body.id}`, { username: '' })).toMatchObject(refused)

    await server.call('PATCH', `/phone_numbers/${phone.body.id}`, { reserved_for_second_factor: false })
    expect(await server.call('PATCH', `/users/${body.id}`, { username: '' })).toMatchObject({
      status: 200,
      body: { username: null },
    })
    expect(await server.call('PATCH', `/users/${body.id}`, { username: null })).toMatchObject({ status: 200 })
  })

  it('does not take away a username that the instance requires', async () => {
    const settings = JSON.stringify({ identifiers: { username: { enabled: true, required: true } } })
    await server.server.database.transaction((tx) =>
      tx.updateTable('instances').set({ settings }).where('id', '=', server.instance.id).execute(),
    )
    await server.server.admin.createKey(server.instance.id, { name: 'reads the settings anew' })

    expect(await patch({ username: null })).toMatchObject({
      status: 400,
      body: { errors: [{ code: 'last_required_identification_deletion_failed' }] },
    })
  })

  it.runIf(dialect === 'postgres')('waits for nobody when the user is of another instance', async () => {
    const other = await server.server.createInstance()
    let end = () => {}
    const held = server.server.database.transaction(async (tx) => {
      await tx.selectFrom('users').select('id').where('id', '=', user.id).forUpdate().execute()
      await new Promise<void>((resolve) => (end = resolve))
    })

    // It answers while the row is held: if it waited, this test would never end.
    const answer = await server.call('DELETE', `/users/${user.id}`, undefined, { key: other.secretKey })
    end()
    await held
    expect(answer).toMatchObject({ status: 404 })
  })

  it('replaces metadata through PATCH up to version 2025-11-10', async () => {
    expect((await patch({ public_metadata: { plan: 'free' } }, '2025-11-10')).body).toMatchObject({
      public_metadata: { plan: 'free' },
      private_metadata: { crm: 1 },
    })
  })

  it('merges metadata deeply, and null deletes', async () => {
    const { body } = await server.call('PATCH', `/users/${user.id}/metadata`, {
      public_metadata: { plan: { seats: null, trial: true }, tags: ['b'], gone: { a: null } },
      private_metadata: { crm: null },
    })
    expect(body.public_metadata).toEqual({ plan: { name: 'pro', trial: true }, tags: ['b'], gone: {} })
    expect(body.private_metadata).toEqual({})
  })

  it('replaces each metadata field that is given whole', async () => {
    const { body } = await server.call('PUT', `/users/${user.id}/metadata`, { public_metadata: {} })
    expect(body.public_metadata).toEqual({})
    expect(body.private_metadata).toEqual({ crm: 1 })
  })

  it('keeps the order of keys, __proto__ and text of any kind in metadata', async () => {
    const text =
      '{"public_metadata":{"z":1,"a":{"__proto__":{"admin":true},"constructor":"x"},"emoji":"👩‍🚀","2":"two","1":"one"}}'
    await server.call('PUT', `/users/${user.id}/metadata`, text, { headers: { 'content-type': 'application/json' } })
    const { body } = await server.call('GET', `/users/${user.id}`)
    expect(JSON.stringify(body.public_metadata)).toBe(JSON.stringify(JSON.parse(text).public_metadata))
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
    await server.call('PATCH', `/users/${user.id}/metadata`, '{"public_metadata":{"a":{"__proto__":{"more":1}}}}', {
      headers: { 'content-type': 'application/json' },
    })
    expect(({} as { more?: number }).more).toBeUndefined()
  })

  it('refuses metadata over 8 KB, also when only the merged value is', async () => {
    const half = { public_metadata: { a: 'x'.repeat(5000) } }
    expect((await server.call('PATCH', `/users/${user.id}/metadata`, half)).status).toBe(200)
    for (const answer of [
      await server.call('PATCH', `/users/${user.id}/metadata`, { public_metadata: { b: 'x'.repeat(5000) } }),
      await server.call('PUT', `/users/${user.id}/metadata`, { unsafe_metadata: { b: 'ü'.repeat(4096) } }),
    ]) {
      expect(answer).toMatchObject({ status: 422, body: { errors: [{ code: 'form_param_exceeds_allowed_size' }] } })
    }
  })

  it('keeps every key when many merge at once', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        server.call('PATCH', `/users/${user.id}/metadata`, { unsafe_metadata: { [`k${n}`]: n } }),
      ),
    )
    const { body } = await server.call('GET', `/users/${user.id}`)
    expect(Object.keys(body.unsafe_metadata)).toHaveLength(20)
  })

  it('bans and unbans', async () => {
    expect((await server.call('POST', `/users/${user.id}/ban`)).body.banned).toBe(true)
    expect((await server.call('POST', `/users/${user.id}/unban`, {})).body.banned).toBe(false)
    expect((await server.events()).map(({ type }) => type)).toEqual(['user.created', 'user.updated', 'user.updated'])
  })

  it('bans many or, when one is unknown, none', async () => {
    const other = (await server.call('POST', '/users', { username: 'grace-h' })).body
    expect((await server.call('POST', '/users/ban', { user_ids: [other.id, 'user_unknown', user.id] })).status).toBe(
      404,
    )
    expect((await server.call('GET', '/users?banned=true')).body).toEqual([])
    const { status, body } = await server.call('POST', '/users/ban', { user_ids: [other.id, user.id] })
    expect(status).toBe(200)
    expect(body.map(({ id, banned }: { id: string; banned: boolean }) => [id, banned])).toEqual([
      [other.id, true],
      [user.id, true],
    ])
    expect((await server.call('POST', '/users/unban', { user_ids: [user.id] })).body).toMatchObject([
      { id: user.id, banned: false },
    ])
  })

  it.each([
    [{}],
    [{ user_ids: [] }],
    [{ user_ids: Array.from({ length: 51 }, (_, n) => `user_${n}`) }],
    [{ user_ids: 'user_1' }],
  ])('refuses to ban %j', async (body) => {
    expect((await server.call('POST', '/users/ban', body)).status).toBe(422)
  })

  it('keeps each address that comes while other changes of the user wait for it', async () => {
    const added: string[] = []
    for (let round = 0; round < 8; round++) {
      const address = `round${round}@example.org`
      const answers = await Promise.all([
        server.call('POST', '/email_addresses', {
          user_id: user.id,
          email_address: address,
          primary: true,
          verified: true,
        }),
        ...Array.from({ length: 6 }, (_, index) =>
          index % 2 === 0
            ? server.call('POST', `/users/${user.id}/ban`)
            : server.call('PUT', `/users/${user.id}/metadata`, { public_metadata: { round, index } }),
        ),
      ])
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
      added.push(address)

      const { body } = await server.call('GET', `/users/${user.id}`)
      expect(body.email_addresses.map((one: { email_address: string }) => one.email_address)).toEqual(
        expect.arrayContaining(added),
      )
      const found = async (query: string) => (await server.call('GET', `/users?${query}`)).body
      // By the texts that searches read, and by the column that lists are sorted by.
      expect(await found(`query=round${round}`)).toMatchObject([{ id: user.id }])
      const row = await server.server.database.read
        .selectFrom('users')
        .select('primary_email_address')
        .where('id', '=', user.id)
        .executeTakeFirstOrThrow()
      expect(row.primary_email_address).toBe(address)
    }
  })

  it('locks for an hour, or until somebody unlocks', async () => {
    expect((await server.call('POST', `/users/${user.id}/lock`)).body).toMatchObject({
      locked: true,
      lockout_expires_in_seconds: 3600,
    })
    server.clock.advance(1_800_000)
    expect((await server.call('GET', `/users/${user.id}`)).body).toMatchObject({
      locked: true,
      lockout_expires_in_seconds: 1800,
    })
    server.clock.advance(1_800_000)
    expect((await server.call('GET', `/users/${user.id}`)).body).toMatchObject({
      locked: false,
      lockout_expires_in_seconds: null,
    })
    await server.call('POST', `/users/${user.id}/lock`)
    expect((await server.call('POST', `/users/${user.id}/unlock`)).body).toMatchObject({
      locked: false,
      lockout_expires_in_seconds: null,
    })
  })

  it('deletes a user and everything of theirs, and frees the identifiers', async () => {
    await patch({ external_id: 'crm-1' })
    expect((await server.call('DELETE', `/users/${user.id}`)).body).toEqual({
      object: 'user',
      id: user.id,
      deleted: true,
      external_id: 'crm-1',
    })
    expect((await server.call('GET', `/users/${user.id}`)).status).toBe(404)
    expect((await server.call('DELETE', `/users/${user.id}`)).status).toBe(404)
    expect((await server.call('GET', '/users/count')).body.total_count).toBe(0)
    expect((await server.events()).at(-1)).toMatchObject({
      type: 'user.deleted',
      payload: { id: user.id, object: 'user', deleted: true, external_id: 'crm-1' },
    })
    expect(
      (
        await server.call('POST', '/users', {
          username: 'ada_l',
          email_address: ['ada@example.com'],
          external_id: 'crm-1',
        })
      ).status,
    ).toBe(200)
  })

  it.each([
    ['/users/user_unknown', 404],
    [`/users/${'x'.repeat(3000)}`, 404],
    ['/users/%2e%2e%2f', 404],
    // No database keeps such a text.
    ['/users/%00', 422],
    ['/users/%ff', 404],
  ])('knows nobody at %s', async (path, status) => {
    expect((await server.call('GET', path)).status).toBe(status)
    expect((await server.call('PATCH', path, { first_name: 'x' })).status).toBe(status)
    expect((await server.call('DELETE', path)).status).toBe(status)
  })
})
