import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'
import { DeliveryStore } from './delivery-store.js'
import { TestSmtpServer } from './smtp-server.test-support.js'

describe.each(dialects)('delivery of an instance’s own wording on %s', (dialect) => {
  const smtp = new TestSmtpServer()
  beforeAll(() => smtp.start())
  const server = useTestServer(dialect, {
    get mail() {
      return { smtpUrl: smtp.url, from: 'app.example.com' }
    },
  })
  afterAll(() => smtp.stop())

  const template = { templateType: 'email', slug: 'verification_code' } as const
  const sendCode = async (address: string) => {
    const user = await server.client.users.createUser({ emailAddress: [address] })
    await server.call('POST', `/email_addresses/${user.primaryEmailAddressId}/prepare_verification`)
  }

  it('has its sender, its subject and an address to reply to', async () => {
    const wording = { name: 'Code', subject: '{{otp_code}} für {{app.name}}', body: '<b>{{otp_code}}</b>' }
    await server.client.templates.update({
      ...template,
      ...wording,
      fromEmailName: 'team',
      replyToEmailName: 'help.desk',
    })
    await sendCode('ada@example.com')

    await expect.poll(() => smtp.to('ada@example.com').length).toBe(1)
    const [mail] = smtp.to('ada@example.com')
    expect(mail).toMatchObject({ from: 'team@app.example.com', headers: { 'reply-to': 'help.desk@app.example.com' } })
    expect(mail!.body).toMatch(/^<b>\d{6}<\/b>$/)
  })

  it('sends nothing that the application delivers, and erases its code when that expires', async () => {
    await server.client.templates.toggleDelivery({ ...template, deliveredByClerk: false })
    await sendCode('grace@example.com')
    expect((await server.messages()).at(-1)).toMatchObject({ status: 'handed_over', toAddress: 'grace@example.com' })
    await server.client.templates.toggleDelivery({ ...template, deliveredByClerk: true })
    await sendCode('alan@example.com')

    await expect.poll(() => smtp.to('alan@example.com').length).toBe(1)
    expect(smtp.to('grace@example.com')).toEqual([])
    server.clock.advance(10 * 60 * 1000)
    await new DeliveryStore(server.server.database).expire(server.clock.now(), server.clock.now())
    expect((await server.messages()).find(({ toAddress }) => toAddress === 'grace@example.com')).toMatchObject({
      status: 'handed_over',
      subject: null,
      body: '',
      data: null,
      lastError: null,
    })
  })
})
