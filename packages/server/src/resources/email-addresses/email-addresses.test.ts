import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'
import { error, useEmailAddresses } from './email-addresses.test-support.js'

describe.each(dialects)('email addresses on %s', (dialect) => {
  const server = useTestServer(dialect)
  const { newUser, add, primaryOf } = useEmailAddresses(server)

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
})
