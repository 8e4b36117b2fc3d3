import { describe, expect, it } from 'vitest'
import { operator } from '../../kernel/caller.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { ENCRYPTION_KEY, servicesOf } from '../users/user-parts.test-support.js'

const DAY = 24 * 60 * 60 * 1000
const caller = operator('test')

describe.each(dialects)('accepting an invitation on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })

  const invite = (emailAddress = 'grace@example.com', params: object = {}) =>
    server.client.invitations.createInvitation({ emailAddress, ...params })
  /** What a sign-up with a ticket does: the user comes to be in the transaction that spends it. */
  const accept = async (url: string) => {
    const { invitations, newUsers } = await servicesOf(server)
    const prepared = await newUsers.prepare({ emailAddress: ['grace@example.com'] })
    return invitations.accept(new URL(url).searchParams.get('ticket')!, caller, (ticket, tx) => {
      const { publicMetadata } = ticket.details
      return newUsers.insert({ ...prepared, fields: { ...prepared.fields, publicMetadata } }, tx)
    })
  }
  const statusOf = async (id: string) =>
    (await server.client.invitations.getInvitationList({ query: id })).data[0]?.status

  it('makes the user, with the metadata, and is done', async () => {
    const { id, url } = await invite(undefined, { publicMetadata: { role: 'admin' } })
    server.clock.advance(5000)

    const { publicMetadata } = await accept(url!)
    expect(publicMetadata).toEqual({ role: 'admin' })
    const { data } = await server.client.invitations.getInvitationList({ status: 'accepted' })
    expect(data).toMatchObject([{ id, status: 'accepted', revoked: false, updatedAt: server.clock.now() }])
    expect(data[0]!.url).toBeUndefined()

    await expect(accept(url!)).rejects.toMatchObject({ errors: [{ code: 'invitation_already_accepted' }] })
    await expect(server.client.invitations.revokeInvitation(id)).rejects.toMatchObject({
      status: 400,
      errors: [{ code: 'invitation_already_accepted' }],
    })
  })

  it('happens once under 64 calls', async () => {
    const { url } = await invite()
    const outcomes = await Promise.allSettled(Array.from({ length: 64 }, () => accept(url!)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await server.client.users.getCount()).toBe(1)
  })

  it('is refused to somebody who is a user already, and leaves the invitation as it is', async () => {
    const { id, url } = await invite()
    await server.client.users.createUser({ emailAddress: ['grace@example.com'] })

    await expect(accept(url!)).rejects.toMatchObject({ status: 400, errors: [{ code: 'invitation_account_exists' }] })
    expect(await statusOf(id)).toBe('pending')
  })

  it('is refused when it is revoked, expired or deleted', async () => {
    const revoked = await invite()
    await server.client.invitations.revokeInvitation(revoked.id)
    const deleted = await invite()
    await server.client.invitations.deleteInvitation(deleted.id)
    const expired = await invite(undefined, { expiresInDays: 1 })
    server.clock.advance(DAY)

    await expect(accept(revoked.url!)).rejects.toMatchObject({ status: 400, errors: [{ code: 'revoked_invitation' }] })
    await expect(accept(deleted.url!)).rejects.toMatchObject({ status: 404, errors: [{ code: 'resource_not_found' }] })
    await expect(accept(expired.url!)).rejects.toMatchObject({ status: 400, errors: [{ code: 'ticket_expired_code' }] })
    expect(await statusOf(expired.id)).toBe('expired')
  })

  it('outlives the rotation of signing keys', async () => {
    const { url } = await invite(undefined, { expiresInDays: 365 })
    const { signingKeys } = await servicesOf(server)
    await signingKeys.rotate({ publishSeconds: null, overlapSeconds: 0 }, caller)
    server.clock.advance(364 * DAY)

    expect(await accept(url!)).toMatchObject({ emailAddresses: [{ emailAddress: 'grace@example.com' }] })
  })
})
