import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { API_URL, dialects, useTestServer } from '../server.test-support.js'
import { AuditTrail } from './audit.js'
import { auditEntries, events, type AuditEntryRecord } from './events.table.js'

/** What each change of these tests is made with. */
const ORIGIN = { ipAddress: '198.51.100.7', userAgent: 'clerk-sdk/1.0' }
const HOUR = 60 * 60 * 1000
const DAY = 24 * HOUR

describe.each(dialects)('the audit trail on %s', (dialect) => {
  // The jobs come when a test says so.
  beforeAll(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
  afterAll(() => void vi.useRealTimers())
  const server = useTestServer(dialect, { trustedProxies: ['loopback'], auditRetentionDays: 30 })

  let keyId = ''
  beforeEach(async () => {
    keyId = (await server.server.admin.listKeys(server.instance.id))[0]!.id
  })

  /** A request through a proxy on this machine. */
  async function send(method: string, path: string, body?: unknown, { key = server.instance.secretKey, ...from } = {}) {
    const { ipAddress, userAgent } = { ...ORIGIN, ...(from as Partial<typeof ORIGIN>) }
    const headers = {
      authorization: `Bearer ${key}`,
      'clerk-api-version': '2026-05-12',
      'content-type': 'application/json',
      'user-agent': userAgent,
      'x-forwarded-for': ipAddress,
    }
    const request = new Request(`${API_URL}/v1${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const response = await server.server.fetch(request, { remoteAddress: '127.0.0.1' })
    const json = (response.status === 204 ? {} : await response.json()) as Record<string, string>
    return { status: response.status, traceId: response.headers.get('x-clerk-trace-id'), body: json }
  }

  const entries = async (filter = {}, instanceId = server.instance.id): Promise<AuditEntryRecord[]> =>
    server.server.admin.listAudit(instanceId, filter, { limit: 1000 })
  /** Of the requests: without what making the instance wrote. */
  const requested = async () => (await entries()).filter(({ actorKind }) => actorKind === 'secret_key')
  const createUser = async (email = 'ada@example.com') =>
    (await send('POST', '/users', { email_address: [email], first_name: 'Ada' })).body['id']!

  it('names key, address, user agent and trace id with every event of a change', async () => {
    const id = await createUser()
    const sessionId = (await send('POST', '/sessions', { user_id: id })).body['id']!
    const before = (await server.events()).length
    const { traceId } = await send('POST', `/users/${id}/ban`)

    const cause = { kind: 'secret_key', id: keyId, ...ORIGIN, traceId }
    expect((await server.events()).slice(before)).toMatchObject([
      { type: 'user.updated', subjectId: id, cause },
      { type: 'session.revoked', subjectId: sessionId, cause },
    ])
    const by = { actorKind: 'secret_key', actorId: keyId, ...ORIGIN, traceId, createdAt: server.clock.now() }
    expect((await requested()).slice(-2)).toMatchObject([
      { ...by, id: expect.stringMatching(/^aud_/), action: 'user.updated', targetId: id, changed: ['banned'] },
      { ...by, action: 'session.revoked', targetId: sessionId, changed: ['status'] },
    ])
  })

  it('has an entry for each event, with the same cause', async () => {
    const id = await createUser()
    await send('PATCH', `/users/${id}`, { last_name: 'Lovelace' })
    await send('POST', '/email_addresses', { user_id: id, email_address: 'countess@example.com' })
    await send('POST', '/phone_numbers', { user_id: id, phone_number: '+14155552671' })
    await send('POST', '/sessions', { user_id: id })
    await send('DELETE', `/users/${id}`)

    const emitted = await server.events()
    expect(emitted.length).toBeGreaterThan(6)
    const written = await requested()
    expect(
      written.map(({ action, targetId, actorKind, actorId, impersonatorId, ipAddress, userAgent, traceId }) => ({
        type: action,
        subjectId: targetId,
        cause: { kind: actorKind, id: actorId, impersonatorId, ipAddress, userAgent, traceId },
      })),
    ).toEqual(emitted.map(({ type, subjectId, cause }) => ({ type, subjectId, cause })))
  })

  it('names the fields that changed, and never a value', async () => {
    const values = ['Augusta', 'hush-hush-hush', 'JBSWY3DPEHPK3PXP', 'marvellous', 'countess@example.com', '4155552671']
    const id = await createUser()
    await send('PATCH', `/users/${id}`, { first_name: values[0], password: values[1], totp_secret: values[2] })
    await send('PATCH', `/users/${id}/metadata`, { private_metadata: { secret: values[3] } })
    await send('POST', '/email_addresses', { user_id: id, email_address: values[4], verified: true })
    await send('POST', '/phone_numbers', { user_id: id, phone_number: `+1${values[5]}` })
    await send('PATCH', '/instance', { support_email: values[4] })
    await send('POST', '/jwt_templates', { name: values[3], claims: { [values[3]!]: values[3] } })

    const written = await requested()
    expect(written.map(({ action }) => action)).toEqual([
      'user.created',
      'user.updated',
      'user.updated',
      'user.updated',
      'user.updated',
      'instance.updated',
      'jwt_template.created',
    ])
    expect(written[1]!.changed).toEqual(expect.arrayContaining(['first_name', 'password_digest', 'totp_secret']))
    expect(written[2]!.changed).toEqual(['private_metadata'])
    expect(written[5]!.changed).toEqual(['support_email'])
    const everything = JSON.stringify(written)
    for (const value of values) expect(everything).not.toContain(value)
  })

  it('has an entry for changes without an event', async () => {
    const template = await send('POST', '/jwt_templates', { name: 'hasura', claims: {} })
    const templateId = template.body['id']!
    await send('PATCH', `/jwt_templates/${templateId}`, { name: 'hasura', claims: { role: 'a' }, lifetime: 120 })
    await send('DELETE', `/jwt_templates/${templateId}`)
    await send('PATCH', '/instance', { hibp: true, test_mode: false })
    await send('PATCH', '/instance', { hibp: true })
    await send('PATCH', '/instance/restrictions', { allowlist: true })
    await send('PATCH', '/instance/organization_settings', { enabled: true })

    const by = { actorKind: 'secret_key', actorId: keyId, ...ORIGIN }
    const { id } = server.instance
    expect(await requested()).toMatchObject([
      { ...by, action: 'jwt_template.created', targetId: templateId, changed: [], traceId: template.traceId },
      { ...by, action: 'jwt_template.updated', targetId: templateId, changed: ['claims', 'lifetime'] },
      { ...by, action: 'jwt_template.deleted', targetId: templateId, changed: [] },
      { ...by, action: 'instance.updated', targetId: id, changed: ['test_mode', 'hibp'] },
      { ...by, action: 'instance.updated', targetId: id, changed: ['restrictions'] },
      { ...by, action: 'instance.updated', targetId: id, changed: ['organizations'] },
    ])
    expect(await server.events()).toEqual([])
  })

  it('has an entry when a trusted device is revoked', async () => {
    const own = server.instance.id
    const device = { id: `tdev_${own}`, platform: 'ios', app_identifier: 'com.example.app', public_key: 'a2V5' }
    const user = { id: `user_${own}`, username: 'ada_l', trusted_devices: [device] }
    await server.server.admin.seed(own, { users: [user] })
    const { status, traceId } = await send('DELETE', `/users/user_${own}/trusted_devices/tdev_${own}`)

    expect(status).toBe(200)
    expect(await requested()).toMatchObject([
      { action: 'trusted_device.revoked', targetId: device.id, changed: ['status', 'revoked_at'], traceId },
    ])
  })

  it('names an operator for what is done to keys and instances, and a seed', async () => {
    const { admin } = server.server
    const { id } = server.instance
    const key = await admin.createKey(id, { name: 'ci' })
    await admin.revokeKey(key.id)
    await admin.revokeKey(key.id)
    const signingKey = await admin.rotateSigningKey(id)
    await admin.seed(id, { instance: { rate_limits: { enabled: true } } })

    const operator = { actorKind: 'operator', actorId: 'admin', ipAddress: null, userAgent: null, traceId: null }
    const written = await entries()
    expect(written).toMatchObject([
      { ...operator, action: 'instance.created', targetId: id },
      { ...operator, action: 'secret_key.created', targetId: keyId },
      { ...operator, action: 'secret_key.created', targetId: key.id },
      { ...operator, action: 'secret_key.revoked', targetId: key.id },
      { ...operator, action: 'signing_key.rotated', targetId: signingKey.keyId },
      { ...operator, actorId: 'seed', action: 'instance.updated', targetId: id, changed: ['rate_limits'] },
    ])
    const everything = JSON.stringify(written)
    for (const secret of [key.secretKey, server.instance.secretKey]) expect(everything).not.toContain(secret)
  })

  it('names each of 64 callers rightly whose transactions share a tick', async () => {
    const { admin } = server.server
    const callers = await Promise.all(
      Array.from({ length: 64 }, async (_, index) => {
        const key = await admin.createKey(server.instance.id, { name: `key ${index}` })
        const userId = await createUser(`user${index}@example.com`)
        const origin = { ipAddress: `198.51.100.${index}`, userAgent: `agent/${index}` }
        return { keyId: key.id, key: key.secretKey, userId, origin }
      }),
    )
    const before = (await server.events()).length

    const answers = await Promise.all(
      callers.map(async ({ key, userId, origin }, index) => {
        const { status, traceId } = await send(
          'PATCH',
          `/users/${userId}`,
          { last_name: `${index}` },
          { key, ...origin },
        )
        return { status, traceId }
      }),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))

    const emitted = (await server.events()).slice(before)
    expect(emitted).toHaveLength(64)
    const written = await entries({ action: 'user.updated' })
    expect(written).toHaveLength(64)
    for (const [index, caller] of callers.entries()) {
      const { traceId } = answers[index]!
      const event = emitted.find(({ subjectId }) => subjectId === caller.userId)
      expect(event).toMatchObject({
        payload: { last_name: `${index}` },
        cause: { kind: 'secret_key', id: caller.keyId, ...caller.origin, traceId },
      })
      expect(written.find(({ targetId }) => targetId === caller.userId)).toMatchObject({
        actorKind: 'secret_key',
        actorId: caller.keyId,
        ...caller.origin,
        traceId,
      })
    }
  })

  it('has nothing of a change that is rolled back, and neither have the events', async () => {
    const id = await createUser()
    const [eventsBefore, entriesBefore] = [await server.events(), await entries()]
    // The first is banned, the second is unknown: none is banned.
    expect((await send('POST', '/users/ban', { user_ids: [id, 'user_zzz_unknown'] })).status).toBe(404)
    expect((await send('POST', '/email_addresses', { user_id: id, email_address: 'ada@example.com' })).status).toBe(422)

    expect(await server.events()).toEqual(eventsBefore)
    expect(await entries()).toEqual(entriesBefore)
  })

  it('has nothing of what changes nothing', async () => {
    const id = await createUser()
    await send('GET', `/users/${id}`)
    await send('GET', '/jwks')
    await send('PATCH', '/jwt_templates/jtmp_unknown', { name: 'a', claims: {} })
    expect((await requested()).map(({ action }) => action)).toEqual(['user.created'])
  })

  it('is of one instance', async () => {
    const other = await server.server.createInstance()
    const id = await createUser()
    expect((await entries({}, other.id)).map(({ action }) => action)).toEqual([
      'instance.created',
      'secret_key.created',
    ])
    await expect(entries({}, 'ins_unknown')).rejects.toThrow('There is no instance ins_unknown')
    expect(await entries({ targetId: id }, other.id)).toEqual([])
  })

  it('keeps entries for as long as it is told, and the job removes nothing else', async () => {
    const { instanceId, write } = await history()
    const now = server.clock.now()
    for (const age of [31 * DAY, 30 * DAY + 1, 30 * DAY, DAY, 0]) await write(now - age, `user_${age}`)
    const id = await createUser()
    const others = async () => ({
      events: await server.events(),
      users: await server.server.database.read.selectFrom('users').select('id').execute(),
      instances: await server.server.admin.listInstances(),
      keys: await server.server.admin.listKeys(instanceId),
    })
    const before = await others()

    vi.advanceTimersByTime(HOUR)
    const left = async () => (await entries({ action: 'test.done' })).map(({ targetId }) => targetId)
    await expect.poll(left).toEqual([`user_${30 * DAY}`, `user_${DAY}`, 'user_0'])
    expect(await entries({ targetId: id })).toHaveLength(1)
    expect(await others()).toEqual(before)
  })

  it('removes more old entries than fit into one statement', async () => {
    const { write } = await history()
    const now = server.clock.now()
    await write(now - 40 * DAY, 'old', 2100)
    await write(now, 'new')

    vi.advanceTimersByTime(HOUR)
    const left = async () => (await entries({ action: 'test.done' })).map(({ targetId }) => targetId)
    await expect.poll(left).toEqual(['new'])
  })

  it('is read page by page, each entry once, oldest first', async () => {
    const { write } = await history()
    const now = server.clock.now()
    // Two in a row at each time, and written in another order than they are dated.
    for (const age of [3, 1, 2]) await write(now - age, `age_${age}`, 2)
    const filter = { action: 'test.done' }
    const pages: string[][] = []
    let after: AuditEntryRecord | undefined
    do {
      const page: AuditEntryRecord[] = await server.server.admin.listAudit(server.instance.id, filter, {
        limit: 4,
        after,
      })
      pages.push(page.map(({ targetId }) => targetId))
      after = page.at(-1)
    } while (after)
    expect(pages).toEqual([['age_3', 'age_3', 'age_2', 'age_2'], ['age_1', 'age_1'], []])

    const latest = await server.server.admin.latestAudit(server.instance.id, filter, 3)
    expect(latest.map(({ targetId }) => targetId)).toEqual(['age_2', 'age_1', 'age_1'])
    expect(latest).toEqual((await entries(filter)).slice(-3))
  })

  it('is read by time, actor, action and target', async () => {
    const { write } = await history()
    const now = server.clock.now()
    for (const age of [30, 20, 10]) await write(now - age, `user_${age}`)
    const targets = async (filter: object) =>
      (await entries({ action: 'test.done', ...filter })).map(({ targetId }) => targetId)

    expect(await targets({ since: now - 20 })).toEqual(['user_20', 'user_10'])
    expect(await targets({ until: now - 20 })).toEqual(['user_30'])
    expect(await targets({ since: now - 20, until: now - 10 })).toEqual(['user_20'])
    expect(await targets({ actorId: 'a test' })).toEqual(['user_30', 'user_20', 'user_10'])
    expect(await targets({ actorId: keyId })).toEqual([])
    expect(await targets({ action: 'test.undone' })).toEqual([])
    expect(await targets({ targetId: 'user_20' })).toEqual(['user_20'])
  })

  /** Writes entries of the past. */
  async function history() {
    const { database } = server.server
    const instanceId = server.instance.id
    const caller = { kind: 'operator', name: 'a test', ipAddress: null, userAgent: null, traceId: null } as const
    let count = 0
    const ids = { next: (prefix: string) => `${prefix}_${instanceId}_${++count}` }
    const write = (time: number, targetId: string, times = 1) =>
      database.transaction(async (queries) => {
        const trail = new AuditTrail({ instanceId, database, ids, clock: { now: () => time } })
        for (let index = 0; index < times; index++) await trail.write('test.done', targetId, [], caller, queries)
      })
    return { instanceId, write }
  }
})

describe('entries of the audit trail', () => {
  const source = fileURLToPath(new URL('..', import.meta.url))
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.(test|test-support)\.ts$/.test(file))
    .map((file) => ({ file: file.replaceAll('\\', '/'), text: readFileSync(join(source, file), 'utf8') }))

  it('are only added, and removed: nothing changes one', () => {
    const { name } = auditEntries
    const writes = files.flatMap(({ file, text }) =>
      [
        ...text.matchAll(/\.(insertInto|updateTable|deleteFrom|replaceInto|mergeInto)\(\s*'(\w+)'/g),
        ...text.matchAll(/\b(insertRow|insertUnlessTaken)\(\{ table: (\w+)/g),
      ]
        .filter(([, , table]) => table === name || table === 'auditEntries')
        .map(([, verb]) => `${file} ${verb}`),
    )
    expect(writes).toEqual(['outbox/audit.ts deleteFrom', 'outbox/audit.ts insertRow'])
    const raw = files.filter(({ text }) => new RegExp(`(update|delete from|replace into)\\s+"?${name}`, 'i').test(text))
    expect(raw.map(({ file }) => file)).toEqual([])
  })

  it('are written by no general means: only their own file knows the table', () => {
    const users = files.filter(({ text }) => /\bauditEntries\b/.test(text)).map(({ file }) => file)
    expect(users.sort()).toEqual(['compose/tables.ts', 'outbox/audit.ts', 'outbox/events.table.ts'])
  })

  it('are explained in docs/audit.md: each kind of caller, and each action that no event is named after', () => {
    const page = readFileSync(join(source, '../../../docs/audit.md'), 'utf8')
    const explained = [...page.matchAll(/`([a-z0-9_]+\.?[a-z_]*)`/g)].map(([, name]) => name!)
    const caller = files.find(({ file }) => file === 'kernel/caller.ts')!.text
    const kinds = [...caller.matchAll(/^    case '(\w+)':$/gm)].map(([, kind]) => kind!)
    expect(kinds).toHaveLength(8)
    const actions = files.flatMap(({ text }) =>
      [...text.matchAll(/audit(?:\.write)?\(\s*(?:[\w.]+, )?(['`])([\w${}]+\.[\w${}]+)\1/g)].map(
        ([, , action]) => action!,
      ),
    )
    expect(new Set(actions).size).toBeGreaterThan(60)
    const missing = [...kinds, ...actions].filter((name) => {
      const form = new RegExp(`^${name.replaceAll(/\$\{\w+\}/g, '\\w+').replaceAll('.', '\\.')}$`)
      return !explained.some((known) => form.test(known))
    })
    expect(missing).toEqual([])
  })

  it('and events have no column for values or secrets', () => {
    expect(Object.keys(auditEntries.columns).sort()).toEqual(
      'action actorId actorKind changed createdAt id impersonatorId instanceId ipAddress sequence targetId traceId userAgent'.split(
        ' ',
      ),
    )
    expect(Object.keys(events.columns)).toContain('cause')
  })
})
