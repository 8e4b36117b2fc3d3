import { describe, expect, it } from 'vitest'
import { callFrontend, openBrowser } from '../browser.test-support.js'
import { dialects, useTestServer } from '../server.test-support.js'

const PHONE = '+14155552671'

describe.each(dialects)('a code to a phone number on %s', (dialect) => {
  const server = useTestServer(dialect)
  const allow = (channels: string[]) =>
    server.server.admin.seed(server.instance.id, {
      instance: { attributes: { phone_number: { channels, required: true }, email_address: {}, password: {} } },
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
})
