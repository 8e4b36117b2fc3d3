import { AsyncLocalStorage } from 'node:async_hooks'
import { createClerkClient } from '@latchkey/backend'
import { decodeJwt } from '@latchkey/crypto'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  callFrontend,
  openBrowser,
  openProductionBrowser,
  type ReachedServer,
  type TestBrowser,
} from '../browser.test-support.js'
import { createServer, type CreatedInstance, type Server } from '../index.js'
import { ENCRYPTION_KEY } from '../instances/tokens.test-support.js'
import { dialects, newMigratedDatabase } from '../server.test-support.js'

const EMAIL = 'ada@example.com'
const PASSWORD = 'analytical engine'
const CREDENTIALS = { identifier: EMAIL, password: PASSWORD }
/** Milliseconds in which a node learns of what another one has changed. */
const A_SECOND = 1000

const LOCKS = /for (update|no key update|share)/

/** With the clock of this machine: how soon a node learns of something is what counts. */
describe.runIf(dialects.includes('postgres'))('two nodes with one database', () => {
  let location: string
  let drop = async () => {}
  const nodes: Server[] = []
  let instance: CreatedInstance
  let client: ReturnType<typeof createClerkClient>
  let userId: string

  const open = async () => {
    const passwords = { memoryKib: 64, passes: 1 }
    const node = await createServer({ database: location, encryptionKey: ENCRYPTION_KEY, passwords })
    nodes.push(node)
    return node
  }
  /** As browsers reach one of the nodes. */
  const at = (node: number): ReachedServer => ({
    instance,
    fetch: (input, init) => nodes[node]!.fetch(new Request(input, init)),
  })
  const call = (node: number, { token }: TestBrowser, route: string, form: Record<string, unknown> = {}) =>
    callFrontend(at(node), route, {
      form,
      query: { __clerk_db_jwt: token },
      headers: { origin: 'http://localhost:3000' },
    })

  /** Of the instance, at the first node. */
  const newClient = () =>
    createClerkClient({ secretKey: instance.secretKey, apiUrl: 'http://api.test', fetch: at(0).fetch as typeof fetch })

  beforeAll(async () => {
    const database = await newMigratedDatabase('postgres')
    location = database.location
    drop = database.drop
    await open()
    await open()
  })
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.close()))
    await drop()
  })
  beforeEach(async () => {
    instance = await nodes[0]!.createInstance()
    client = newClient()
    userId = (await client.users.createUser({ emailAddress: [EMAIL], password: PASSWORD })).id
  })

  /** A browser that has signed in at the first node, and gets tokens from the second. */
  async function signedIn() {
    const browser = await openBrowser(at(0))
    const { body } = await call(0, browser, 'POST /client/sign_ins', CREDENTIALS)
    const sessionId = body.response.created_session_id as string
    const refresh = () => call(1, browser, `POST /client/sessions/${sessionId}/tokens`)
    expect((await refresh()).status).toBe(200)
    return { browser, sessionId, refresh }
  }

  it.each<[string, (at: { browser: TestBrowser; sessionId: string }) => Promise<unknown>]>([
    ['the user is deleted', () => client.users.deleteUser(userId)],
    ['the user is banned', () => client.users.banUser(userId)],
    ['the session is revoked', ({ sessionId }) => client.sessions.revokeSession(sessionId)],
    ['the person signs out', ({ browser }) => call(0, browser, 'DELETE /client/sessions')],
    [
      'an application changes the password and ends the sessions',
      () => client.users.updateUser(userId, { password: 'a quiet harbour', signOutOfOtherSessions: true }),
    ],
    [
      'the person changes the password in another browser and ends the others',
      async () => {
        const other = await openBrowser(at(0))
        await call(0, other, 'POST /client/sign_ins', CREDENTIALS)
        const form = { current_password: PASSWORD, new_password: 'a quiet harbour', sign_out_of_other_sessions: true }
        expect((await call(0, other, 'POST /me/change_password', form)).status).toBe(200)
      },
    ],
  ])('refuse the next token within a second once %s', async (_, end) => {
    const { browser, sessionId, refresh } = await signedIn()
    await end({ browser, sessionId })
    await vi.waitFor(async () => expect((await refresh()).status).toBeGreaterThanOrEqual(400), {
      timeout: A_SECOND,
      interval: 20,
    })
    const { status, body } = await refresh()
    expect([401, 404]).toContain(status)
    expect(body.jwt).toBeUndefined()
  })

  it('hold a session within a second of a setting that asks for something, and tell the application once', async () => {
    const { browser, sessionId } = await signedIn()
    const status = async (node: number) => {
      const { body } = await call(node, browser, `POST /client/sessions/${sessionId}/tokens`)
      return decodeJwt(body.jwt as string).payload['sts']
    }
    await nodes[1]!.database.transaction((tx) =>
      tx
        .updateTable('instances')
        .set({ settings: JSON.stringify({ signUp: { mfaRequired: true } }), updated_at: Date.now() })
        .where('id', '=', instance.id)
        .execute(),
    )
    // One node notices first: the other one must not take it back.
    await client.instance.updateOrganizationSettings({})
    expect(await status(0)).toBe('pending')
    expect(await status(1)).toBe('pending')
    expect(await status(0)).toBe('pending')
    const told = await nodes[0]!.database.read
      .selectFrom('events')
      .select('type')
      .where('subject_id', '=', sessionId)
      .orderBy('sequence')
      .execute()
    expect(told.map(({ type }) => type)).toEqual(['session.created', 'session.pending'])
  })

  it('count wrong passwords together, and remember a lock across a restart', async () => {
    const browsers = [await openBrowser(at(0)), await openBrowser(at(1))]
    for (let tries = 0; tries < 10; tries++) {
      const form = { ...CREDENTIALS, password: 'wrong' }
      const { status } = await call(tries % 2, browsers[tries % 2]!, 'POST /client/sign_ins', form)
      expect(status, `try ${tries}`).toBe(422)
    }
    await open()
    for (const node of nodes.keys()) {
      const browser = await openBrowser(at(node))
      const { status, body } = await call(node, browser, 'POST /client/sign_ins', CREDENTIALS)
      expect([status, body.errors[0].code]).toEqual([403, 'user_locked'])
    }
    await nodes.pop()!.close()
  })

  it('count the five tries of a code together, and remember them across a restart', async () => {
    const browser = await openBrowser(at(0))
    const begun = await call(0, browser, 'POST /client/sign_ins', { identifier: EMAIL, strategy: 'email_code' })
    const guess = (node: number) =>
      call(node, browser, `POST /client/sign_ins/${begun.body.response.id}/attempt_first_factor`, {
        strategy: 'email_code',
        code: 'no code',
      })
    const codes = []
    for (const node of [0, 1, 0]) codes.push((await guess(node)).body.errors[0].code)
    await open()
    for (const node of [2, 2, 2]) codes.push((await guess(node)).body.errors[0].code)
    expect(codes).toEqual([...Array.from({ length: 5 }, () => 'form_code_incorrect'), 'verification_failed'])
    await nodes.pop()!.close()
  })

  it('take a ticket once, of 64 that come with it to either', async () => {
    const { token: ticket } = await client.signInTokens.createSignInToken({ userId })
    const browsers = await Promise.all(Array.from({ length: 64 }, (_, index) => openBrowser(at(index % 2))))
    const answers = await Promise.all(
      browsers.map((browser, index) =>
        call(index % 2, browser, 'POST /client/sign_ins', { strategy: 'ticket', ticket }),
      ),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  it.each([
    ['POST /client/sign_ins', 5],
    ['POST /client/sign_ups', 5],
    ['POST /client/sign_ins/sia_none/attempt_first_factor', 3],
    ['POST /client/sign_ins/sia_none/attempt_second_factor', 3],
    ['POST /client/sign_ups/sua_none/attempt_verification', 3],
  ])('share the limits of an address: %s %i times', async (route, max) => {
    const frontendHost = `clerk.two-nodes-${instance.id.toLowerCase().replaceAll('_', '-')}.example`
    instance = await nodes[0]!.createInstance({ environmentType: 'production', frontendHost })
    const statuses = []
    for (let calls = 0; calls <= max; calls++) {
      const { status } = await callFrontend(at(calls % 2), route, { form: { strategy: 'password' } })
      statuses.push(status)
    }
    expect(statuses.map((status) => status === 429)).toEqual([...Array.from({ length: max }, () => false), true])
  })

  /** The statements that answering sends, without what the nodes' own work asks meanwhile. */
  async function statementsOf(work: () => Promise<{ status: number }>) {
    const sent: string[] = []
    const request = new AsyncLocalStorage<true>()
    const { query: original } = pg.Client.prototype
    const query = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
      this: pg.Client,
      ...given: unknown[]
    ) {
      const [statement] = given as [{ text: string }]
      if (request.getStore()) sent.push(statement.text)
      return Reflect.apply(original, this, given)
    } as never)
    try {
      expect((await request.run(true, work)).status).toBe(200)
    } finally {
      query.mockRestore()
    }
    return sent
  }

  it('read one row for a token in development, and lock nothing', async () => {
    const { refresh } = await signedIn()
    const sent = await statementsOf(refresh)
    expect(sent).toEqual([expect.stringMatching(/^select json_build_array\(clients\.id, .* "dev_browser_hash" = /s)])
    expect(sent.join()).not.toMatch(LOCKS)
  })

  it('read one row for a token in production, with the organization that is active in it', async () => {
    const frontendHost = `clerk.one-row-${instance.id.toLowerCase().replaceAll('_', '-')}.example`
    instance = await nodes[0]!.createInstance({ environmentType: 'production', frontendHost })
    client = newClient()
    const { id } = await client.users.createUser({ emailAddress: [EMAIL], password: PASSWORD })
    await client.instance.updateOrganizationSettings({ enabled: true })
    const organization = await client.organizations.createOrganization({ name: 'Acme', createdBy: id })
    const browser = openProductionBrowser(at(1), `https://${frontendHost.replace('clerk.', '')}`)
    const { body } = await browser.call('POST /client/sign_ins', { form: CREDENTIALS })
    const sessionId = body.response.created_session_id as string
    const chosen = { active_organization_id: organization.id }
    await browser.call(`POST /client/sessions/${sessionId}/touch`, { form: chosen })

    let jwt = ''
    const ask = async () => {
      const form = { organization_id: organization.id }
      const answer = await browser.call(`POST /client/sessions/${sessionId}/tokens`, { form })
      jwt = answer.body.jwt
      return answer
    }
    const sent = await statementsOf(ask)
    expect(sent).toEqual([
      expect.stringMatching(/^select json_build_array\(clients\.id, .* from "clients" where .*"id" = /s),
    ])
    expect(sent.join()).not.toMatch(LOCKS)
    expect(decodeJwt(jwt).payload).toMatchObject({ o: { id: organization.id, rol: 'admin' } })
    await client.organizations.deleteOrganization(organization.id)
    const left = await browser.call(`POST /client/sessions/${sessionId}/tokens`, { form: {} })
    expect(decodeJwt(left.body.jwt).payload).not.toHaveProperty('o')
  })
})
