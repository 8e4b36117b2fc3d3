import { describe, expect, it } from 'vitest'
import { Authenticator, type Quirks } from '../../resources/passkeys/authenticator.test-support.js'
import { ENCRYPTION_KEY } from '../../resources/users/user-parts.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { addPasskey, askForPasskey, passkeysOn, showPasskey } from '../profile-security/passkeys.test-support.js'
import { codesOf, MINUTE, signedInAda } from '../profile-security/profile-security.test-support.js'
import { ADA, configure, openSignIn, PASSWORD, TOTP_SECRET } from './sign-in.test-support.js'

const RACERS = 64

describe.each(dialects)('signing in with a passkey on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })

  /** A user with a passkey, and a browser in which nobody is signed in. */
  async function ada(more: object = {}, settings: object = {}) {
    await configure(server, { ...passkeysOn, ...settings })
    const { browser, id } = await signedInAda(server, more)
    return { ...(await addPasskey(browser)), userId: id, home: browser, browser: await openSignIn(server) }
  }

  it('needs no identifier: the passkey says who it is; the nonce is JSON in a text (mistake 5)', async () => {
    const { browser, device, userId } = await ada()
    const begun = (await browser.create({ strategy: 'passkey' })).body.response
    expect(begun).toMatchObject({
      status: 'needs_first_factor',
      identifier: null,
      user_data: null,
      supported_first_factors: [{ strategy: 'passkey' }],
      first_factor_verification: { object: 'verification_passkey', status: 'unverified', strategy: 'passkey' },
    })
    const { nonce } = begun.first_factor_verification
    expect(JSON.parse(nonce)).toMatchObject({
      rpId: 'localhost',
      allowCredentials: [],
      userVerification: 'required',
      challenge: expect.any(String),
    })

    const { status, body } = await showPasskey(browser, { id: begun.id, nonce }, device)
    expect(status).toBe(200)
    expect(body.response).toMatchObject({ status: 'complete', first_factor_verification: { status: 'verified' } })
    expect(body.response.first_factor_verification).not.toHaveProperty('nonce')
    expect(body.client).toMatchObject({
      sign_in: null,
      last_authentication_strategy: 'passkey',
      sessions: [{ user: { id: userId }, factor_verification_age: [0, -1] }],
    })
    expect((await server.call('GET', `/users/${userId}`)).body.passkeys[0].last_used_at).toBe(server.clock.now())
  })

  it('is offered after an identifier, for its user, and read from JSON in a form (mistake 6)', async () => {
    const { browser, device } = await ada()
    const begun = (await browser.create({ identifier: ADA })).body.response
    expect(begun.supported_first_factors[0]).toEqual({ strategy: 'passkey' })
    const prepared = await browser.step(begun.id, 'prepare_first_factor', { strategy: 'passkey' })
    const { nonce } = prepared.body.response.first_factor_verification
    expect(JSON.parse(nonce).allowCredentials).toMatchObject([{ id: device.id, type: 'public-key' }])
    expect((await showPasskey(browser, { id: begun.id, nonce }, device)).body.response.status).toBe('complete')
  })

  it('can be prepared for one passkey, which must be the user’s', async () => {
    const { browser, device, id, home } = await ada()
    await addPasskey(home)
    const begun = (await browser.create({ identifier: ADA })).body.response
    const prepare = (passkeyId: string) =>
      browser.step(begun.id, 'prepare_first_factor', { strategy: 'passkey', passkey_id: passkeyId })
    expect(codesOf(await prepare('idn_0'))).toEqual([422, 'form_resource_not_found passkey_id'])
    const { nonce } = (await prepare(id)).body.response.first_factor_verification
    expect(JSON.parse(nonce).allowCredentials).toMatchObject([{ id: device.id }])
  })

  it.each<[string, Quirks]>([
    ['another page', { origin: 'https://evil.example' }],
    ['another page of the instance', { origin: 'http://localhost:4000' }],
    ['a page inside a foreign one', { crossOrigin: true }],
    ['another domain', { rpId: 'evil.example' }],
    ['another challenge', { challenge: 'b3RoZXI' }],
    ['the other ceremony', { type: 'webauthn.create' }],
    ['another key', { forged: true }],
    ['another user', { userHandle: Buffer.from('user_0').toString('base64url') }],
    ['a device that did not verify its user', { unverified: true }],
    ['a device whose user was not there', { absent: true }],
  ])('refuses the answer of %s, and opens no session', async (_, quirks) => {
    const { browser, device } = await ada()
    const asked = await askForPasskey(browser)
    const answer = await showPasskey(browser, asked, device, quirks)
    expect(codesOf(answer)).toEqual([400, 'passkey_authentication_failure'])
    expect((await browser.client()).sessions).toEqual([])
    expect((await showPasskey(browser, asked, device)).status).toBe(200)
  })

  it('takes five answers to a challenge', async () => {
    const { browser, device } = await ada()
    const asked = await askForPasskey(browser)
    for (let tries = 0; tries < 5; tries++) await showPasskey(browser, asked, device, { forged: true })
    expect(codesOf(await showPasskey(browser, asked, device))).toEqual([400, 'verification_failed'])
  })

  it('never locks the user out: nobody can guess a signature', async () => {
    const { device, userId } = await ada({}, { lockout: { maxAttempts: 5 } })
    for (let tries = 0; tries < 6; tries++) {
      const browser = await openSignIn(server)
      await showPasskey(browser, await askForPasskey(browser), device, { forged: true })
    }
    expect((await server.call('GET', `/users/${userId}`)).body.locked).toBe(false)
  })

  it('is refused while the user is locked, banned, or gone', async () => {
    const { browser, device, userId } = await ada()
    await server.call('POST', `/users/${userId}/lock`)
    expect(codesOf(await showPasskey(browser, await askForPasskey(browser), device))).toEqual([403, 'user_locked'])
    await server.call('POST', `/users/${userId}/unlock`)
    await server.call('POST', `/users/${userId}/ban`)
    expect((await showPasskey(browser, await askForPasskey(browser), device)).status).toBe(403)
    await server.call('DELETE', `/users/${userId}`)
    expect(codesOf(await showPasskey(browser, await askForPasskey(browser), device))).toEqual([
      404,
      'passkey_not_registered',
    ])
  })

  it('takes only the newest challenge, for ten minutes', async () => {
    const { browser, device } = await ada()
    const first = await askForPasskey(browser)
    server.clock.advance(1)
    const prepared = await browser.step(first.id, 'prepare_first_factor', { strategy: 'passkey' })
    const { nonce } = prepared.body.response.first_factor_verification
    expect(nonce).not.toBe(first.nonce)
    expect((await showPasskey(browser, first, device)).status).toBe(400)
    server.clock.advance(10 * MINUTE)
    expect(codesOf(await showPasskey(browser, { id: first.id, nonce }, device))).toEqual([400, 'verification_expired'])
  })

  it('spends a challenge once: the same answer opens nothing in another sign-in or another browser', async () => {
    const { browser, device } = await ada()
    const asked = await askForPasskey(browser)
    const form = { strategy: 'passkey', public_key_credential: device.get(asked.nonce) }
    expect((await browser.step(asked.id, 'attempt_first_factor', form)).status).toBe(200)
    expect(codesOf(await browser.step(asked.id, 'attempt_first_factor', form))).toEqual([400, 'client_state_invalid'])
    const other = await openSignIn(server)
    expect((await other.step(asked.id, 'attempt_first_factor', form)).status).toBe(404)
    const theirs = await askForPasskey(other)
    expect(codesOf(await other.step(theirs.id, 'attempt_first_factor', form))).toEqual([
      400,
      'passkey_authentication_failure',
    ])
  })

  it('opens one session for 64 answers to one challenge', async () => {
    const { browser, device, userId } = await ada()
    const asked = await askForPasskey(browser)
    const answers = await Promise.all(Array.from({ length: RACERS }, () => showPasskey(browser, asked, device)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const sessions = await server.call('GET', `/sessions?user_id=${userId}`)
    expect(sessions.body).toHaveLength(2)
  })

  it('refuses a copy of a device, whose counter does not rise', async () => {
    const { device } = await ada()
    const show = async (counter: number) => {
      const browser = await openSignIn(server)
      return codesOf(await showPasskey(browser, await askForPasskey(browser), device, { counter }))
    }
    expect(await show(7)).toEqual([200])
    expect(await show(7)).toEqual([400, 'passkey_authentication_failure'])
    expect(await show(6)).toEqual([400, 'passkey_authentication_failure'])
    expect(await show(0)).toEqual([400, 'passkey_authentication_failure'])
    expect(await show(8)).toEqual([200])
  })

  it('takes one of two answers with the same counter, wherever they come', async () => {
    const { device } = await ada()
    const browsers = await Promise.all([openSignIn(server), openSignIn(server), openSignIn(server)])
    const asked = await Promise.all(browsers.map((browser) => askForPasskey(browser)))
    const answers = await Promise.all(
      browsers.map((browser, index) => showPasskey(browser, asked[index]!, device, { counter: 5 })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400])
  })

  it("refuses another user's passkey after an identifier, and one that was removed", async () => {
    const { browser, device, id, home } = await ada()
    await server.client.users.createUser({ emailAddress: ['bob@example.com'], password: PASSWORD })
    const bob = await openSignIn(server)
    await bob.create({ identifier: 'bob@example.com', password: PASSWORD })
    const { device: bobs } = await addPasskey(bob)
    const asked = await askForPasskey(browser, ADA)
    expect(codesOf(await showPasskey(browser, asked, bobs))).toEqual([404, 'passkey_not_registered'])
    expect((await home.call(`DELETE /me/passkeys/${id}`, { form: {} })).status).toBe(200)
    expect(codesOf(await showPasskey(browser, asked, device))).toEqual([400, 'strategy_for_user_invalid'])
    expect(codesOf(await showPasskey(browser, await askForPasskey(browser), device))).toEqual([
      404,
      'passkey_not_registered',
    ])
    const stranger = new Authenticator()
    expect(codesOf(await showPasskey(browser, await askForPasskey(browser), stranger))).toEqual([
      404,
      'passkey_not_registered',
    ])
  })

  it('stands for both factors, unless the instance says otherwise', async () => {
    const { browser, device } = await ada({ totpSecret: TOTP_SECRET })
    const { body } = await showPasskey(browser, await askForPasskey(browser), device)
    expect(body.response.status).toBe('complete')
    expect(body.client.sessions[0].factor_verification_age).toEqual([0, 0])
  })

  it('leads to the second factor where it stands for one', async () => {
    const { browser, device } = await ada({ totpSecret: TOTP_SECRET }, { passkey: { satisfiesSecondFactor: false } })
    const { body } = await showPasskey(browser, await askForPasskey(browser), device)
    expect(body.response).toMatchObject({
      status: 'needs_second_factor',
      supported_second_factors: [{ strategy: 'totp' }],
    })
    expect(body.client.sessions).toEqual([])
  })

  it('takes no other proof while nobody is identified, and nothing without a challenge', async () => {
    const { browser, device } = await ada()
    const asked = await askForPasskey(browser)
    const attempt = (form: Record<string, unknown>) => browser.step(asked.id, 'attempt_first_factor', form)
    expect(codesOf(await attempt({ strategy: 'password', password: PASSWORD }))).toEqual([
      400,
      'verification_strategy_invalid',
    ])
    expect(codesOf(await attempt({ strategy: 'passkey' }))).toEqual([422, 'form_param_missing public_key_credential'])
    expect(codesOf(await browser.step(asked.id, 'prepare_first_factor', { strategy: 'email_code' }))).toEqual([
      400,
      'verification_strategy_invalid',
    ])
    const { id } = (await browser.create({ identifier: ADA })).body.response
    expect(codesOf(await showPasskey(browser, { id, nonce: asked.nonce }, device))).toEqual([
      400,
      'verification_missing',
    ])
  })

  it('is a fresh factor where an account asks for one, and both at once', async () => {
    const { home, device } = await ada({ totpSecret: TOTP_SECRET })
    server.clock.advance(11 * MINUTE)
    const session = (await home.client()).sessions[0].id
    const step = (path: string, form: object = {}) =>
      home.call(`POST /client/sessions/${session}/verify${path}`, { form: { ...form } })
    const begun = (await step('', { level: 'multi_factor' })).body.response
    expect(begun.supported_first_factors).toContainEqual({ strategy: 'passkey' })
    const prepared = await step('/prepare_first_factor', { strategy: 'passkey' })
    const { nonce } = prepared.body.response.first_factor_verification
    const attempt = (quirks: Quirks) =>
      step('/attempt_first_factor', { strategy: 'passkey', public_key_credential: device.get(nonce, quirks) })
    expect(codesOf(await attempt({ forged: true }))).toEqual([400, 'passkey_authentication_failure'])
    const { body } = await attempt({})
    expect(body.response.status).toBe('complete')
    expect(body.client.sessions[0].factor_verification_age).toEqual([0, 0])
    expect((await home.call('POST /me/passkeys', { form: {} })).status).toBe(200)
  })

  it('is nothing where the instance has none', async () => {
    const browser = await openSignIn(server)
    expect(codesOf(await browser.create({ strategy: 'passkey' }))).toEqual([422, 'form_param_value_invalid strategy'])
  })
})
