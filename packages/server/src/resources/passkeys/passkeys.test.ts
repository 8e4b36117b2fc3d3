import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'
import { operator } from '../../kernel/caller.js'
import { ENCRYPTION_KEY, servicesOf } from '../users/user-parts.test-support.js'
import type { NewPasskey } from './passkeys.service.js'

const refused = (status: number, code: string) => ({ status, body: { errors: [{ code }] } })

describe.each(dialects)('passkeys on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })
  const users = () => server.client.users
  const remove = (userId: string, id: string, key?: string) =>
    server.call('DELETE', `/users/${userId}/passkeys/${id}`, undefined, key ? { key } : {})

  async function add(userId: string, passkey: Partial<NewPasskey> = {}) {
    const { context, passkeys } = await servicesOf(server)
    const given = { name: 'Laptop', credentialId: `credential of ${userId}`, publicKey: 'cHVibGlj', ...passkey }
    return context.transaction(operator('test'), (tx) => passkeys.insert(userId, given, tx))
  }

  it('shows a passkey with its user', async () => {
    const user = await users().createUser({ username: 'ada_l' })

    await add(user.id, { id: 'idn_laptop', name: 'Laptop', transports: ['internal'] })
    await add(user.id, {
      id: 'idn_phone',
      name: 'Phone',
      credentialId: 'another',
      lastUsedAt: 1350717320902,
      createdAt: server.clock.now() + 1,
    })

    const { body } = await server.call('GET', `/users/${user.id}`)
    const verification = {
      object: 'verification_passkey',
      status: 'verified',
      strategy: 'passkey',
      attempts: null,
      expire_at: null,
    }
    expect(body.passkeys).toEqual([
      { object: 'passkey', id: 'idn_laptop', name: 'Laptop', last_used_at: server.clock.now(), verification },
      { object: 'passkey', id: 'idn_phone', name: 'Phone', last_used_at: 1350717320902, verification },
    ])
    expect((await server.events()).map(({ type }) => type)).toEqual(['user.created', 'user.updated', 'user.updated'])
  })

  it('refuses a credential that is registered, and unknown users', async () => {
    const user = await users().createUser({ username: 'ada_l' })
    await add(user.id)

    await expect(add(user.id)).rejects.toMatchObject({
      status: 400,
      errors: [{ code: 'passkey_registration_failure' }],
    })
    await expect(add('user_0', { credentialId: 'other' })).rejects.toMatchObject({ status: 404 })
    expect(await server.events()).toHaveLength(2)
  })

  it('deletes a passkey and tells the user', async () => {
    const user = await users().createUser({ emailAddress: ['ada@example.com', 'countess@example.com'] })
    const passkey = await add(user.id)

    const deleted = await users().deleteUserPasskey({ userId: user.id, passkeyIdentificationId: passkey.id })
    expect(deleted).toMatchObject({ object: 'passkey', id: passkey.id, deleted: true })

    expect((await server.call('GET', `/users/${user.id}`)).body.passkeys).toEqual([])
    expect((await server.events()).at(-1)).toMatchObject({ type: 'user.updated', payload: { passkeys: [] } })
    expect(await server.messages()).toMatchObject([
      {
        channel: 'email',
        slug: 'passkey_removed',
        toAddress: 'ada@example.com',
        userId: user.id,
        status: 'queued',
        data: { passkey_name: 'Laptop' },
      },
    ])
  })

  it('keeps markup in the name of a passkey out of the mail', async () => {
    const user = await users().createUser({ emailAddress: ['ada@example.com'] })
    const passkey = await add(user.id, { name: `<a href="https://evil.example">Sign in & 'win'</a>` })

    await remove(user.id, passkey.id)

    const [message] = await server.messages()
    expect(message!.body).toContain(
      '&lt;a href=&quot;https:\u200B//evil.\u200Bexample&quot;&gt;Sign in &amp; &#39;win&#39;&lt;/a&gt;',
    )
  })

  it('tells nobody when the user has no address', async () => {
    const user = await users().createUser({ username: 'ada_l' })
    const passkey = await add(user.id)

    expect((await remove(user.id, passkey.id)).body).toEqual({ object: 'passkey', id: passkey.id, deleted: true })
    expect(await server.messages()).toEqual([])
  })

  it('deletes a passkey once', async () => {
    const user = await users().createUser({ emailAddress: ['ada@example.com'] })
    const passkey = await add(user.id)

    const answers = await Promise.all([remove(user.id, passkey.id), remove(user.id, passkey.id)])

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404])
    expect(await server.messages()).toHaveLength(1)
  })

  it("does not find what is another user's or another instance's", async () => {
    const ada = await users().createUser({ username: 'ada_l' })
    const bob = await users().createUser({ username: 'bob_b' })
    const passkey = await add(ada.id)
    const { secretKey } = await server.server.createInstance()

    const { id } = passkey
    for (const answer of [
      await remove(bob.id, id),
      await remove('user_0', id),
      await remove(ada.id, 'idn_0'),
      await remove(ada.id, id, secretKey),
    ]) {
      expect(answer).toMatchObject(refused(404, 'resource_not_found'))
    }
    expect((await server.call('GET', `/users/${ada.id}`)).body.passkeys).toHaveLength(1)
  })

  it('deletes passkeys with their user', async () => {
    const user = await users().createUser({ username: 'ada_l' })
    const passkey = await add(user.id)
    await users().deleteUser(user.id)

    expect((await remove(user.id, passkey.id)).status).toBe(404)
    await expect(add(user.id)).rejects.toMatchObject({ status: 404 })
  })
})
