import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'

describe.each(dialects)('email addresses on %s', (dialect) => {
  const server = useTestServer(dialect)

  const newUser = async (...emailAddress: string[]) =>
    server.client.users.createUser(emailAddress.length > 0 ? { emailAddress } : { username: 'ada_l' })
  const add = (userId: string, emailAddress: string, more: object = {}) =>
    server.call('POST', '/email_addresses', { user_id: userId, email_address: emailAddress, ...more })
  const primaryOf = async (userId: string) => (await server.client.users.getUser(userId)).primaryEmailAddressId
  const error = (code: string, param?: string) => ({
    errors: [{ code, ...(param ? { meta: { param_name: param } } : {}) }],
  })

  describe('creating', () => {
    it('adds an unverified address, which is primary when it is the first', async () => {
      const user = await newUser()

      const { status, body } = await add(user.id, 'Ada@Example.com')

      expect(status).toBe(200)
      expect(body).toEqual({
        id: expect.stringMatching(/^idn_[0-9A-Za-z]{27}$/),
        object: 'email_address',
        email_address: 'Ada@Example.com',
        reserved: false,
        verification: null,
        linked_to: [],
        matches_sso_connection: false,
        created_at: server.clock.now(),
        updated_at: server.clock.now(),
      })
      expect(await primaryOf(user.id)).toBe(body.id)
      expect((await server.events()).map(({ type }) => type)).toEqual(['user.created', 'user.updated'])
      expect((await server.events())[1]).toMatchObject({
        subjectId: user.id,
        payload: { primary_email_address_id: body.id },
      })
      expect((await server.call('GET', '/users?email_address_query=ada%40')).body).toHaveLength(1)
    })

    it('gives a user no more than a hundred', async () => {
      const user = await newUser(...Array.from({ length: 99 }, (_, index) => `ada${index}@example.com`))

      const answers = await Promise.all([add(user.id, 'one@example.com'), add(user.id, 'two@example.com')])

      expect(answers.map(({ status }) => status).sort()).toEqual([200, 403])
      expect(answers.find(({ status }) => status === 403)!.body).toMatchObject(error('quota_exceeded'))
    })

    it('leaves the first address without being primary when that is asked for', async () => {
      const user = await newUser()

      await add(user.id, 'ada@example.com', { primary: false })

      expect(await primaryOf(user.id)).toBeNull()
    })

    it('adds a verified address beside the primary one, or as the primary one', async () => {
      const user = await newUser('ada@example.com')

      const second = await add(user.id, 'second@example.com', { verified: true })
      expect(second.body.verification).toEqual({
        object: 'verification_admin',
        status: 'verified',
        strategy: 'admin',
        attempts: null,
        expire_at: null,
      })
      expect(await primaryOf(user.id)).toBe(user.primaryEmailAddressId)

      const third = await server.client.emailAddresses.createEmailAddress({
        userId: user.id,
        emailAddress: 'third@example.com',
        verified: true,
        primary: true,
      })
      expect(await primaryOf(user.id)).toBe(third.id)
      expect(await server.messages()).toEqual([])
    })

    it('tells the previous primary address when that is asked for', async () => {
      const user = await newUser('ada@example.com')

      await add(user.id, 'new@example.com', {
        verified: true,
        primary: true,
        notify_primary_email_address_changed: true,
      })

      const messages = await server.messages()
      expect(messages).toMatchObject([
        {
          channel: 'email',
          toAddress: 'ada@example.com',
          slug: 'primary_email_address_changed',
          status: 'queued',
          fromName: 'notifications',
        },
      ])
      expect((await server.events()).at(1)).toMatchObject({
        type: 'email.created',
        subjectId: messages[0]!.id,
        payload: { object: 'email', to_email_address: 'ada@example.com', status: 'queued' },
      })
    })

    it('refuses to make an unverified address primary in place of another', async () => {
      const user = await newUser('ada@example.com')

      expect(await add(user.id, 'new@example.com', { primary: true })).toMatchObject({
        status: 422,
        body: error('form_verification_needed', 'primary'),
      })
    })

    it.each([
      [{ email_address: 'ada@example.com' }, 422, 'form_param_missing', 'user_id'],
      [{ user_id: 'user_1' }, 422, 'form_param_missing', 'email_address'],
      [{ user_id: 'user_1', email_address: 'ada@example.com' }, 404, 'resource_not_found', undefined],
      [{ user_id: 'user_1', email_address: 'ada' }, 422, 'form_param_format_invalid', 'email_address'],
      [{ user_id: 'user_1', email_address: 7 }, 422, 'form_param_type_invalid', 'email_address'],
      [
        { user_id: 'user_1', email_address: 'ada@example.com', verified: 'yes' },
        422,
        'form_param_type_invalid',
        'verified',
      ],
      [{ user_id: 'user_1', email_address: 'ada@example.com', colour: 'red' }, 422, 'form_param_unknown', 'colour'],
    ])('refuses %j', async (body, status, code, param) => {
      expect(await server.call('POST', '/email_addresses', body)).toMatchObject({ status, body: error(code, param) })
      expect(await server.events()).toEqual([])
    })

    it('refuses text that no database keeps', async () => {
      const user = await newUser('ada@example.com')

      for (const address of ['a\0b@example.com', 'a\ud800b@example.com'])
        expect((await add(user.id, address)).status).toBe(422)
    })

    it('refuses an address the user has, and one that somebody has verified', async () => {
      const [ada, bob] = [await newUser('ada@example.com'), await newUser('bob@example.com')]

      for (const verified of [true, false]) {
        expect(await add(ada.id, 'ADA@example.com', { verified })).toMatchObject({
          status: 422,
          body: error('form_identifier_exists', 'email_address'),
        })
        expect(await add(bob.id, 'ADA@example.com', { verified })).toMatchObject({
          status: 422,
          body: error('form_identifier_exists', 'email_address'),
        })
      }
    })

    it("refuses another instance's user", async () => {
      const user = await newUser('ada@example.com')
      const other = await server.server.createInstance()

      const body = { user_id: user.id, email_address: 'new@example.com' }
      expect((await server.call('POST', '/email_addresses', body, { key: other.secretKey })).status).toBe(404)
    })

    it('lets one of many users have an address that all ask for at once', async () => {
      const users = []
      for (let index = 0; index < 8; index++) users.push(await newUser(`user${index}@example.com`))

      const answers = await Promise.all(users.map(({ id }) => add(id, 'wanted@example.com', { verified: true })))

      expect(answers.map(({ status }) => status).sort()).toEqual([200, 422, 422, 422, 422, 422, 422, 422])
    })
  })

  it('refuses addresses where the instance has switched them off', async () => {
    const settings = JSON.stringify({ identifiers: { emailAddress: { enabled: false, required: false } } })
    await server.server.database.transaction((tx) =>
      tx.updateTable('instances').set({ settings }).where('id', '=', server.instance.id).execute(),
    )
    const user = await newUser()

    const refused = { status: 422, body: error('form_param_unknown', 'email_address') }
    expect(await add(user.id, 'ada@example.com')).toMatchObject(refused)
    expect(
      await server.call('PUT', `/users/${user.id}/email_address`, { email_address: 'ada@example.com' }),
    ).toMatchObject(refused)
  })

  describe('reading', () => {
    it('answers what it is, and 404 for what is not there or not of this instance', async () => {
      const user = await newUser('ada@example.com')
      const id = user.emailAddresses[0]!.id
      const other = await server.server.createInstance()

      expect(await server.client.emailAddresses.getEmailAddress(id)).toMatchObject({
        id,
        emailAddress: 'ada@example.com',
      })
      expect(await server.call('GET', '/email_addresses/idn_1')).toMatchObject({
        status: 404,
        body: error('resource_not_found'),
      })
      for (const method of ['GET', 'PATCH', 'DELETE']) {
        expect(
          (
            await server.call(method, `/email_addresses/${id}`, method === 'PATCH' ? {} : undefined, {
              key: other.secretKey,
            })
          ).status,
        ).toBe(404)
      }
      await server.client.users.deleteUser(user.id)
      expect((await server.call('GET', `/email_addresses/${id}`)).status).toBe(404)
    })
  })

  describe('updating', () => {
    it('verifies an address and makes it primary', async () => {
      const user = await newUser('ada@example.com')
      const { body: second } = await add(user.id, 'second@example.com')
      server.clock.advance(1000)

      const updated = await server.call('PATCH', `/email_addresses/${second.id}`, {
        verified: true,
        primary: true,
        notify_primary_email_address_changed: true,
      })

      expect(updated.body).toMatchObject({
        verification: { status: 'verified', strategy: 'admin' },
        updated_at: server.clock.now(),
      })
      expect(await primaryOf(user.id)).toBe(second.id)
      expect((await server.messages()).map(({ toAddress }) => toAddress)).toEqual(['ada@example.com'])
    })

    it('takes a verification back, so that others can claim the address', async () => {
      const [ada, bob] = [await newUser('ada@example.com'), await newUser('bob@example.com')]

      const { body } = await server.call('PATCH', `/email_addresses/${ada.primaryEmailAddressId}`, { verified: false })

      expect(body.verification).toBeNull()
      expect((await add(bob.id, 'ada@example.com', { verified: true })).status).toBe(200)
      expect(
        await server.call('PATCH', `/email_addresses/${ada.primaryEmailAddressId}`, { verified: true }),
      ).toMatchObject({ status: 400, body: error('identification_claimed') })
    })

    it('refuses to make an unverified address primary', async () => {
      const user = await newUser('ada@example.com')
      const { body: second } = await add(user.id, 'second@example.com')

      expect(await server.call('PATCH', `/email_addresses/${second.id}`, { primary: true })).toMatchObject({
        status: 422,
        body: error('form_verification_needed', 'primary'),
      })
      expect(await primaryOf(user.id)).toBe(user.primaryEmailAddressId)
    })

    it('verifies a reserved address, which then is reserved no more', async () => {
      const user = await newUser('ada@example.com')
      const { body: reserved } = await server.call('PUT', `/users/${user.id}/email_address`, {
        email_address: 'new@example.com',
        identification_status: 'reserved',
      })

      expect((await server.call('PATCH', `/email_addresses/${reserved.id}`, { verified: false })).body).toMatchObject({
        reserved: true,
        verification: null,
      })
      expect((await server.call('PATCH', `/email_addresses/${reserved.id}`, { verified: true })).body).toMatchObject({
        reserved: false,
        verification: { status: 'verified' },
      })
    })

    it('gives an address to one of two users who verify it at once', async () => {
      const [ada, bob] = [await newUser('ada@example.com'), await newUser('bob@example.com')]
      const rows = [(await add(ada.id, 'wanted@example.com')).body, (await add(bob.id, 'wanted@example.com')).body]

      const answers = await Promise.all(
        rows.map(({ id }) => server.call('PATCH', `/email_addresses/${id}`, { verified: true })),
      )

      expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
      expect(answers.find(({ status }) => status === 400)!.body).toMatchObject(error('identification_claimed'))
    })

    it('tells of nothing when nothing changes', async () => {
      const user = await newUser('ada@example.com')

      for (const body of [
        {},
        { verified: true },
        { primary: true },
        { primary: false },
        { verified: null, primary: null },
      ]) {
        expect((await server.call('PATCH', `/email_addresses/${user.primaryEmailAddressId}`, body)).status).toBe(200)
      }
      expect(await server.events()).toHaveLength(1)
    })
  })

  describe('deleting', () => {
    it('moves primary to the oldest verified address that is left', async () => {
      const user = await newUser('ada@example.com')
      await add(user.id, 'unverified@example.com')
      const { body: third } = await add(user.id, 'third@example.com', { verified: true })
      await add(user.id, 'fourth@example.com', { verified: true })

      const { body } = await server.call('DELETE', `/email_addresses/${user.primaryEmailAddressId}`)

      expect(body).toEqual({ object: 'email_address', id: user.primaryEmailAddressId, deleted: true })
      expect(await primaryOf(user.id)).toBe(third.id)
      expect((await server.call('GET', `/email_addresses/${user.primaryEmailAddressId}`)).status).toBe(404)
      expect((await server.call('DELETE', `/email_addresses/${user.primaryEmailAddressId}`)).status).toBe(404)
    })

    it('refuses to take the last identifier that the user can sign in with', async () => {
      const user = await newUser('ada@example.com')
      await add(user.id, 'unverified@example.com')

      expect(await server.call('DELETE', `/email_addresses/${user.primaryEmailAddressId}`)).toMatchObject({
        status: 400,
        body: error('last_required_identification_deletion_failed'),
      })

      await server.client.users.updateUser(user.id, { username: 'ada_l' })
      expect((await server.call('DELETE', `/email_addresses/${user.primaryEmailAddressId}`)).status).toBe(200)
      expect(await primaryOf(user.id)).toBeNull()
    })

    it('refuses to take the last address where the instance requires one', async () => {
      const settings = JSON.stringify({ identifiers: { emailAddress: { enabled: true, required: true } } })
      await server.server.database.transaction((tx) =>
        tx.updateTable('instances').set({ settings }).where('id', '=', server.instance.id).execute(),
      )
      const user = await server.client.users.createUser({
        emailAddress: ['ada@example.com', 'second@example.com'],
        username: 'ada_l',
      })

      expect((await server.call('DELETE', `/email_addresses/${user.emailAddresses[0]!.id}`)).status).toBe(200)
      expect(await server.call('DELETE', `/email_addresses/${user.emailAddresses[1]!.id}`)).toMatchObject({
        status: 400,
        body: error('last_required_identification_deletion_failed'),
      })
    })

    it('leaves one identifier when two are deleted at once', async () => {
      const user = await newUser('ada@example.com', 'second@example.com')

      const answers = await Promise.all(
        user.emailAddresses.map(({ id }) => server.call('DELETE', `/email_addresses/${id}`)),
      )

      expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
      const left = await server.client.users.getUser(user.id)
      expect(left.emailAddresses).toHaveLength(1)
      expect(left.primaryEmailAddressId).toBe(left.emailAddresses[0]!.id)
    })

    it('refuses an address that a connected account vouches for', async () => {
      const user = await newUser('ada@example.com', 'second@example.com')
      const linkedTo = JSON.stringify([{ type: 'oauth_google', id: 'idn_1' }])
      await server.server.database.transaction((tx) =>
        tx
          .updateTable('email_addresses')
          .set({ linked_to: linkedTo })
          .where('id', '=', user.primaryEmailAddressId!)
          .execute(),
      )

      const refused = { status: 400, body: error('delete_linked_identification_disallowed') }
      expect(await server.call('DELETE', `/email_addresses/${user.primaryEmailAddressId}`)).toMatchObject(refused)
      expect(
        await server.call('PUT', `/users/${user.id}/email_address`, { email_address: 'new@example.com' }),
      ).toMatchObject(refused)
    })
  })

  describe('replacing', () => {
    it('puts one verified primary address in place of all', async () => {
      const user = await newUser('ada@example.com', 'second@example.com')

      const { body } = await server.call('PUT', `/users/${user.id}/email_address`, {
        email_address: 'new@example.com',
        notify_primary_email_address_changed: true,
      })

      expect(body).toMatchObject({
        email_address: 'new@example.com',
        reserved: false,
        verification: { status: 'verified', strategy: 'admin' },
      })
      const replaced = await server.client.users.getUser(user.id)
      expect(replaced.emailAddresses.map(({ emailAddress }) => emailAddress)).toEqual(['new@example.com'])
      expect(replaced.primaryEmailAddressId).toBe(body.id)
      expect((await server.messages()).map(({ toAddress }) => toAddress)).toEqual(['ada@example.com'])
    })

    it('sends no notice when the address stays the same', async () => {
      const user = await newUser('ada@example.com', 'second@example.com')

      const { body } = await server.call('PUT', `/users/${user.id}/email_address`, {
        email_address: 'ADA@example.com',
        notify_primary_email_address_changed: true,
      })

      expect(body.email_address).toBe('ADA@example.com')
      expect(await server.messages()).toEqual([])
    })

    it('reserves the address, or leaves it unclaimed', async () => {
      const [ada, bob] = [await newUser('ada@example.com'), await newUser('bob@example.com')]

      const reserved = await server.call('PUT', `/users/${ada.id}/email_address`, {
        email_address: 'wanted@example.com',
        identification_status: 'reserved',
      })
      expect(reserved.body).toMatchObject({ reserved: true, verification: null })
      expect(await add(bob.id, 'wanted@example.com')).toMatchObject({
        status: 422,
        body: error('form_identifier_exists', 'email_address'),
      })

      const unclaimed = await server.call('PUT', `/users/${ada.id}/email_address`, {
        email_address: 'wanted@example.com',
        identification_status: 'unverified',
      })
      expect(unclaimed.body).toMatchObject({ reserved: false, verification: null })
      expect(await primaryOf(ada.id)).toBe(unclaimed.body.id)
      expect((await add(bob.id, 'wanted@example.com', { verified: true })).status).toBe(200)
    })

    it('changes nothing when the address is taken or invalid', async () => {
      const [ada] = [await newUser('ada@example.com', 'second@example.com'), await newUser('bob@example.com')]

      for (const [body, code] of [
        [{ email_address: 'bob@example.com' }, 'form_identifier_exists'],
        [{ email_address: 'bob' }, 'form_param_format_invalid'],
        [{ email_address: 'new@example.com', identification_status: 'maybe' }, 'form_param_value_invalid'],
        [{ email_address: 'new@example.com', identification_status: null }, 'form_param_value_invalid'],
        [{}, 'form_param_missing'],
      ] as const) {
        expect(await server.call('PUT', `/users/${ada!.id}/email_address`, body)).toMatchObject({
          status: 422,
          body: error(code),
        })
      }
      expect(
        (await server.call('PUT', '/users/user_1/email_address', { email_address: 'new@example.com' })).status,
      ).toBe(404)
      expect((await server.client.users.getUser(ada!.id)).emailAddresses).toHaveLength(2)
    })
  })
})
