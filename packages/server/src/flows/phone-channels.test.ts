import { describe, expect, it } from 'vitest'
import { callFrontend, openBrowser } from '../browser.test-support.js'
import { dialects, useTestServer, type TestServer } from '../server.test-support.js'
import { add, signedIn } from './account/account.test-support.js'
import { ADA, newAda, openSignIn, PASSWORD } from './sign-in/sign-in.test-support.js'
import { begin } from './sign-up/sign-up.test-support.js'

const PHONE = '+14155552671'
const BRAZILIAN = '+5511961234567'

/** Whatever sends a code to a number without naming a channel. */
const SENDING: Record<string, (server: TestServer, number: string) => Promise<{ status: number }>> = {
  'a sign-up that begins with it': async (server, number) =>
    (await begin(server, { strategy: 'phone_code', phone_number: number })).begun,
  'a sign-up that prepares it': async (server, number) =>
    (await begin(server, { phone_number: number })).prepare({ strategy: 'phone_code' }),
  'a sign-in that begins with it': async (server, number) => {
    await newAda(server, { phoneNumber: [number] })
    return (await openSignIn(server)).create({ strategy: 'phone_code', identifier: number })
  },
  'a sign-in that prepares it, by a masked number': async (server, number) => {
    await newAda(server, { phoneNumber: [number] })
    const browser = await openSignIn(server)
    const { id } = (await browser.create({ identifier: ADA })).body.response
    return browser.step(id, 'prepare_first_factor', { strategy: 'phone_code', channel: '' })
  },
  'a password reset': async (server, number) => {
    await newAda(server, { phoneNumber: [number] })
    const browser = await openSignIn(server)
    const { id } = (await browser.create({ identifier: number })).body.response
    return browser.step(id, 'prepare_first_factor', { strategy: 'reset_password_phone_code' })
  },
  'a second factor': async (server, number) => {
    await newAda(server, { phoneNumber: [number] })
    const [user] = (await server.call<{ phone_numbers: { id: string }[] }[]>('GET', '/users')).body
    await server.call('PATCH', `/phone_numbers/${user!.phone_numbers[0]!.id}`, { reserved_for_second_factor: true })
    const browser = await openSignIn(server)
    const { id } = (await browser.create({ identifier: ADA, password: PASSWORD })).body.response
    return browser.step(id, 'prepare_second_factor', {})
  },
  'a session that is verified again': async (server, number) => {
    const { sessionId, call } = await signedIn(server, { phoneNumber: [number] })
    const path = `POST /client/sessions/${sessionId}/verify`
    await call(path, { form: { level: 'first_factor' } })
    return call(`${path}/prepare_first_factor`, { form: { strategy: 'phone_code' } })
  },
  'a number in a profile': async (server, number) => (await add(await signedIn(server), number)).prepare(),
  'the Backend API': async (server, number) => {
    const { id } = await newAda(server)
    const { body } = await server.call('POST', '/phone_numbers', { user_id: id, phone_number: number })
    return server.call('POST', `/phone_numbers/${String(body['id'])}/prepare_verification`, {})
  },
}

