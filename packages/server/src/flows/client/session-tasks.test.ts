import { createClerkClient as createOfficialClient } from '@clerk/backend'
import { createClerkClient } from '@latchkey/backend'
import { decodeJwt } from '@latchkey/crypto'
import { describe, expect, it, vi } from 'vitest'
import { itWithContract } from '../../../../../tests/contract/contract.test-support.js'
import { typesAsDescribed } from '../../described-events.test-support.js'
import type { SettingsChange } from '../../instances/settings/settings.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { impersonate, signedIn, signInAs, type Person } from '../account/account.test-support.js'
import { totpAt } from '../profile-security/profile-security.test-support.js'
import { configure, reconfigure, TOTP_SECRET } from '../sign-in/sign-in.test-support.js'

const FACTOR_REQUIRED: SettingsChange = { signUp: { mfaRequired: true } }
const ORGANIZATION_REQUIRED: SettingsChange = { organizations: { enabled: true, personalAccountsEnabled: false } }
const ACTIVE = { status: 'active', tasks: null }
const pendingWith = (...keys: string[]) => ({ status: 'pending', tasks: keys.map((key) => ({ key })) })
const RACERS = 32

describe.each(dialects)('a session that is open on %s', (dialect) => {
  const server = useTestServer(dialect)

  const change = (settings: SettingsChange) => reconfigure(server, settings)
  const token = async ({ call, sessionId }: Person) => {
    const { body } = await call(`POST /client/sessions/${sessionId}/tokens`, { form: {} })
    return decodeJwt(body.jwt as string).payload['sts']
  }
  const shown = async ({ browser }: Person) => {
    const [{ status, tasks }] = (await browser.client()).sessions
    return { status, tasks }
  }
  const told = async ({ sessionId }: Person) =>
    (await server.events()).filter(({ subjectId }) => subjectId === sessionId).map(({ type }) => type)

  it('waits from the next token on when a setting asks for something, and goes on when it no longer does', async () => {
    const first = await signedIn(server)
    const second = await signInAs(server, first.userId)
    await change(FACTOR_REQUIRED)
    expect([await token(first), await token(second)]).toEqual(['pending', 'pending'])
    for (const person of [first, second]) expect(await shown(person)).toEqual(pendingWith('setup-mfa'))
    await change({})
    for (const person of [first, second]) expect(await shown(person)).toEqual(ACTIVE)
    expect([await token(first), await token(second)]).toEqual(['active', 'active'])
  })

  it('waits with claims of version 1 too, which say nothing of sessions that are active', async () => {
    const claimsVersion: SettingsChange = { session: { claimsVersion: 1 } }
    await change(claimsVersion)
    const person = await signedIn(server)
    const { secretKey, publishableKey, id } = server.instance
    // The server's clock stands still, those of the SDKs do not.
    const clockSkewInMs = 24 * 60 * 60 * 1000
    const options = { secretKey, publishableKey, jwtKey: await server.server.admin.jwtKey(id) }
    const ours = createClerkClient(options)
    const official = createOfficialClient({ ...options, telemetry: { disabled: true } })
    const ask = async () => {
      const { body } = await person.call(`POST /client/sessions/${person.sessionId}/tokens`, { form: {} })
      const request = () => new Request('http://localhost:3000/', { headers: { authorization: `Bearer ${body.jwt}` } })
      const states = [
        await ours.authenticateRequest(request(), { clockSkewInMs }),
        await official.authenticateRequest(request(), { clockSkewInMs }),
      ]
      return {
        claims: decodeJwt(body.jwt as string).payload,
        userIds: states.map((state) => state.toAuth()?.userId ?? null),
      }
    }
    const active = await ask()
    expect(active.claims).toMatchObject({ sid: person.sessionId, sub: person.userId })
    for (const name of ['v', 'jti', 'sts']) expect(active.claims).not.toHaveProperty(name)
    expect(active.userIds).toEqual([person.userId, person.userId])
    await change({ ...claimsVersion, ...FACTOR_REQUIRED })
    const pending = await ask()
    expect(pending.claims).toEqual({ ...active.claims, sts: 'pending' })
    expect(pending.userIds).toEqual([null, null])
  })

  it('is shown alike to applications before its browser has asked', async () => {
    const person = await signedIn(server)
    await change(FACTOR_REQUIRED)
    const { userId, sessionId: id } = person
    expect(await server.client.sessions.getSession(id)).toMatchObject(pendingWith('setup-mfa'))
    const list = async (status: 'active' | 'pending') =>
      (await server.client.sessions.getSessionList({ userId, status })).data
    expect(await list('active')).toEqual([])
    expect(await list('pending')).toMatchObject([{ id, ...pendingWith('setup-mfa') }])
    const { clientId } = await server.client.sessions.getSession(id)
    expect((await server.client.clients.getClient(clientId)).sessions).toMatchObject([pendingWith('setup-mfa')])
    expect(await told(person)).toEqual(['session.created'])
  })

  itWithContract('tells applications once of each change, whoever asks and how often', async () => {
    const person = await signedIn(server)
    const ask = () => Promise.all(Array.from({ length: 8 }, (_, at) => (at % 2 === 0 ? token(person) : shown(person))))
    await change(FACTOR_REQUIRED)
    server.clock.advance(1000)
    await ask()
    await ask()
    const { updatedAt } = await server.client.sessions.getSession(person.sessionId)
    expect(updatedAt).toBe(server.clock.now())
    await change({})
    await ask()
    expect(await told(person)).toEqual(['session.created', 'session.pending', 'session.created'])
    const events = (await server.events()).filter(({ type }) => type.startsWith('session.'))
    expect(typesAsDescribed(events)).toHaveLength(3)
    expect(events.map(({ payload }) => (payload as { status: string }).status)).toEqual(['active', 'pending', 'active'])
  })

  it('waits at once when an administrator marks the password, without a sign-out', async () => {
    const first = await signedIn(server)
    const second = await signInAs(server, first.userId)
    await server.client.users.setPasswordCompromised(first.userId, { revokeAllSessions: false })
    for (const person of [first, second]) {
      expect(await told(person)).toEqual(['session.created', 'session.pending'])
      expect(await token(person)).toBe('pending')
      expect(await shown(person)).toEqual(pendingWith('reset-password'))
    }
  })

  it('goes on in every browser once the person has done in one what is due', async () => {
    await configure(server, FACTOR_REQUIRED)
    const first = await signedIn(server)
    const second = await signInAs(server, first.userId)
    await server.client.users.setPasswordCompromised(first.userId, { revokeAllSessions: false })
    await first.call('POST /me/change_password', { form: { new_password: 'difference engine' } })
    expect([await token(second), await shown(second)]).toEqual(['pending', pendingWith('setup-mfa')])
    const { secret } = (await first.call('POST /me/totp', { form: {} })).body.response
    const form = { code: totpAt(server.clock.now(), secret as string) }
    expect((await first.call('POST /me/totp/attempt_verification', { form })).status).toBe(200)
    expect([await token(second), await shown(second)]).toEqual(['active', ACTIVE])
    await server.client.users.disableUserMFA(first.userId)
    for (const person of [first, second]) expect(await token(person)).toBe('pending')
  })

  it('waits when its organization is deleted, where one has to be chosen', async () => {
    await configure(server, ORGANIZATION_REQUIRED)
    const person = await signedIn(server)
    const { id } = await server.client.organizations.createOrganization({ name: 'Tea', createdBy: person.userId })
    await person.call(`POST /client/sessions/${person.sessionId}/touch`, { form: { active_organization_id: id } })
    expect(await token(person)).toBe('active')
    await server.client.organizations.deleteOrganization(id)
    expect(await told(person)).toEqual(['session.pending', 'session.created', 'session.pending'])
    expect([await token(person), await shown(person)]).toEqual(['pending', pendingWith('choose-organization')])
  })

  it('waits for an organization of its own, though a token is asked for with one', async () => {
    await configure(server, ORGANIZATION_REQUIRED)
    const person = await signedIn(server)
    const { id } = await server.client.organizations.createOrganization({ name: 'Tea', createdBy: person.userId })
    const form = { organization_id: id }
    const { body } = await person.call(`POST /client/sessions/${person.sessionId}/tokens`, { form })
    expect(decodeJwt(body.jwt as string).payload).toMatchObject({ sts: 'pending', o: { id } })
  })

  it('waits for nothing if somebody else acts in it', async () => {
    const person = await signedIn(server)
    await impersonate(server, person)
    await change({ ...FACTOR_REQUIRED, ...ORGANIZATION_REQUIRED })
    await server.client.users.setPasswordCompromised(person.userId, { revokeAllSessions: false })
    expect([await token(person), await shown(person)]).toEqual(['active', ACTIVE])
    const { data } = await server.client.sessions.getSessionList({ userId: person.userId, status: 'active' })
    expect(data.map(({ id }) => id)).toEqual([person.sessionId])
  })

  it('is settled by one write, and the next token writes nothing', async () => {
    const person = await signedIn(server)
    await change(FACTOR_REQUIRED)
    const transaction = vi.spyOn(server.server.database, 'transaction')
    try {
      await token(person)
      expect(transaction).toHaveBeenCalledTimes(1)
      await token(person)
      await shown(person)
      expect(transaction).toHaveBeenCalledTimes(1)
    } finally {
      transaction.mockRestore()
    }
  })

  it('says the same to all who ask while the password is marked and unmarked', async () => {
    const first = await signedIn(server)
    const second = await signInAs(server, first.userId)
    const { users } = server.client
    const touch = ({ call, sessionId }: Person) => call(`POST /client/sessions/${sessionId}/touch`, { form: {} })
    for (const mark of ['setPasswordCompromised', 'unsetPasswordCompromised', 'setPasswordCompromised'] as const) {
      const racers = Array.from({ length: RACERS }, (_, at) => (at % 2 === 0 ? touch(first) : touch(second)))
      await Promise.all([...racers, users[mark](first.userId)])
    }
    for (const person of [first, second]) {
      expect([await token(person), await shown(person)]).toEqual(['pending', pendingWith('reset-password')])
      expect(await told(person)).toEqual(['session.created', 'session.pending', 'session.created', 'session.pending'])
    }
  })

  it.each([
    ['a second factor', FACTOR_REQUIRED, ['session.created'], ACTIVE],
    ['a password that others may know', {}, ['session.created', 'session.pending'], pendingWith('reset-password')],
  ] as const)(
    'is right as soon as somebody asks, though a program before this one has not noted %s',
    async (what, settings, events, answer) => {
      const person = await signedIn(server)
      const { users } = server.client
      if (what === 'a second factor') await users.updateUser(person.userId, { totpSecret: TOTP_SECRET })
      else await users.setPasswordCompromised(person.userId, { revokeAllSessions: false })
      await server.server.database.transaction((tx) =>
        tx
          .updateTable('sessions')
          .set({ password_compromised: 0, has_second_factor: 0 })
          .where('id', '=', person.sessionId)
          .execute(),
      )
      await change(settings)
      expect(await token(person)).toBe(answer.status)
      expect(await shown(person)).toEqual(answer)
      expect(await told(person)).toEqual(events)
    },
  )
})
