import { describe, expect, it } from 'vitest'
import { openBrowser } from '../browser.test-support.js'
import { ADA, newAda, openSignIn, PASSWORD } from '../flows/sign-in/sign-in.test-support.js'
import { ENCRYPTION_KEY } from '../resources/users/user-parts.test-support.js'
import { dialects, useTestServer } from '../server.test-support.js'
import { removals } from './removals.js'

const DAY = 24 * 60 * 60 * 1000

describe.each(dialects)('rows past their use on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })
  const run = async () => {
    for (const job of removals(server.server.database)) await job.run(server.clock.now())
  }
  const count = async (table: 'clients' | 'sign_ins' | 'sign_ups' | 'verifications') =>
    (
      await server.server.database.read
        .selectFrom(table)
        .select('id')
        .where('instance_id', '=', server.instance.id)
        .execute()
    ).length
  const counts = async () => ({
    clients: await count('clients'),
    signIns: await count('sign_ins'),
    signUps: await count('sign_ups'),
    verifications: await count('verifications'),
  })

  it('are removed: attempts and codes a week after they ended, browsers in which nobody signed in after a month', async () => {
    await newAda(server)
    const visitor = await openSignIn(server)
    const { id } = (await visitor.create({ identifier: ADA, strategy: 'email_code' })).body.response
    const stranger = await openBrowser(server)
    await stranger.call('POST /client/sign_ups', { form: { email_address: 'bob@example.com' } })
    await openBrowser(server)
    expect(await counts()).toEqual({ clients: 3, signIns: 1, signUps: 1, verifications: 1 })

    server.clock.advance(7 * DAY)
    await run()
    expect(await counts()).toMatchObject({ clients: 3, signIns: 1, signUps: 1 })
    expect((await visitor.get(id)).status).toBe(404)
    server.clock.advance(DAY + 1)
    await run()
    expect(await counts()).toEqual({ clients: 3, signIns: 0, signUps: 0, verifications: 0 })
    server.clock.advance(22 * DAY)
    await run()
    expect(await counts()).toMatchObject({ clients: 0 })
    expect((await visitor.call('GET /client')).status).toBe(401)
  })

  it('are not those of people: a browser with a session, also an old one, and a sign-up that made a user stay', async () => {
    await newAda(server)
    const browser = await openSignIn(server)
    await browser.create({ identifier: ADA, password: PASSWORD })
    const { body } = await server.call('POST', '/users', { email_address: ['bob@example.com'], password: PASSWORD })
    expect(body.id).toBeDefined()
    const other = await openBrowser(server)
    const form = { email_address: 'carol+clerk_test@example.com', password: PASSWORD }
    const begun = (await other.call('POST /client/sign_ups', { form })).body.response
    const path = `/client/sign_ups/${begun.id}`
    await other.call(`POST ${path}/prepare_verification`, { form: { strategy: 'email_code' } })
    const attempt = { form: { strategy: 'email_code', code: '424242' } }
    const done = await other.call(`POST ${path}/attempt_verification`, attempt)
    expect(done.body.response.status).toBe('complete')

    server.clock.advance(400 * DAY)
    await run()
    expect(await counts()).toEqual({ clients: 2, signIns: 0, signUps: 1, verifications: 0 })
  })

  it('of one that is begun again meanwhile stay', async () => {
    const visitor = await openSignIn(server)
    server.clock.advance(31 * DAY)
    await visitor.create()
    await run()
    expect(await counts()).toMatchObject({ clients: 1, signIns: 1 })
  })
})