describe.each(dialects)('a code to a phone number on %s', (dialect) => {
  const server = useTestServer(dialect)
  const allow = (channels: string[]) =>
    server.server.admin.seed(server.instance.id, {
      instance: { attributes: { phone_number: { channels, required: true }, email_address: {}, password: {} } },
    })
  const prefer = (channels: string[], more: object = {}) =>
    server.server.admin.seed(server.instance.id, {
      instance: {
        attributes: { phone_number: { channels }, email_address: {}, password: {} },
        auth: { preferred_channels: { BR: 'whatsapp', CA: 'whatsapp' }, reverification: false },
        ...more,
      },
    })
  const sent = async () =>
    (await server.messages()).map(({ toAddress, phoneChannel, data }) => ({
      to: toAddress,
      by: phoneChannel ?? 'sms',
      // A newer one replaces it.
      code: data?.['otp_code'] as string | undefined,
    }))

  it('goes by WhatsApp to somebody who signs up with it, and by SMS at once to who asks for that instead', async () => {
    await allow(['sms', 'whatsapp'])
    const browser = await openBrowser(server)
    const form = { strategy: 'phone_code', channel: 'whatsapp', phone_number: PHONE }
    const begun = await browser.call('POST /client/sign_ups', { form })
    expect(begun.body.response.verifications.phone_number).toMatchObject({ status: 'unverified', channel: 'whatsapp' })
    const path = `/client/sign_ups/${begun.body.response.id}`

    const prepare = (channel?: string) =>
      browser.call(`POST ${path}/prepare_verification`, {
        form: { strategy: 'phone_code', ...(channel ? { channel } : {}) },
      })
    expect(await prepare('whatsapp')).toMatchObject({ status: 429 })
    const replaced = (await sent())[0]!.code!
    expect((await prepare()).body.response.verifications.phone_number.channel).toBe('sms')
    const [first, second] = await sent()
    expect([first, second]).toMatchObject([
      { to: PHONE, by: 'whatsapp' },
      { to: PHONE, by: 'sms' },
    ])

    const attempt = (code: string) =>
      browser.call(`POST ${path}/attempt_verification`, { form: { strategy: 'phone_code', code } })
    const code = second!.code!
    if (replaced !== code) expect((await attempt(replaced)).status).toBe(422)
    expect((await attempt(code)).body.response).toMatchObject({ status: 'complete' })
  })

  it('goes by WhatsApp to somebody who signs in with it, and by SMS at once to who asks for that instead', async () => {
    await allow(['sms', 'whatsapp'])
    await server.client.users.createUser({ phoneNumber: [PHONE] })
    const browser = await openBrowser(server)
    const begun = await browser.call('POST /client/sign_ins', {
      form: { strategy: 'phone_code', identifier: PHONE, channel: 'whatsapp' },
    })
    expect(begun.body.response.first_factor_verification).toMatchObject({ status: 'unverified', channel: 'whatsapp' })
    const path = `/client/sign_ins/${begun.body.response.id}`
    const prepare = (channel?: string) =>
      browser.call(`POST ${path}/prepare_first_factor`, {
        form: { strategy: 'phone_code', ...(channel ? { channel } : {}) },
      })
    // The one that is on its way is not sent again.
    expect((await prepare('whatsapp')).body.response.first_factor_verification.channel).toBe('whatsapp')
    expect((await prepare()).body.response.first_factor_verification.channel).toBe('sms')
    expect(await prepare()).toMatchObject({ status: 429 })
    const messages = await sent()
    expect(messages.map(({ by }) => by)).toEqual(['whatsapp', 'sms'])
    const done = await browser.call(`POST ${path}/attempt_first_factor`, {
      form: { strategy: 'phone_code', code: messages[1]!.code! },
    })
    expect(done.body.response.status).toBe('complete')
  })

  it('goes by the only channel that there is', async () => {
    await allow(['whatsapp'])
    const browser = await openBrowser(server)
    await browser.call('POST /client/sign_ups', { form: { strategy: 'phone_code', phone_number: PHONE } })
    expect(await sent()).toMatchObject([{ by: 'whatsapp' }])
  })

  it.each(['POST /client/sign_ups', 'POST /client/sign_ins'])(
    'goes by no channel that the instance does not have: %s',
    async (route) => {
      await allow(['sms'])
      await server.client.users.createUser({ phoneNumber: [PHONE] })
      const browser = await openBrowser(server)
      const form = { strategy: 'phone_code', phone_number: '+14155552672', identifier: PHONE, channel: 'whatsapp' }
      const answer = await browser.call(route, { form })
      expect(answer).toMatchObject({ status: 422, body: { errors: [{ meta: { param_name: 'channel' } }] } })
      const unknown = await browser.call(route, { form: { ...form, channel: 'pigeon' } })
      expect(unknown).toMatchObject({ status: 422, body: { errors: [{ meta: { param_name: 'channel' } }] } })
      expect(await sent()).toEqual([])
    },
  )

  it('is shown to browsers as one that people can choose', async () => {
    await allow(['sms', 'whatsapp'])
    const { body } = await callFrontend(server, 'GET /environment')
    expect(body.user_settings.attributes.phone_number.channels).toEqual(['sms', 'whatsapp'])
    expect(body.user_settings.attributes.email_address.channels).toEqual([])
    expect(body.auth_config.preferred_channels).toBe(null)
  })

  describe.each(Object.entries(SENDING))('without a wish, of %s,', (_, send) => {
    it.each([
      [BRAZILIAN, ['sms', 'whatsapp'], 'whatsapp'],
      ['+16132345678', ['sms', 'whatsapp'], 'whatsapp'],
      ['+14155552671', ['sms', 'whatsapp'], 'sms'],
      [BRAZILIAN, ['sms'], 'sms'],
    ])('goes to %s, where there are the channels %o, by %s', async (number, channels, by) => {
      await prefer(channels)
      expect((await send(server, number)).status).toBe(200)
      // Beside notices by mail.
      expect((await sent()).filter(({ to }) => to === number)).toMatchObject([{ by }])
    })
  })

  it.each<[string, (number: string) => Promise<(channel?: string) => Promise<{ status: number }>>]>([
    [
      'sign-up',
      async (number) => {
        const { prepare } = await begin(server, { phone_number: number })
        return (channel) => prepare({ strategy: 'phone_code', ...(channel ? { channel } : {}) })
      },
    ],
    [
      'sign-in',
      async (number) => {
        await newAda(server, { phoneNumber: [number] })
        const browser = await openSignIn(server)
        const { id } = (await browser.create({ identifier: number })).body.response
        return (channel) =>
          browser.step(id, 'prepare_first_factor', { strategy: 'phone_code', ...(channel ? { channel } : {}) })
      },
    ],
  ])('of a %s goes by SMS to who asks again without a wish, as components do, and as often', async (_, begun) => {
    await prefer(['sms', 'whatsapp'])
    const prepare = await begun(BRAZILIAN)
    expect((await prepare()).status).toBe(200)
    expect((await prepare()).status).toBe(200)
    expect((await prepare()).status).toBe(429)
    server.clock.advance(31_000)
    expect((await prepare()).status).toBe(200)
    server.clock.advance(31_000)
    expect((await prepare('whatsapp')).status).toBe(200)
    expect((await sent()).map(({ by }) => by)).toEqual(['whatsapp', 'sms', 'sms', 'whatsapp'])
  })

  it('goes by SMS to who chooses that, whatever the country prefers', async () => {
    await prefer(['sms', 'whatsapp'])
    await begin(server, { strategy: 'phone_code', channel: 'sms', phone_number: BRAZILIAN })
    expect(await sent()).toMatchObject([{ to: BRAZILIAN, by: 'sms' }])
  })

  it('seems to go to nobody’s number as to a user’s, where nobody may learn who has an account', async () => {
    await prefer(['sms', 'whatsapp'], { attack_protection: { enumeration_protection: true } })
    await newAda(server, { phoneNumber: [BRAZILIAN] })
    for (const identifier of [BRAZILIAN, '+5511961234568']) {
      const { body } = await (await openSignIn(server)).create({ strategy: 'phone_code', identifier })
      expect(body.response.first_factor_verification).toMatchObject({ status: 'unverified', channel: 'whatsapp' })
    }
    expect(await sent()).toMatchObject([{ to: BRAZILIAN, by: 'whatsapp' }])
  })
})
