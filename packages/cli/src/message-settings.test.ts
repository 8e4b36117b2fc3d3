import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestSmsGateway } from '../../server/src/outbox/messages/sms-gateway.test-support.js'
import { TestSmtpServer } from '../../server/src/outbox/messages/smtp-server.test-support.js'
import { useLatchkey } from './latchkey.test-support.js'
import { findMessageSettings, toDeliveryOptions } from './message-settings.js'

describe('where messages are sent', () => {
  it('is nowhere by default', () => {
    expect(toDeliveryOptions(findMessageSettings({}, {}))).toEqual({})
  })

  it('comes from the environment where the command line is silent', () => {
    const environment = {
      LATCHKEY_SMTP_URL: 'smtp://localhost',
      LATCHKEY_MAIL_FROM: 'example.com',
      LATCHKEY_SMS_URL: 'https://AC1:token@api.twilio.com',
      LATCHKEY_SMS_FROM: '+15550100',
    }
    expect(toDeliveryOptions(findMessageSettings({ mailFrom: 'example.org' }, environment))).toEqual({
      mail: { smtpUrl: 'smtp://localhost', from: 'example.org' },
      sms: { url: 'https://AC1:token@api.twilio.com', from: '+15550100' },
    })
  })

  it.each([
    [{ smtpUrl: 'smtp://localhost' }, {}, '"--smtp-url" needs "--mail-from" too'],
    [{}, { LATCHKEY_MAIL_FROM: 'example.com' }, '"LATCHKEY_MAIL_FROM" needs "LATCHKEY_SMTP_URL" too'],
    [{}, { LATCHKEY_SMS_URL: 'https://AC1:token@api.twilio.com' }, '"LATCHKEY_SMS_URL" needs "LATCHKEY_SMS_FROM" too'],
  ])('is given whole: %j %j', (flags, environment, message) => {
    expect(() => findMessageSettings(flags, environment)).toThrow(message)
  })
})

describe('latchkey dev', () => {
  const latchkey = useLatchkey()
  const [smtp, gateway] = [new TestSmtpServer(), new TestSmsGateway()]
  beforeAll(() => Promise.all([smtp.start(), gateway.start()]))
  afterAll(() => Promise.all([smtp.stop(), gateway.stop()]))

  it('sends mail and text messages', async () => {
    const server = await latchkey.serve(['dev', '--database', ':memory:', '--mail-from', 'example.com'], {
      LATCHKEY_SMTP_URL: smtp.url,
      LATCHKEY_SMS_URL: gateway.url,
      LATCHKEY_SMS_FROM: '+15550006789',
      LATCHKEY_REQUEST_LOG: 'off',
    })
    const post = async (path: string, body: unknown) =>
      (await server.api(path, { method: 'POST', body: JSON.stringify(body) })).json()
    const user = (await post('/users', {
      email_address: ['ada@example.com'],
      phone_number: ['+14155552671'],
    })) as Record<string, string>

    await post('/emails', {
      from_email_name: 'sales',
      subject: 'Free tacos',
      body: 'Join us',
      email_address_id: user['primary_email_address_id'],
    })
    await post('/sms_messages', { message: 'Free tacos', phone_number_id: user['primary_phone_number_id'] })

    await expect
      .poll(() => smtp.received)
      .toMatchObject([{ from: 'sales@example.com', to: ['ada@example.com'], headers: { subject: 'Free tacos' } }])
    await expect
      .poll(() => gateway.received)
      .toMatchObject([{ form: { To: '+14155552671', From: '+15550006789', Body: 'Free tacos' } }])
    expect(await server.stop()).toMatchObject({ code: 0, stderr: '' })
  })

  it('shows in the terminal no text message that another gateway gets', async () => {
    const received: string[] = []
    const other = createHttpServer((request, response) => {
      void text(request).then((body) => received.push(body))
      response.end()
    }).listen(0, '127.0.0.1')
    await once(other, 'listening')
    try {
      const server = await latchkey.serve(['dev', '--database', ':memory:'], {
        LATCHKEY_SMS_GATEWAY_URL: `http://127.0.0.1:${(other.address() as AddressInfo).port}`,
        LATCHKEY_SMS_GATEWAY_BODY: '{"to": "{{to}}", "text": "{{text}}"}',
        LATCHKEY_REQUEST_LOG: 'off',
      })
      const post = async (path: string, body: unknown) =>
        (await server.api(path, { method: 'POST', body: JSON.stringify(body) })).json()
      const user = (await post('/users', { phone_number: ['+14155552671'] })) as Record<string, string>
      await post('/sms_messages', { message: 'Free tacos', phone_number_id: user['primary_phone_number_id'] })
      await expect.poll(() => received).toEqual(['{"to": "+14155552671", "text": "Free tacos"}'])
      expect(await server.stop()).toMatchObject({ code: 0, stderr: '' })
    } finally {
      other.close()
    }
  })

  it('refuses what it cannot send with, by the name it was given under', async () => {
    const { code, stderr } = await latchkey.run(
      ['dev', '--database', ':memory:', '--port', '0', '--mail-from', 'example.com'],
      { LATCHKEY_SMTP_URL: 'http://ada:hush@localhost' },
    )

    expect(code).toBe(1)
    expect(stderr).toBe(
      '"LATCHKEY_SMTP_URL" must be smtp://user:password@host:port or smtps://user:password@host:port\n',
    )
  })
})
