import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { openBrowser, type TestBrowser } from '../../browser.test-support.js'
import { ADA, configure, newAda, PASSWORD } from '../../flows/sign-in/sign-in.test-support.js'
import { createServer } from '../../index.js'
import { ENCRYPTION_KEY } from '../../instances/tokens.test-support.js'
import { dialects, newMigratedDatabase, StillClock, useTestServer } from '../../server.test-support.js'
import type { Database } from '../../storage/database.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** Opens a transaction that has changed the row of the session, and keeps it open. @returns what ends it */
async function hold(database: Database, id: string): Promise<() => Promise<void>> {
  let end = () => {}
  const ended = new Promise<void>((resolve) => (end = resolve))
  let held: Promise<void> | undefined
  await new Promise<void>((resolve) => {
    held = database.patient.transaction(async (queries) => {
      await queries.updateTable('sessions').set({ last_active_at: 1 }).where('id', '=', id).execute()
      resolve()
      await ended
    })
  })
  return () => {
    end()
    return held!
  }
}

const signIn = async (browser: TestBrowser, form: object = { identifier: ADA, password: PASSWORD }) =>
  (await browser.call('POST /client/sign_ins', { form: { ...form } })).body.response.created_session_id as string
const ask = ({ call }: TestBrowser, id: string) => call(`POST /client/sessions/${id}/tokens`, { form: {} })

describe.each(dialects)('the note of an activity on %s', (dialect) => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-activity-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  // In memory SQLite has one connection, and everything waits for everything.
  const server = useTestServer(dialect, dialect === 'sqlite' ? { database: join(folder, 'notes.db') } : {})
  afterEach(() => vi.restoreAllMocks())

  const abandonAt = async (id: string) => (await server.client.sessions.getSession(id)).abandonAt
  const openSession = async () => {
    await configure(server, { session: { inactivitySeconds: HOUR / 1000 } })
    const { id: userId } = await newAda(server)
    const browser = await openBrowser(server)
    return { userId, browser }
  }
  const own = async () => {
    const { browser } = await openSession()
    return { browser, id: await signIn(browser), minutes: 60 }
  }
  const impersonated = async () => {
    const { userId, browser } = await openSession()
    const { token } = await server.client.actorTokens.create({
      userId,
      actor: { sub: 'user_x' },
      expiresInSeconds: 600,
    })
    return { browser, id: await signIn(browser, { strategy: 'ticket', ticket: token }), minutes: 10 }
  }

  it.each([
    ['of their own', own],
    ['of somebody who acts for them', impersonated],
  ])('delays no token of a session %s while other work holds it, and is written once after that', async (_, open) => {
    const { browser, id, minutes } = await open()
    server.clock.advance(4 * MINUTE)
    const end = await hold(server.server.database, id)
    const write = vi.spyOn(server.server.database, 'transaction')
    for (let times = 0; times < 3; times++) expect((await ask(browser, id)).status).toBe(200)
    expect(write).toHaveBeenCalledTimes(1)
    await end()
    await expect.poll(() => abandonAt(id)).toBe(server.clock.now() + minutes * MINUTE)
  })

  it('is left to the next request where it fails', async () => {
    const { browser, id } = await own()
    server.clock.advance(4 * MINUTE)
    const before = await abandonAt(id)
    vi.spyOn(server.server.database, 'transaction').mockRejectedValueOnce(new Error('the disk is full'))
    expect((await ask(browser, id)).status).toBe(200)
    expect(await abandonAt(id)).toBe(before)
    server.clock.advance(MINUTE)
    await expect
      .poll(async () => {
        expect((await ask(browser, id)).status).toBe(200)
        return abandonAt(id)
      })
      .toBe(server.clock.now() + HOUR)
  })

  it('is finished by a server that closes', async () => {
    const { location, drop } = await newMigratedDatabase(dialect)
    const database = dialect === 'sqlite' ? join(folder, 'closing.db') : location
    const clock = new StillClock(Date.now())
    const open = () =>
      createServer({ database, clock, encryptionKey: ENCRYPTION_KEY, passwords: { memoryKib: 64, passes: 1 } })
    const first = await open()
    const instance = await first.createInstance()
    const users = [{ email_addresses: [{ email_address: ADA }], password: PASSWORD }]
    await first.admin.seed(instance.id, { users })
    const reached = {
      instance,
      fetch: (input: RequestInfo | URL, init?: RequestInit) => first.fetch(new Request(input, init)),
    }
    const browser = await openBrowser(reached)
    const id = await signIn(browser)
    clock.advance(24 * HOUR)
    const end = await hold(first.database, id)
    expect((await ask(browser, id)).status).toBe(200)
    const closed = first.close()
    await end()
    await closed
    const second = await open()
    const row = await second.database.read
      .selectFrom('sessions')
      .select('abandon_at')
      .where('id', '=', id)
      .executeTakeFirst()
    await second.close()
    await drop()
    expect(row!.abandon_at).toBe(clock.now() + 7 * 24 * HOUR)
  })
})
