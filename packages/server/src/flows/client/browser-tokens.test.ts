import { setTimeout as sleep } from 'node:timers/promises'
import { decodeJwt } from '@latchkey/crypto'
import { describe, expect, it, vi } from 'vitest'
import { callFrontend, shakeHands } from '../../browser.test-support.js'
import type { SettingsChange } from '../../instances/settings/settings.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { signInAs, type Person } from '../account/account.test-support.js'
import { PASSWORD, reconfigure } from '../sign-in/sign-in.test-support.js'

const ORGANIZATIONS: SettingsChange = { organizations: { enabled: true } }
const ADA = 'ada@example.com'
const GRACE = 'grace@example.com'
/** Milliseconds after which a node no longer trusts what it has read with the browser. */
const STALE = 1100

describe.each(dialects)('the token of a browser on %s', (dialect) => {
  const server = useTestServer(dialect)

  /** Ada, an admin, and Grace, a member, each with the organization active in a browser of their own. */
  const colleagues = async (settings = ORGANIZATIONS) => {
    await reconfigure(server, settings)
    const { users, organizations } = server.client
    const ids = []
    for (const address of [ADA, GRACE])
      ids.push((await users.createUser({ emailAddress: [address], password: PASSWORD })).id)
    const { id } = await organizations.createOrganization({ name: 'Acme', createdBy: ids[0]! })
    await organizations.createOrganizationMembership({ organizationId: id, userId: ids[1]!, role: 'org:member' })
    const ada = await signInAs(server, ids[0]!, ADA)
    const grace = await signInAs(server, ids[1]!, GRACE)
    for (const { call, sessionId } of [ada, grace])
      await call(`POST /client/sessions/${sessionId}/touch`, { form: { active_organization_id: id } })
    return { ada, grace, organizationId: id }
  }
  const tokenOf = ({ call, sessionId }: Person, form: Record<string, unknown> = {}) =>
    call(`POST /client/sessions/${sessionId}/tokens`, { form })
  const organizationIn = (jwt: string) => {
    const { o, fea } = decodeJwt(jwt).payload
    return { o, fea }
  }
  const shown = async (person: Person, form?: Record<string, unknown>) =>
    organizationIn((await tokenOf(person, form)).body.jwt)
  const remove = (organizationId: string, { userId }: Person) =>
    server.client.organizations.deleteOrganizationMembership({ organizationId, userId })

  it('says of each member what the Backend API says, through every change', async () => {
    const { ada, grace, organizationId } = await colleagues()
    const { organizations, organizationPermissions, organizationRoles } = server.client
    const agree = async () => {
      const all = []
      for (const person of [ada, grace]) {
        const { body } = await server.call('POST', `/sessions/${person.sessionId}/tokens`)
        const told = organizationIn(body.jwt)
        for (const form of [{}, { organization_id: organizationId }])
          expect(await shown(person, told.o ? form : {})).toEqual(told)
        all.push(told)
      }
      return all
    }
    expect(await agree()).toMatchObject([
      { o: { id: organizationId, rol: 'admin' } },
      { o: { id: organizationId, rol: 'member' } },
    ])
    const permissions = []
    for (const key of ['org:reports:read', 'org:reports:write'])
      permissions.push((await organizationPermissions.createOrganizationPermission({ name: key, key })).id)
    await organizationRoles.createOrganizationRole({
      name: 'Editor',
      key: 'org:editor',
      permissions,
      includeInInitialRoleSet: true,
    })
    const change = (role: string) =>
      organizations.updateOrganizationMembership({ organizationId, userId: grace.userId, role })
    await change('org:editor')
    expect((await agree())[1]).toMatchObject({ o: { rol: 'editor', per: 'read,write', fpm: '3' }, fea: 'o:reports' })
    await change('org:admin')
    expect((await agree())[1]).toMatchObject({ o: { rol: 'admin' } })
    await remove(organizationId, grace)
    expect(await agree()).toMatchObject([{ o: { rol: 'admin' } }, { o: undefined }])
  })

  /** Grace's session, stored as pending though nothing is due any more: whoever asks makes it active first, meanwhile `work` is done. */
  const whileSettled = async (work: (organizationId: string, person: Person) => Promise<unknown>) => {
    const { grace, organizationId } = await colleagues({ ...ORGANIZATIONS, signUp: { mfaRequired: true } })
    await reconfigure(server, ORGANIZATIONS)
    const { database } = server.server
    const transaction = database.transaction.bind(database)
    const settling = vi.spyOn(database, 'transaction').mockImplementationOnce(async (inside) => {
      await work(organizationId, grace)
      return transaction(inside)
    })
    return { grace, settling }
  }
  const revoke = (_: string, { sessionId }: Person) => server.client.sessions.revokeSession(sessionId)

  it.each([
    ['that is left', remove],
    ['that is gone', (id: string) => server.client.organizations.deleteOrganization(id)],
  ])('names no organization %s while the session is settled', async (_, work) => {
    const { grace, settling } = await whileSettled(work)
    expect(await shown(grace)).toEqual({})
    expect(settling).toHaveBeenCalled()
  })

  it('is refused where the session is revoked while it is settled', async () => {
    const { grace, settling } = await whileSettled(revoke)
    expect((await tokenOf(grace)).status).toBe(404)
    expect(settling).toHaveBeenCalled()
  })

  it('is not shown where the session is revoked while it is settled', async () => {
    const { grace, settling } = await whileSettled(revoke)
    const { sessions } = await grace.browser.client()
    expect(sessions).toMatchObject([{ status: 'revoked', last_active_token: null }])
    expect(settling).toHaveBeenCalled()
  })

  it('is taken away by a handshake where the session is revoked while it is settled', async () => {
    const { grace, settling } = await whileSettled(revoke)
    const { cookies } = await shakeHands(server, grace.browser)
    expect([cookies.get('__session'), cookies.get('__client_uat')]).toEqual(['', '0'])
    expect(settling).toHaveBeenCalled()
  })

  it.each([
    ['an organization that is left', remove],
    ['a session that is revoked', revoke],
  ])('is refused for %s while the request takes more than a second to come', async (_, meanwhile) => {
    const { grace, organizationId } = await colleagues()
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        await sleep(STALE)
        await meanwhile(organizationId, grace)
        controller.enqueue(new TextEncoder().encode(`organization_id=${organizationId}`))
        controller.close()
      },
    })
    const headers = { origin: 'http://localhost:3000', 'content-type': 'application/x-www-form-urlencoded' }
    const late = (url: URL, init: RequestInit) =>
      server.fetch(url, { ...init, headers, body, duplex: 'half' } as RequestInit)
    const { status } = await callFrontend(
      { instance: server.instance, fetch: late as typeof server.fetch },
      `POST /client/sessions/${grace.sessionId}/tokens`,
      { query: { __clerk_db_jwt: grace.browser.token } },
    )
    expect(status).toBe(404)
  })
})
