import { describe, expect, it } from 'vitest'
import type { TestBrowser } from '../../browser.test-support.js'
import { ENCRYPTION_KEY } from '../../resources/users/user-parts.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { ADA, configure, openSignIn, PASSWORD, TOTP_SECRET, wrongFor } from '../sign-in/sign-in.test-support.js'
import { codesOf, LATE, MINUTE, REQUIRED, signedInAda, totpAt } from './profile-security.test-support.js'

const RACERS = 64

describe.each(dialects)('the own second factors on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })
  const begin = (browser: TestBrowser) => browser.call('POST /me/totp', { form: {} })
  const confirm = (browser: TestBrowser, code: string) =>
    browser.call('POST /me/totp/attempt_verification', { form: { code } })
  const remove = (browser: TestBrowser) => browser.call('DELETE /me/totp', { form: {} })
  const enrol = async (browser: TestBrowser) => {
    const { secret } = (await begin(browser)).body.response
    return { secret: secret as string, answer: await confirm(browser, totpAt(server.clock.now(), secret)) }
  }

  it('begin with a secret that counts once its first code has come', async () => {
    const { browser, id } = await signedInAda(server)
    const begun = (await begin(browser)).body.response
    expect(begun).toMatchObject({ object: 'totp', verified: false, backup_codes: null })
    const uri = new URL(begun.uri)
    expect([uri.protocol, uri.host]).toEqual(['otpauth:', 'totp'])
    expect(decodeURIComponent(uri.pathname)).toContain(ADA)
    expect(uri.searchParams.get('secret')).toBe(begun.secret)
    expect(uri.searchParams.get('issuer')).not.toBe('')
    expect((await browser.call('GET /me')).body.response.totp_enabled).toBe(false)

    const code = totpAt(server.clock.now(), begun.secret)
    expect(codesOf(await confirm(browser, wrongFor(code)))).toEqual([422, 'form_code_incorrect code'])
    const { status, body } = await confirm(browser, code)
    expect(status).toBe(200)
    expect(body.response).toMatchObject({ id: begun.id, verified: true, secret: null, uri: null })
    expect(body.response.backup_codes).toHaveLength(10)
    expect(body.client.sessions[0]).toMatchObject({
      factor_verification_age: [0, 0],
      user: { totp_enabled: true, backup_code_enabled: true, two_factor_enabled: true },
    })
    expect((await server.call('GET', `/users/${id}`)).body).toMatchObject({
      totp_enabled: true,
      mfa_enabled_at: server.clock.now(),
      verification_attempts_remaining: 10,
    })
    const rows = await server.server.database.read.selectFrom('users').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(begun.secret)
    expect(JSON.stringify(rows)).not.toContain(body.response.backup_codes[0])
  })

  it('are asked for at the next sign-in, where the code that confirmed them is spent', async () => {
    const { browser } = await signedInAda(server)
    const { secret, answer } = await enrol(browser)
    const attempt = async (form: Record<string, unknown>) => {
      const other = await openSignIn(server)
      const { id, status } = (await other.create({ identifier: ADA, password: PASSWORD })).body.response
      expect(status).toBe('needs_second_factor')
      return (await other.step(id, 'attempt_second_factor', form)).status
    }
    expect(await attempt({ strategy: 'totp', code: totpAt(server.clock.now(), secret) })).toBe(422)
    expect(await attempt({ strategy: 'backup_code', code: answer.body.response.backup_codes[3] })).toBe(200)
    expect(await attempt({ strategy: 'backup_code', code: answer.body.response.backup_codes[3] })).toBe(422)
    server.clock.advance(MINUTE)
    expect(await attempt({ strategy: 'totp', code: totpAt(server.clock.now(), secret) })).toBe(200)
  })

  it('are added by one of 64 requests with the code', async () => {
    const { browser, id } = await signedInAda(server)
    const { secret } = (await begin(browser)).body.response
    const code = totpAt(server.clock.now(), secret)
    const answers = await Promise.all(Array.from({ length: RACERS }, () => confirm(browser, code)))
    const won = answers.filter(({ status }) => status === 200)
    expect(won).toHaveLength(1)
    // The codes that were shown are the ones that count.
    const shown = won[0]!.body.response.backup_codes[0]
    expect((await server.call('POST', `/users/${id}/verify_totp`, { code: shown })).status).toBe(200)
  })

  it('have one secret at a time: another one replaces it until it is confirmed', async () => {
    const { browser } = await signedInAda(server)
    const first = (await begin(browser)).body.response
    const second = (await begin(browser)).body.response
    expect(second.secret).not.toBe(first.secret)
    const now = server.clock.now()
    expect(codesOf(await confirm(browser, totpAt(now, first.secret)))).toEqual([422, 'form_code_incorrect code'])
    expect((await confirm(browser, totpAt(now, second.secret))).status).toBe(200)
    expect(codesOf(await begin(browser))).toEqual([400, 'totp_already_enabled'])
    expect(codesOf(await confirm(browser, totpAt(now, second.secret)))).toEqual([400, 'totp_already_enabled'])
  })

  it('leave backup codes that there are', async () => {
    const { browser, id } = await signedInAda(server, { backupCodes: ['paper code'] })
    const { answer } = await enrol(browser)
    expect(answer.body.response.backup_codes).toBeNull()
    const check = await server.call('POST', `/users/${id}/verify_totp`, { code: 'paper code' })
    expect(check.status).toBe(200)
  })

  it('are not confirmed before they are begun, nor where there are none', async () => {
    const { browser } = await signedInAda(server)
    expect(codesOf(await confirm(browser, '123456'))).toEqual([404, 'resource_not_found'])
    expect(codesOf(await remove(browser))).toEqual([404, 'resource_not_found'])
  })

  it('do not exist where the instance has none', async () => {
    await configure(server, { attributes: { authenticator_app: { enabled: false } } })
    const { browser } = await signedInAda(server)
    expect(codesOf(await begin(browser))).toEqual([403, 'feature_not_enabled'])
    expect(codesOf(await confirm(browser, '123456'))).toEqual([403, 'feature_not_enabled'])
    expect(codesOf(await browser.call('POST /me/backup_codes', { form: {} }))).toEqual([
      400,
      'backup_codes_not_available',
    ])
  })

  it('are removed, and with them the need to prove them', async () => {
    const { browser, id } = await signedInAda(server)
    await enrol(browser)
    const removed = await remove(browser)
    expect(removed.body.response).toEqual({ object: 'totp', deleted: true })
    expect((await server.call('GET', `/users/${id}`)).body).toMatchObject({
      totp_enabled: false,
      two_factor_enabled: false,
      backup_code_enabled: false,
    })
    expect(codesOf(await remove(browser))).toEqual([404, 'resource_not_found'])
    const again = await enrol(browser)
    expect(again.answer.body.response.backup_codes).toHaveLength(10)
  })

  it('stay where the application requires one; with the task to add one the session is pending until then', async () => {
    await configure(server, { signUp: { mfaRequired: true } })
    const { browser } = await signedInAda(server)
    const { body } = await browser.call('GET /client')
    expect(body.response.sessions[0]).toMatchObject({ status: 'pending', tasks: [{ key: 'setup-mfa' }] })
    const { answer } = await enrol(browser)
    expect(answer.body.response.backup_codes).toHaveLength(10)
    expect(answer.body.client.sessions[0]).toMatchObject({ status: 'active', tasks: null })
    expect(codesOf(await remove(browser))).toEqual([400, 'second_factor_deletion_not_allowed'])
  })

  it('are behind the gate, for the strongest factor', async () => {
    const { browser } = await signedInAda(server, { totpSecret: TOTP_SECRET })
    server.clock.advance(LATE)
    expect(codesOf(await begin(browser))).toEqual(REQUIRED)
    expect(codesOf(await confirm(browser, '123456'))).toEqual(REQUIRED)
    expect(codesOf(await remove(browser))).toEqual(REQUIRED)
    expect(codesOf(await browser.call('POST /me/backup_codes', { form: {} }))).toEqual(REQUIRED)
  })

  it('include backup codes, which replace those before', async () => {
    const { browser, id } = await signedInAda(server, { totpSecret: TOTP_SECRET, backupCodes: ['paper code'] })
    const { body } = await browser.call('POST /me/backup_codes/', { form: {} })
    expect(body.response).toMatchObject({ object: 'backup_code' })
    expect(new Set(body.response.codes).size).toBe(10)
    const check = async (code: string) => (await server.call('POST', `/users/${id}/verify_totp`, { code })).status
    expect(await check('paper code')).toBe(422)
    expect(await check(body.response.codes[9])).toBe(200)
  })
})
