import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../server.test-support.js'
import { eraseDue } from './erasure.js'
import { eventually, svixOf, useReceiver } from './webhooks/receiver.test-support.js'

describe.each(dialects)('events about what is deleted on %s', (dialect) => {
  const server = useTestServer(dialect, {
    webhooks: { schedule: { pollEvery: 20, timeout: 300, lease: 3000, overloadDelay: 60_000 } },
  })
  const receiver = useReceiver()
  const svix = svixOf(server)

  const createAda = () =>
    server.client.users.createUser({
      emailAddress: ['ada@example.com'],
      firstName: 'Augusta Ada',
      privateMetadata: { diagnosis: 'secret' },
    })
  const stored = async () => JSON.stringify((await server.events()).map(({ payload, cause }) => [payload, cause]))
  const numbered = () => eventually(async () => (await server.events()).every(({ position }) => position !== null))
  const read = async () => {
    const response = await server.call('GET', '/events?limit=100')
    return (response.body.data as { type: string }[]).map(({ type }) => type)
  }

  it('are emptied when a user is deleted, and nobody reads them any more', async () => {
    await server.call('PATCH', '/instance/organization_settings', { enabled: true })
    const organizations = await server.client.organizations.createOrganization({ name: 'Acme' })
    const user = await createAda()
    const other = await server.client.users.createUser({ username: 'grace', privateMetadata: { keep: 'me' } })
    const member = { organizationId: organizations.id, userId: user.id, role: 'org:admin' }
    await server.client.organizations.createOrganizationMembership(member)
    await server.client.sessions.createSession({ userId: user.id })
    await numbered()
    const personal = ['diagnosis', 'Augusta Ada', 'ada@example.com']
    const before = await stored()
    for (const value of personal) expect(before).toContain(value)

    await server.client.users.deleteUser(user.id)
    await numbered()
    await eraseDue(server.server.database)
    const left = await stored()
    for (const value of personal) expect(left).not.toContain(value)
    expect(left).toContain('keep')
    const kept = (await server.events()).filter(({ payload }) => JSON.stringify(payload).includes(other.id))
    expect(kept.map(({ type }) => type)).toEqual(['user.created'])
    expect(await read()).toEqual(['organization.created', 'user.created', 'user.deleted'])
  })

  it('are emptied when an organization is deleted', async () => {
    await server.call('PATCH', '/instance/organization_settings', { enabled: true })
    const { id } = await server.client.organizations.createOrganization({
      name: 'Acme',
      privateMetadata: { plan: 'roadmap' },
    })
    await numbered()
    await server.client.organizations.deleteOrganization(id)
    expect(await stored()).not.toContain('roadmap')
  })

  it('are delivered before, where a delivery is pending, and emptied with its end', async () => {
    let status = 500
    receiver.answer = () => status
    const { body } = await svix('POST', '/endpoint', {
      url: receiver.url,
      eventTypes: ['user.created', 'user.deleted'],
    })
    const user = await createAda()
    await receiver.until(1)
    await server.client.users.deleteUser(user.id)
    await numbered()
    await eraseDue(server.server.database)
    expect(await stored()).toContain('diagnosis')

    status = 200
    await eventually(async () => {
      server.clock.advance(10_000)
      await new Promise((resolve) => setTimeout(resolve, 50))
      return receiver.received.some(({ event }) => event.type === 'user.deleted')
    })
    expect(receiver.received.at(-2)!.event).toMatchObject({
      type: 'user.created',
      data: { private_metadata: { diagnosis: 'secret' } },
    })
    await eventually(async () => !(await stored()).includes('diagnosis'))

    const [created] = await server.events()
    const message = `msg_${created!.id.slice(4)}`
    expect((await svix('POST', `/msg/${message}/endpoint/${body.id}/resend`, {})).status).toBe(404)
  })
})
