import { beforeEach, describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'
import { useMembers } from '../../resources/organizations/member-browsers.test-support.js'
import { eventually } from './receiver.test-support.js'

const AT_ONCE = 24

// oxlint-disable-next-line no-explicit-any
type Event = { type: string; data: any }
type Answer = { status: number; body: unknown }

/** Something that can be changed: each of the changes adds one to what it is told with. */
interface Growing {
  id: string
  change(n: number): Promise<Answer>
  sizeOf(data: Event['data']): number
}

/** Something that goes to and fro between states, and tells only of a change of state. */
interface Switched {
  id: string
  change(n: number): Promise<Answer>
  stateOf(data: Event['data']): string
  stored(): Promise<string>
}

describe.each(dialects)('events of what many change at once, on %s', (dialect) => {
  const server = useTestServer(dialect, { webhooks: { schedule: { pollEvery: 20 } } })
  const { newPerson } = useMembers(server)
  const { call } = server
  const settings = {
    enabled: true,
    domains_enabled: true,
    domains_enrollment_modes: ['automatic_suggestion' as const],
    personal_accounts_enabled: false,
  }

  beforeEach(() => server.server.admin.seed(server.instance.id, { instance: { organization_settings: settings } }))

  /** As they are served, once all have a position: in the order of their positions. */
  const eventsOf = async (id: string): Promise<Event[]> => {
    await eventually(async () => (await server.events()).every(({ position }) => position !== null))
    const { body } = await call('GET', '/events?limit=500')
    expect(body.has_more).toBe(false)
    return (body.data as Event[]).filter(({ data }) => data.id === id)
  }
  /** All wait for one row. On a busy machine some wait too long, and are told to come again. */
  const atOnce = (change: (n: number) => Promise<Answer>) =>
    Promise.all(
      Array.from({ length: AT_ONCE }, async (_, n) => {
        for (;;) {
          const answer = await change(n)
          if (answer.status !== 503) return answer
        }
      }),
    )

  const post = async (path: string, body: object) => {
    const answer = await call('POST', path, body)
    expect(answer.status).toBeLessThan(300)
    return answer.body as { id: string }
  }
  const newOrganization = async () => {
    const { id: creator } = await server.client.users.createUser({ emailAddress: ['creator@example.com'] })
    return {
      creator,
      id: (await post('/organizations', { name: 'Acme', created_by: creator, max_allowed_memberships: 0 })).id,
    }
  }
  const metadata = (id: string, path: string): Growing => ({
    id,
    change: (n) => call('PATCH', `${path}/metadata`, { public_metadata: { [`key_${n}`]: n } }),
    sizeOf: (data) => Object.keys(data.public_metadata).length,
  })

  const growing: [string, () => Promise<Growing>][] = [
    [
      'a user',
      async () => {
        const { creator } = await newOrganization()
        return metadata(creator, `/users/${creator}`)
      },
    ],
    [
      'an organization',
      async () => {
        const { id } = await newOrganization()
        return metadata(id, `/organizations/${id}`)
      },
    ],
    [
      'a membership',
      async () => {
        const { id, creator } = await newOrganization()
        const path = `/organizations/${id}/memberships`
        return metadata((await call('GET', path)).body.data[0].id, `${path}/${creator}`)
      },
    ],
    [
      'a role',
      async () => {
        const { id } = await post('/organization_roles', { name: 'Reader', key: 'org:reader' })
        const permissions: string[] = []
        for (let n = 0; n < AT_ONCE; n++) {
          const key = `org:reports:read_${n}`
          permissions.push((await post('/organization_permissions', { name: key, key })).id)
        }
        return {
          id,
          change: (n) => call('POST', `/organization_roles/${id}/permissions/${permissions[n]}`),
          sizeOf: (data) => data.permissions.length,
        }
      },
    ],
  ]

  it.each(growing)('tell of %s change by change, each with all before it', async (_, begin) => {
    const { id, change, sizeOf } = await begin()
    const before = (await eventsOf(id)).length
    const answers = await atOnce(change)
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    const sizes = (await eventsOf(id)).slice(before).map(({ data }) => sizeOf(data))
    expect(sizes).toEqual(Array.from({ length: AT_ONCE }, (__, n) => n + 1))
  })

  const switched: [string, () => Promise<Switched>][] = [
    [
      'the domain of an organization',
      async () => {
        const path = `/organizations/${(await newOrganization()).id}/domains`
        const { id } = await post(path, { name: 'acme.example', verified: true })
        const modes = ['automatic_suggestion', 'manual_invitation']
        return {
          id,
          change: (n) => call('PATCH', `${path}/${id}`, { enrollment_mode: modes[n % 2] }),
          stateOf: (data) => data.enrollment_mode,
          stored: async () => (await call('GET', path)).body.data[0].enrollment_mode,
        }
      },
    ],
    [
      'a waitlist entry',
      async () => {
        const { id } = await post('/waitlist_entries', { email_address: 'grace@example.com', notify: false })
        return {
          id,
          change: (n) => call('POST', `/waitlist_entries/${id}/${n % 2 ? 'invite' : 'reject'}`),
          stateOf: (data) => data.status,
          stored: async () => (await call('GET', '/waitlist_entries')).body.data[0].status,
        }
      },
    ],
  ]

  it.each(switched)('tell of %s to and fro, and last of how it is', async (_, begin) => {
    const { id, change, stateOf, stored } = await begin()
    const answers = await atOnce(change)
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(1)
    const states = (await eventsOf(id)).map(({ data }) => stateOf(data))
    expect(states.length).toBeGreaterThan(1)
    expect(states.filter((state, index) => state === states[index - 1])).toEqual([])
    expect(states.at(-1)).toBe(await stored())
  })

  it('tell once how an invitation ended that is accepted and revoked', async () => {
    const { id: organizationId } = await newOrganization()
    const path = `/organizations/${organizationId}`
    const invitations = await Promise.all(
      Array.from({ length: AT_ONCE }, async (_, n) => {
        const emailAddress = `guest${n}@example.com`
        const { id: userId } = await server.client.users.createUser({ emailAddress: [emailAddress] })
        const { id } = await post(`${path}/invitations`, { email_address: emailAddress, role: 'org:member' })
        return { id, userId }
      }),
    )
    const accepted = atOnce((n) =>
      call('POST', `${path}/memberships`, { user_id: invitations[n]!.userId, role: 'org:member' }),
    )
    const revoked = atOnce((n) => call('POST', `${path}/invitations/${invitations[n]!.id}/revoke`))
    expect(new Set((await accepted).map(({ status }) => status))).toEqual(new Set([200]))
    await revoked
    for (const { id, userId } of invitations) {
      const { status } = (await call('GET', `${path}/invitations/${id}`)).body
      const told = await eventsOf(id)
      expect(told.map(({ type }) => type)).toEqual([
        'organizationInvitation.created',
        `organizationInvitation.${status}`,
      ])
      expect(told.at(-1)!.data).toMatchObject({ status, ...(status === 'accepted' ? { user_id: userId } : {}) })
    }
  })

  it('tell of a session’s end last, and once, whoever ends it and whatever it was about to become', async () => {
    const { id } = await newOrganization()
    const people = await Promise.all(Array.from({ length: AT_ONCE / 4 }, () => newPerson()))
    for (const person of people) {
      await post(`/organizations/${id}/memberships`, { user_id: person.id, role: 'org:member' })
    }
    await Promise.all(
      people.flatMap(({ sessionId, call: ask }) => [
        ask(`POST /client/sessions/${sessionId}/touch`, { form: { active_organization_id: id } }),
        ...Array.from({ length: 4 }, () => call('POST', `/sessions/${sessionId}/revoke`)),
        ...Array.from({ length: 4 }, () => ask(`POST /client/sessions/${sessionId}/end`, { form: {} })),
      ]),
    )
    for (const { sessionId } of people) {
      const { status } = (await call('GET', `/sessions/${sessionId}`)).body
      expect(['revoked', 'ended']).toContain(status)
      const told = await eventsOf(sessionId)
      expect(told.map(({ type }) => type).filter((type) => type !== 'session.created')).toEqual([
        'session.pending',
        `session.${status}`,
      ])
      expect(told.at(-1)!.data.status).toBe(status)
    }
  })
})
