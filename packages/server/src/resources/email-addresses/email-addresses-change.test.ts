import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'
import { error, useEmailAddresses } from './email-addresses.test-support.js'

describe.each(dialects)('changing email addresses on %s', (dialect) => {
  const server = useTestServer(dialect)
  const { newUser, add, primaryOf } = useEmailAddresses(server)

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
