import { describe, expect, it } from 'vitest'
import { API_URL, dialects, useTestServer } from '../server.test-support.js'

describe.each(dialects)('instances on %s', (dialect) => {
  const server = useTestServer(dialect)
  const list = async () => (await server.server.admin.listInstances()).map(({ id, isDefault }) => ({ id, isDefault }))

  it('are deleted with everything in them, and others stay', async () => {
    const { admin, database } = server.server
    const other = await server.newInstance()
    for (const { secretKey } of [other, server.instance])
      await server.call('POST', '/users', { email_address: ['ada@example.com'] }, { key: secretKey })
    const users = async () => {
      const rows = await database.read.selectFrom('users').select('instance_id').execute()
      return rows.map(({ instance_id }) => instance_id)
    }
    expect(await users()).toEqual(expect.arrayContaining([other.id, server.instance.id]))

    await admin.deleteInstance(other.id)
    expect((await list()).map(({ id }) => id)).not.toContain(other.id)
    expect(await users()).not.toContain(other.id)
    expect(await users()).toContain(server.instance.id)
    expect((await server.call('GET', '/users', undefined, { key: other.secretKey })).status).toBe(401)
    expect(await server.client.users.getCount()).toBe(1)
    await expect(admin.deleteInstance(other.id)).rejects.toThrow(`There is no instance ${other.id}`)
  })

  it('change the default, which cannot be deleted beside others', async () => {
    const { admin } = server.server
    const [first, second] = [await server.newInstance(), await server.newInstance()]
    const environment = () => server.fetch(`${API_URL}/v1/environment`, { headers: { origin: API_URL } })
    for (const { id } of [first, second, first, first]) {
      expect(await admin.setDefaultInstance(id)).toMatchObject({ id, isDefault: true })
      expect((await list()).filter(({ isDefault }) => isDefault)).toEqual([{ id, isDefault: true }])
    }
    expect((await environment()).status).toBe(200)
    await expect(admin.deleteInstance(first.id)).rejects.toThrow(`${first.id} is the default instance`)
    await expect(admin.setDefaultInstance('ins_none')).rejects.toThrow('There is no instance ins_none')
    expect(await admin.defaultInstance()).toMatchObject({ id: first.id })
    expect((await admin.listAudit(second.id, { action: 'instance.updated' }, { limit: 9 })).at(-1)).toMatchObject({
      actorKind: 'operator',
      changed: ['is_default'],
    })

    await Promise.all([1, 2, 3, 4].flatMap(() => [first, second].map(({ id }) => admin.setDefaultInstance(id))))
    expect((await list()).filter(({ isDefault }) => isDefault)).toHaveLength(1)
  })
})

describe.each(dialects)('production instances on %s', (dialect) => {
  const server = useTestServer(dialect)
  const keyOf = (host: string) => `pk_live_${Buffer.from(`${host}$`).toString('base64')}`

  it.each(['clerk.fly.dev', 'fly.dev', 'clerk.co.uk', 'co.uk', 'clerk.com', 'Clerk.Com', 'clerk.github.io'])(
    'are not made at %s, below whose domain are pages of others',
    async (frontendHost) => {
      const before = await server.server.admin.listInstances()
      const name = frontendHost.toLowerCase().replace('clerk.', '')
      for (const at of [{ frontendHost }, { publishableKey: keyOf(frontendHost) }]) {
        await expect(server.server.createInstance({ environmentType: 'production', ...at })).rejects.toThrow(
          `must be at a domain that somebody can register, such as clerk.example.com: ${frontendHost} would make every page below ${name} the instance's own`,
        )
      }
      expect(await server.server.admin.listInstances()).toEqual(before)
    },
  )

  it('are made at domains that are somebody’s, also with a hosting provider, and at addresses', async () => {
    const own = `${dialect}.example.com`
    for (const frontendHost of [
      own,
      `clerk.${own}`,
      `login.${own}`,
      `clerk.${dialect}.fly.dev`,
      `192.0.2.${dialect.length}`,
    ]) {
      const made = await server.server.createInstance({ environmentType: 'production', frontendHost })
      expect(made).toMatchObject({ frontendHost, publishableKey: keyOf(frontendHost) })
    }
  })

  it('leave development instances any host', async () => {
    expect(await server.server.createInstance({ frontendHost: `clerk.${dialect}` })).toMatchObject({
      frontendHost: `clerk.${dialect}`,
    })
  })
})

describe.each(dialects)('secret keys on %s', (dialect) => {
  const server = useTestServer(dialect)

  it('stay at least one where that is asked for, also when all are revoked at once', async () => {
    const { admin } = server.server
    const { id: instanceId } = await server.newInstance()
    for (let more = 0; more < 15; more++) await admin.createKey(instanceId, { name: 'another' })
    const active = async () => (await admin.listKeys(instanceId)).filter(({ revokedAt }) => revokedAt === null)
    const keys = await active()
    const outcomes = await Promise.allSettled(keys.map(({ id }) => admin.revokeKey(id, { keepLast: true })))
    expect(outcomes.filter(({ status }) => status === 'rejected')).toMatchObject([
      { reason: { name: 'AdminError', message: `This is the last active key of ${instanceId}: to do it, add --yes` } },
    ])
    const [last, ...others] = await active()
    expect(others).toEqual([])
    expect(await admin.revokeKey(last!.id)).toBe(true)
  })
})

describe.each(dialects)('a restored backup on %s', (dialect) => {
  const server = useTestServer(dialect)

  /** What was true when the copy was made, and what was queued: a text with a code, and one without. */
  const begin = async () => {
    const user = await server.client.users.createUser({ emailAddress: ['ada@example.com'] })
    const session = await server.client.sessions.createSession({ userId: user.id })
    const emailAddressId = user.primaryEmailAddressId!
    await server.call('POST', `/email_addresses/${emailAddressId}/prepare_verification`)
    await server.client.emails.createEmail({ fromEmailName: 'news', subject: 'News', body: 'News', emailAddressId })
    const code = (await server.messages())[0]!.data!['otp_code'] as string
    expect(code).toMatch(/^\d{6}$/)
    return { session, code }
  }
  const statusOf = async (id: string) => (await server.client.sessions.getSession(id)).status
  const audited = async () => {
    const entries = await server.server.admin.latestAudit(server.instance.id, { action: 'backup.restored' }, 9)
    return entries.map(({ targetId }) => targetId)
  }

  it('sends nothing that was queued in it, and keeps no code of that (mistake 30)', async () => {
    const { session, code } = await begin()
    const { messages } = await server.server.admin.restored()
    expect(messages).toBeGreaterThanOrEqual(2)
    const given = { status: 'failed', nextAttemptAt: null, lastError: 'A backup was restored before it was sent' }
    expect(await server.messages()).toMatchObject([
      { ...given, body: '', data: null },
      { ...given, subject: 'News', body: 'News' },
    ])
    expect(JSON.stringify(await server.messages())).not.toContain(code)
    expect(await statusOf(session.id)).toBe('active')
    expect(await audited()).toEqual([server.instance.id])
    expect(await server.server.admin.restored()).toEqual({ messages: 0 })
  })

  it('has no session alive where everyone is to be signed out, and tells of each (mistake 30)', async () => {
    const { session } = await begin()
    await server.server.admin.restored({ signEveryoneOut: true })
    expect(await statusOf(session.id)).toBe('revoked')
    expect((await server.events()).at(-1)).toMatchObject({ type: 'session.revoked', subjectId: session.id })
  })
})
