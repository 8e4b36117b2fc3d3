import { describe, expect, it } from 'vitest'
import type { Answer } from '../../browser.test-support.js'
import { totpAt } from '../../factors/factors.test-support.js'
import { ENCRYPTION_KEY } from '../../resources/users/user-parts.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { ADA, configure, lastCode, newAda, openSignIn, PASSWORD, TOTP_SECRET } from './sign-in.test-support.js'

const RACERS = 64

describe.each(dialects)('64 requests at once of a sign-in on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })
  const race = (call: (at: number) => Promise<Answer>) =>
    Promise.all(Array.from({ length: RACERS }, (_, at) => call(at)))
  const won = (answers: readonly Answer[]) => answers.filter(({ status }) => status === 200)
  const sessionsOf = async (userId: string) =>
    (await server.client.sessions.getSessionList({ userId, limit: 100 })).data.length

  it('spend a code once', async () => {
    const ada = await newAda(server)
    const browser = await openSignIn(server)
    const { id } = (await browser.create({ identifier: ADA, strategy: 'email_code' })).body.response
    const form = { strategy: 'email_code', code: await lastCode(server) }
    const answers = await race(() => browser.step(id, 'attempt_first_factor', form))
    expect(won(answers)).toHaveLength(1)
    expect(await sessionsOf(ada.id)).toBe(1)
  })

  it('count every wrong code before it is compared (mistake 31)', async () => {
    const ada = await newAda(server)
    const browser = await openSignIn(server)
    const { id } = (await browser.create({ identifier: ADA, strategy: 'email_code' })).body.response
    const code = await lastCode(server)
    const wrong = Array.from({ length: RACERS }, (_, at) => String(at).padStart(6, '0')).filter(
      (guess) => guess !== code,
    )
    const answers = await Promise.all(
      wrong.map((guess) => browser.step(id, 'attempt_first_factor', { strategy: 'email_code', code: guess })),
    )
    expect(answers.filter(({ body }) => body.errors?.[0].code === 'form_code_incorrect')).toHaveLength(5)
    expect(won(answers)).toEqual([])
    const late = await browser.step(id, 'attempt_first_factor', { strategy: 'email_code', code })
    expect(late.body.errors).toMatchObject([{ code: 'verification_failed' }])
    expect((await server.call('GET', `/users/${ada.id}`)).body.verification_attempts_remaining).toBe(5)
  })

  it('send a code once', async () => {
    await newAda(server)
    const browser = await openSignIn(server)
    const { id } = (await browser.create({ identifier: ADA })).body.response
    const answers = await race(() => browser.step(id, 'prepare_first_factor', { strategy: 'email_code' }))
    expect(won(answers)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(RACERS - 1)
    expect(await server.messages()).toHaveLength(1)
  })

  it.each(['a sign-in token', 'an actor token'])('spend %s once, from as many browsers', async (kind) => {
    const ada = await newAda(server)
    const made =
      kind === 'a sign-in token'
        ? await server.call('POST', '/sign_in_tokens', { user_id: ada.id })
        : await server.call('POST', '/actor_tokens', { user_id: ada.id, actor: { sub: 'user_admin' } })
    const browsers = await Promise.all(Array.from({ length: RACERS }, () => openSignIn(server)))
    const answers = await race((at) => browsers[at]!.create({ strategy: 'ticket', ticket: made.body.token }))
    expect(won(answers)).toHaveLength(1)
    const refusals = answers.filter(({ status }) => status !== 200).map(({ body }) => body.errors[0].code)
    expect([...new Set(refusals)]).toEqual([expect.stringMatching(/_already_used_code$/)])
    expect(await sessionsOf(ada.id)).toBe(1)
  })

  it('spend a code of an app once, from as many browsers', async () => {
    await configure(server, { lockout: { enabled: false } })
    const ada = await newAda(server, { totpSecret: TOTP_SECRET })
    const begun = await Promise.all(
      Array.from({ length: RACERS }, async () => {
        const browser = await openSignIn(server)
        return { browser, id: (await browser.create({ identifier: ADA, password: PASSWORD })).body.response.id }
      }),
    )
    const form = { strategy: 'totp', code: totpAt(server.clock.now()) }
    const answers = await race((at) => begun[at]!.browser.step(begun[at]!.id, 'attempt_second_factor', form))
    expect(won(answers)).toHaveLength(1)
    expect(await sessionsOf(ada.id)).toBe(1)
  })

  it('spend a backup code once, from as many browsers', async () => {
    await configure(server, { lockout: { enabled: false } })
    const ada = await newAda(server, { totpSecret: TOTP_SECRET, backupCodes: ['abcd2345', 'efgh6789'] })
    const begun = await Promise.all(
      Array.from({ length: RACERS }, async () => {
        const browser = await openSignIn(server)
        return { browser, id: (await browser.create({ identifier: ADA, password: PASSWORD })).body.response.id }
      }),
    )
    const form = { strategy: 'backup_code', code: 'abcd2345' }
    const answers = await race((at) => begun[at]!.browser.step(begun[at]!.id, 'attempt_second_factor', form))
    expect(won(answers)).toHaveLength(1)
    expect(await sessionsOf(ada.id)).toBe(1)
  })

  it('open one session in a client that may have one', async () => {
    const ada = await newAda(server)
    const browser = await openSignIn(server)
    const answers = await race(() => browser.create({ identifier: ADA, password: PASSWORD }))
    expect(won(answers)).toHaveLength(1)
    expect(await sessionsOf(ada.id)).toBe(1)
  })

  it('set a new password once', async () => {
    const ada = await newAda(server)
    const browser = await openSignIn(server)
    const strategy = 'reset_password_email_code'
    const { id } = (await browser.create({ identifier: ADA, strategy })).body.response
    await browser.step(id, 'attempt_first_factor', { strategy, code: await lastCode(server) })
    const answers = await race((at) => browser.step(id, 'reset_password', { password: `difference engine ${at}` }))
    expect(won(answers)).toHaveLength(1)
    const at = answers.findIndex(({ status }) => status === 200)
    const password = `difference engine ${at}`
    expect(await server.client.users.verifyPassword({ userId: ada.id, password })).toMatchObject({ verified: true })
  })

  it('lock a user after the tries that the instance allows', async () => {
    const ada = await newAda(server)
    const browsers = await Promise.all(Array.from({ length: RACERS }, () => openSignIn(server)))
    const answers = await race((at) => browsers[at]!.create({ identifier: ADA, password: `wrong password ${at}` }))
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(10)
    expect(answers.filter(({ body }) => body.errors[0].code === 'user_locked')).toHaveLength(RACERS - 10)
    expect((await server.call('GET', `/users/${ada.id}`)).body.locked).toBe(true)
  })
})
