import { describe, expect, it } from 'vitest'
import { callFrontend, openBrowser, type TestBrowser } from '../../browser.test-support.js'
import { Authenticator, type Quirks } from '../../resources/passkeys/authenticator.test-support.js'
import { ENCRYPTION_KEY } from '../../resources/users/user-parts.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { ADA, configure, newAda } from '../sign-in/sign-in.test-support.js'
import { addPasskey, beginPasskey, confirmPasskey, passkeysOn } from './passkeys.test-support.js'
import { codesOf, LATE, MINUTE, REQUIRED, signedInAda, signIn } from './profile-security.test-support.js'

const RACERS = 64

describe.each(dialects)('the own passkeys on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })
  const ada = async () => {
    await configure(server, passkeysOn)
    return signedInAda(server)
  }
  const remove = (browser: TestBrowser, id: string) => browser.call(`DELETE /me/passkeys/${id}`, { form: {} })
  const rename = (browser: TestBrowser, id: string, name: unknown) =>
    browser.call(`PATCH /me/passkeys/${id}`, { form: { name } })
  const own = async (browser: TestBrowser) => (await browser.call('GET /me')).body.response.passkeys

  it('begin with options that only a passkey of this user and this page fits', async () => {
    const { browser, id } = await ada()
    const { body } = await beginPasskey(browser)
    expect(body.response).toMatchObject({
      object: 'passkey',
      last_used_at: null,
      verification: { object: 'verification_passkey', status: 'unverified', strategy: 'passkey', attempts: 0 },
    })
    const options = JSON.parse(body.response.verification.nonce)
    expect(options).toMatchObject({
      rp: { id: 'localhost' },
      user: { id: Buffer.from(id).toString('base64url'), name: ADA },
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      attestation: 'none',
      excludeCredentials: [],
    })
    expect(options.pubKeyCredParams.map(({ alg }: { alg: number }) => alg)).toEqual([-7, -8, -257])
    expect(await own(browser)).toEqual([])
    expect((await browser.call(`GET /me/passkeys/${body.response.id}`)).body.response).toEqual(body.response)
  })

  it('are added once the device has answered, and tell the user and the application', async () => {
    const { browser, id } = await ada()
    const begun = (await beginPasskey(browser)).body.response
    const device = new Authenticator()
    const { status, body } = await confirmPasskey(browser, begun.id, device.create(begun.verification.nonce))

    expect(status).toBe(200)
    expect(body.response).toMatchObject({ id: begun.id, name: begun.name, verification: { status: 'verified' } })
    expect(body.client.sessions[0].user.passkeys).toMatchObject([{ id: begun.id, last_used_at: null }])
    expect((await server.call('GET', `/users/${id}`)).body.passkeys).toMatchObject([{ id: begun.id }])
    expect((await server.events()).slice(-2)).toMatchObject([
      { type: 'user.updated', payload: { passkeys: [{ id: begun.id }] } },
      { type: 'email.created', payload: { slug: 'passkey_added' } },
    ])
    expect((await server.messages()).at(-1)).toMatchObject({ slug: 'passkey_added', toAddress: ADA })
    const again = JSON.parse((await beginPasskey(browser)).body.response.verification.nonce)
    expect(again.excludeCredentials).toEqual([{ id: device.id, transports: ['internal'], type: 'public-key' }])
  })

  it.each<[string, Quirks]>([
    ['another page', { origin: 'https://evil.example' }],
    ['another page of the instance', { origin: 'http://localhost:4000' }],
    ['a page inside a foreign one', { crossOrigin: true }],
    ['another domain', { rpId: 'evil.example' }],
    ['another challenge', { challenge: 'b3RoZXI' }],
    ['the other ceremony', { type: 'webauthn.get' }],
    ['an algorithm that was not asked for', { algorithm: -65_535 }],
    ['a device that did not verify its user', { unverified: true }],
    ['a device whose user was not there', { absent: true }],
  ])('are not added with an answer of %s', async (_, quirks) => {
    const { browser } = await ada()
    const { id, verification } = (await beginPasskey(browser)).body.response
    const device = new Authenticator()
    const answer = await confirmPasskey(browser, id, device.create(verification.nonce, quirks))
    expect(codesOf(answer)).toEqual([400, 'passkey_registration_failure'])
    expect(await own(browser)).toEqual([])
    expect((await confirmPasskey(browser, id, device.create(verification.nonce))).status).toBe(200)
  })

  it('are not added after five wrong answers, nor after ten minutes, nor twice', async () => {
    const { browser } = await ada()
    const device = new Authenticator()
    const tried = (await beginPasskey(browser)).body.response
    for (let tries = 0; tries < 5; tries++) {
      const wrong = device.create(tried.verification.nonce, { unverified: true })
      expect((await confirmPasskey(browser, tried.id, wrong)).status).toBe(400)
    }
    const right = device.create(tried.verification.nonce)
    expect(codesOf(await confirmPasskey(browser, tried.id, right))).toEqual([400, 'passkey_invalid_verification'])

    const late = (await beginPasskey(browser)).body.response
    server.clock.advance(10 * MINUTE)
    const answer = await confirmPasskey(browser, late.id, device.create(late.verification.nonce))
    expect(codesOf(answer)).toEqual([400, 'passkey_invalid_verification'])
    expect((await browser.call(`GET /me/passkeys/${late.id}`)).body.response.verification.status).toBe('expired')

    const good = (await beginPasskey(browser)).body.response
    const credential = device.create(good.verification.nonce)
    expect((await confirmPasskey(browser, good.id, credential)).status).toBe(200)
    expect(codesOf(await confirmPasskey(browser, good.id, credential))).toEqual([400, 'passkey_invalid_verification'])
  })

  it('are added by one of 64 answers to one challenge', async () => {
    const { browser } = await ada()
    const { id, verification } = (await beginPasskey(browser)).body.response
    const credential = new Authenticator().create(verification.nonce)
    const answers = await Promise.all(
      Array.from({ length: RACERS }, () => confirmPasskey(browser, id, credential).then(({ status }) => status)),
    )
    expect(answers.filter((status) => status === 200)).toHaveLength(1)
    expect(await own(browser)).toHaveLength(1)
  })

  it("are nobody's twice: a credential that another user has is refused", async () => {
    const { browser } = await ada()
    const { device } = await addPasskey(browser)
    await server.client.users.createUser({ emailAddress: ['bob@example.com'], password: 'difference engine' })
    const bob = (await signIn(server, 'bob@example.com', 'difference engine')).browser
    const { id, verification } = (await beginPasskey(bob)).body.response
    expect(codesOf(await confirmPasskey(bob, id, device.create(verification.nonce)))).toEqual([
      400,
      'passkey_registration_failure',
    ])
  })

  it('cannot be seen, answered, renamed or removed by another user', async () => {
    const { browser } = await ada()
    const { id } = await addPasskey(browser)
    const begun = (await beginPasskey(browser)).body.response
    await server.client.users.createUser({ emailAddress: ['bob@example.com'], password: 'difference engine' })
    const bob = (await signIn(server, 'bob@example.com', 'difference engine')).browser
    const credential = new Authenticator().create(begun.verification.nonce)
    for (const one of [id, begun.id]) {
      expect(codesOf(await bob.call(`GET /me/passkeys/${one}`))).toEqual([404, 'resource_not_found'])
      expect(codesOf(await confirmPasskey(bob, one, credential))).toEqual([404, 'resource_not_found'])
      expect(codesOf(await rename(bob, one, 'Mine'))).toEqual([404, 'resource_not_found'])
      expect(codesOf(await remove(bob, one))).toEqual([404, 'resource_not_found'])
    }
    expect(await own(browser)).toMatchObject([{ id }])
  })

  it('are ten at most, also when 64 come at once', async () => {
    const { browser } = await ada()
    for (let count = 0; count < 9; count++) await addPasskey(browser)
    server.clock.advance(MINUTE)
    const begun = await Promise.all([beginPasskey(browser), beginPasskey(browser), beginPasskey(browser)])
    const answers = await Promise.all(
      begun.map(({ body: { response } }) =>
        confirmPasskey(browser, response.id, new Authenticator().create(response.verification.nonce)),
      ),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403, 403])
    expect(codesOf(await beginPasskey(browser))).toEqual([403, 'passkey_quota_exceeded'])
    expect(await own(browser)).toHaveLength(10)
  })

  it('get the name that their user gives them', async () => {
    const { browser } = await ada()
    const { id } = await addPasskey(browser)
    const { body } = await rename(browser, id, ' Work laptop ')
    expect(body.response).toMatchObject({ id, name: 'Work laptop' })
    expect((await server.events()).at(-1)).toMatchObject({ payload: { passkeys: [{ name: 'Work laptop' }] } })
    expect(codesOf(await rename(browser, id, ''))).toEqual([422, 'form_param_missing name'])
    expect(codesOf(await rename(browser, id, 'x'.repeat(257)))).toEqual([422, 'form_param_max_length_exceeded name'])
    expect(codesOf(await rename(browser, id, 'a\u0000b'))[0]).toBe(422)
    const begun = (await beginPasskey(browser)).body.response
    expect(codesOf(await rename(browser, begun.id, 'Early'))).toEqual([422, 'passkey_identification_not_verified'])
  })

  it('are removed, with a message; an unanswered one without', async () => {
    const { browser } = await ada()
    const { id } = await addPasskey(browser)
    expect((await remove(browser, id)).body.response).toEqual({ object: 'passkey', id, deleted: true })
    expect((await server.messages()).at(-1)).toMatchObject({ slug: 'passkey_removed', toAddress: ADA })
    expect(codesOf(await remove(browser, id))).toEqual([404, 'resource_not_found'])
    const begun = (await beginPasskey(browser)).body.response
    const sent = (await server.messages()).length
    expect((await remove(browser, begun.id)).status).toBe(200)
    expect(await server.messages()).toHaveLength(sent)
    const late = await confirmPasskey(browser, begun.id, new Authenticator().create(begun.verification.nonce))
    expect(codesOf(late)).toEqual([404, 'resource_not_found'])
  })

  it('stay while nothing else leads in', async () => {
    await configure(server, {
      attributes: { passkey: { enabled: true }, username: { enabled: true }, password: { required: false } },
    })
    const { browser, id } = await signedInAda(server)
    const added = await addPasskey(browser)
    const [address] = (await server.call('GET', `/users/${id}`)).body.email_addresses
    await server.call('PATCH', `/users/${id}`, { username: 'ada_l' })
    expect((await browser.call('POST /me/remove_password', { form: {} })).status).toBe(200)
    expect((await server.call('DELETE', `/email_addresses/${address.id}`)).status).toBe(200)
    expect(codesOf(await remove(browser, added.id))).toEqual([400, 'identification_deletion_failed'])
    expect(await own(browser)).toHaveLength(1)
  })

  it('ask for a fresh factor, and are not for somebody who acts for the user', async () => {
    const { browser, id } = await ada()
    const added = await addPasskey(browser)
    server.clock.advance(LATE)
    expect(codesOf(await beginPasskey(browser))).toEqual(REQUIRED)
    expect(codesOf(await confirmPasskey(browser, added.id, '{}'))).toEqual(REQUIRED)
    expect(codesOf(await remove(browser, added.id))).toEqual(REQUIRED)
    expect((await rename(browser, added.id, 'Laptop')).status).toBe(200)

    const actor = await server.client.actorTokens.create({
      userId: id,
      expiresInSeconds: 600,
      actor: { sub: 'user_x' },
    })
    const other = await openBrowser(server)
    await other.call('POST /client/sign_ins', { form: { strategy: 'ticket', ticket: actor.token } })
    for (const answer of [
      await beginPasskey(other),
      await remove(other, added.id),
      await rename(other, added.id, 'x'),
    ]) {
      expect(codesOf(answer)).toEqual([403, 'resource_forbidden'])
    }
  })

  it('do not exist where the instance has none', async () => {
    const { browser } = await signedInAda(server)
    expect(codesOf(await beginPasskey(browser))).toEqual([403, 'feature_not_enabled'])
    expect(codesOf(await confirmPasskey(browser, 'idn_0', '{}'))).toEqual([403, 'feature_not_enabled'])
    const { user_settings: settings } = (await browser.call('GET /environment')).body
    expect(settings.attributes.passkey).toMatchObject({ enabled: false, used_for_first_factor: false })
  })

  it.each(['', 'null', '[]', '{"id":"x"}', 'not JSON', '{"id":1,"rawId":1,"type":"public-key","response":{}}'])(
    'refuse %s as what a device says',
    async (text) => {
      const { browser } = await ada()
      const { id } = (await beginPasskey(browser)).body.response
      const [status, code] = codesOf(await confirmPasskey(browser, id, text))
      expect(status).toBe(422)
      if (text !== '') expect(code).toBe('passkey_invalid_public_key_credential public_key_credential')
    },
  )

  it('are described in the environment as the settings say', async () => {
    await configure(server, { ...passkeysOn, passkey: { allowAutofill: false, satisfiesSecondFactor: false } })
    const { user_settings: settings } = (await callFrontend(server, 'GET /environment')).body
    expect(settings.attributes.passkey).toMatchObject({
      enabled: true,
      used_for_first_factor: true,
      first_factors: ['passkey'],
      verifications: ['passkey'],
    })
    expect(settings.passkey_settings).toEqual({
      allow_autofill: false,
      show_sign_in_button: true,
      satisfies_second_factor: false,
    })
  })

  it('name related origins only where they belong to the host of the Frontend API', async () => {
    expect((await callFrontend(server, 'GET /.well-known/webauthn')).status).toBe(404)
    await newAda(server)
  })

  it("belong to the Frontend API's host where the instance says so, which lists its origins", async () => {
    await configure(server, {
      ...passkeysOn,
      passkey: { relyingParty: 'auth_host' },
      allowedOrigins: ['https://app.example.com'],
    })
    const { browser } = await signedInAda(server)
    const { nonce } = (await beginPasskey(browser)).body.response.verification
    expect(JSON.parse(nonce).rp.id).toBe('api.test')
    expect((await callFrontend(server, 'GET /.well-known/webauthn')).body).toEqual({
      origins: ['https://app.example.com'],
    })
  })

  it('name no origin of development in production', async () => {
    const name = `related-${dialect}.example`
    server.instance = await server.newInstance({ environmentType: 'production', frontendHost: `clerk.${name}` })
    const origins = { developmentOrigin: 'http://localhost:3000', allowedOrigins: ['https://app.example.com'] }
    await configure(server, { ...passkeysOn, passkey: { relyingParty: 'auth_host' }, ...origins })
    expect((await callFrontend(server, 'GET /.well-known/webauthn')).body).toEqual({
      origins: [`https://${name}`, 'https://app.example.com'],
    })
  })
})
