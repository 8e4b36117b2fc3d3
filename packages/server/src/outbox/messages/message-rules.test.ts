import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { system } from '../../kernel/caller.js'
import { servicesOf } from '../../resources/users/user-parts.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { describeFailure } from './describe-failure.js'
import { createGatewayTransport } from './gateway-transport.js'
import type { MessageRecord } from './messages.table.js'
import { smtpError, TestSmtpServer } from './smtp-server.test-support.js'

describe.each(dialects)('the rules of messages on %s', (dialect) => {
  const smtp = new TestSmtpServer()
  beforeAll(() => smtp.start())
  afterAll(() => smtp.stop())
  const server = useTestServer(dialect, {
    get mail() {
      return { smtpUrl: smtp.url, from: 'app.example.com' }
    },
  })
  const to = (address: string, locale: string | null = null) => ({
    address,
    identificationId: null,
    userId: null,
    locale,
  })
  const tell = async (address: string, locale?: string) => {
    const { outbox, context } = await servicesOf(server)
    await context.transaction(system('test'), (tx) => outbox.passwordChanged(to(address, locale), tx))
  }

  it('send the same notice once in ten minutes, in the language of the person', async () => {
    await tell('ada@collapse.example', 'es-MX')
    await tell('ada@collapse.example', 'es-MX')
    expect(await server.messages()).toMatchObject([{ language: 'es', slug: 'password_changed' }])
    expect((await server.events()).filter(({ type }) => type === 'email.created')).toHaveLength(1)
    server.clock.advance(10 * 60 * 1000)
    await tell('ada@collapse.example', 'xx')
    expect((await server.messages()).map(({ language }) => language)).toEqual(['es', 'en'])
  })

  it('send nothing more to an address that does not exist', async () => {
    smtp.onMail = () => {
      throw smtpError(550, '5.1.1 No such user')
    }
    await tell('gone@refused.example')
    const last = () => server.messages().then((messages) => messages.at(-1))
    await expect.poll(last).toMatchObject({ status: 'failed', attempts: 1 })
    smtp.onMail = () => {}
    server.clock.advance(11 * 60 * 1000)
    await tell('gone@refused.example')
    const reason = { status: 'failed', lastError: expect.stringContaining('Nothing is sent to the recipient any more') }
    await expect.poll(last).toMatchObject(reason)
    expect((await last())!.lastError).not.toContain('gone@')
    expect(smtp.to('gone@refused.example')).toEqual([])
  })

  describe('to an address that does not exist send again', () => {
    const refused = async (address: string) => {
      smtp.onMail = () => {
        throw smtpError(550, '5.1.1 No such user')
      }
      await tell(address)
      const last = () => server.messages().then((messages) => messages.at(-1))
      await expect.poll(last).toMatchObject({ status: 'failed', attempts: 1 })
      smtp.onMail = () => {}
      server.clock.advance(11 * 60 * 1000)
      return { last }
    }
    const sent = async (address: string) => {
      await tell(address)
      await expect.poll(() => smtp.to(address).length).toBe(1)
    }

    it('once it is verified, however it is written', async () => {
      await refused('Back@refused.example')
      const user = await server.client.users.createUser({ username: 'back_again' })
      const { id } = await server.client.emailAddresses.createEmailAddress({
        userId: user.id,
        emailAddress: 'back@REFUSED.example',
      })
      await server.client.emailAddresses.updateEmailAddress(id, { verified: true })
      await sent('Back@refused.example')
    })

    it('once a code that the application delivered is typed', async () => {
      const user = await server.client.users.createUser({ emailAddress: ['code@refused.example'] })
      await refused('code@refused.example')
      const template = { templateType: 'email', slug: 'verification_code' } as const
      await server.client.templates.toggleDelivery({ ...template, deliveredByClerk: false })
      const path = `/email_addresses/${user.primaryEmailAddressId}`
      const { body } = await server.call('POST', `${path}/prepare_verification`)
      const code = (await server.messages()).at(-1)!.data!['otp_code']
      await server.call('POST', `${path}/attempt_verification`, { verification_id: body.id, code })
      await sent('code@refused.example')
    })

    it('when an operator sends a message again, and after thirty days', async () => {
      const { last } = await refused('retry@refused.example')
      const { id } = (await last())!
      const messages = await server.server.admin.messages(server.instance.id)
      expect(await messages.resend(id)).toBe(true)
      await expect.poll(() => smtp.to('retry@refused.example').length).toBe(1)

      await refused('later@refused.example')
      server.clock.advance(30 * 24 * 60 * 60 * 1000)
      await sent('later@refused.example')
    })
  })
})

describe('a gateway for text messages', () => {
  it('gets what its template says, with values that cannot end it', async () => {
    const posts: { headers: object; body: string }[] = []
    const http = createServer((request, response) => {
      void text(request).then((body) => {
        posts.push({ headers: request.headers, body })
        response.writeHead(202).end()
      })
    })
    await once(http.listen(0, '127.0.0.1'), 'listening')
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/send`
    const body = '{"to": "{{to}}", "text": "{{text}}", "id": "{{id}}"}'
    const transport = createGatewayTransport({ gateway: { url, body, headers: { Authorization: 'Bearer k' } } }, fetch)
    const message = { id: 'sms_1', toAddress: '+14155552671', body: 'He said "hi"\n@example.com #123456' }
    await transport.send(message as MessageRecord, new AbortController().signal)
    http.close()
    expect(posts).toMatchObject([{ headers: { authorization: 'Bearer k', 'content-type': 'application/json' } }])
    expect(JSON.parse(posts[0]!.body)).toEqual({ to: message.toAddress, text: message.body, id: 'sms_1' })
    for (const gateway of [
      { url, body: 'x' },
      { url: 'ftp://a', body },
      { url, body, headers: { a: 'b\r\nc: d' } },
    ]) {
      expect(() => createGatewayTransport({ gateway }, fetch)).toThrow('must be')
    }
  })
})

describe('why a message was not sent', () => {
  const message = { channel: 'sms', toAddress: '+14155552671', data: null, subject: null, body: '', bodyPlain: null }
  const describeAs = (text: string, secrets: string[] = []) =>
    describeFailure(new Error(text), message as unknown as MessageRecord, secrets)

  it('is found in a long answer too, in its beginning alone', () => {
    const before = process.cpuUsage()
    expect(describeAs(`refused ${'a'.repeat(1_000_000)}`)).toBe('refused …')
    expect(process.cpuUsage(before).user).toBeLessThan(2_000_000)
    const long = `${'x '.repeat(1995)}sk_of_the_gateway`
    expect(describeAs(long, ['sk_of_the_gateway'])).not.toContain('sk_of')
  })
})
