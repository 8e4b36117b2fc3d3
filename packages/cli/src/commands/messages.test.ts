import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClerkClient } from '@latchkey/backend'
import { createServer, type CreatedInstance, type Server } from '@latchkey/server'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { smtpError, TestSmtpServer } from '../../../server/src/outbox/messages/smtp-server.test-support.js'
import { dialects, newMigratedDatabase } from '../../../server/src/server.test-support.js'
import { listMessages, resendMessage, showMessage } from './messages.js'

const API_URL = 'http://api.test'
const KEY = 'ab'.repeat(32)

describe.each(dialects)('latchkey messages on %s', (dialect) => {
  const smtp = new TestSmtpServer()
  let location = ''
  let cleanUp: () => unknown = () => {}
  let server: Server
  let instance: CreatedInstance

  beforeAll(async () => {
    if (dialect === 'sqlite') {
      const folder = mkdtempSync(join(tmpdir(), 'latchkey-messages-'))
      location = join(folder, 'app.db')
      cleanUp = () => rmSync(folder, { recursive: true })
    } else {
      const made = await newMigratedDatabase(dialect)
      location = made.location
      cleanUp = made.drop
    }
    await smtp.start()
    // It goes on sending beside the commands.
    const mail = { smtpUrl: smtp.url, from: 'app.example.com' }
    server = await createServer({
      database: location,
      publicUrl: API_URL,
      encryptionKey: KEY,
      mail,
      messagesPollEvery: 20,
    })
  })
  afterAll(async () => {
    await server.close()
    await smtp.stop()
    await cleanUp()
  })
  beforeEach(async () => {
    smtp.onMail = () => {}
    smtp.received.length = 0
    instance = await server.createInstance()
  })

  const flags = (more: Record<string, string> = {}) => ({ database: location, instance: instance.id, ...more })
  const environment = { LATCHKEY_ENCRYPTION_KEY: KEY }
  const list = async (more: Record<string, string> = {}) => listMessages(flags(more), environment)
  const rows = async (more: Record<string, string> = {}) =>
    (await list(more)).lines.slice(1).map((line) => line.split(/\s{2,}/))
  const settled = async (status: string) => {
    await expect.poll(async () => (await rows()).map(([, , now]) => now)).toEqual([status])
  }
  /** @returns the id of the message */
  const write = async (address = 'ada@example.com') => {
    const fetch = (input: RequestInfo | URL, init?: RequestInit) => server.fetch(new Request(input, init))
    const client = createClerkClient({ secretKey: instance.secretKey, apiUrl: API_URL, fetch })
    const user = await client.users.createUser({ emailAddress: [address] })
    const letter = { fromEmailName: 'sales', subject: 'Tacos', body: '<p>Free <b>tacos</b></p>' }
    const { id } = await client.emails.createEmail({ ...letter, emailAddressId: user.primaryEmailAddressId! })
    return { id, client, emailAddressId: user.primaryEmailAddressId! }
  }

  it('lists what became of each, newest first, with the last error, and shows one', async () => {
    smtp.onMail = () => {
      throw smtpError(550, '5.1.1 No such user')
    }
    const { id } = await write()
    await settled('failed')
    const error = 'The SMTP server refuses the mail: Message failed: 550 5.1.1 No such user'
    expect((await list()).lines[0]!.split(/\s{2,}/)).toEqual([
      'TIME',
      'ID',
      'STATUS',
      'KIND',
      'TO',
      'ATTEMPTS',
      'LAST ERROR',
    ])
    expect(await rows()).toEqual([
      [expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/), id, 'failed', '-', 'ada@example.com', '1', error],
    ])
    expect(await rows({ status: 'failed' })).toHaveLength(1)
    expect(await rows({ status: 'delivered' })).toEqual([])
    expect((await list()).json).toMatchObject([{ id, status: 'failed', attempts: 1, lastError: error, slug: null }])

    const { lines, json } = await showMessage(id, flags(), environment)
    expect(lines.join('\n')).toMatch(/Subject\s+Tacos/)
    expect(lines.join('\n')).toMatch(/Kind\s+email, written by the application$/m)
    expect(lines.join('\n')).toMatch(/Status\s+failed after 1 attempt$/m)
    expect(lines.at(-1)).toBe('Free tacos')
    expect(json).toMatchObject({ id, to: 'ada@example.com', body: '<p>Free <b>tacos</b></p>' })
  })

  it('sends one again, also to a recipient who was refused', async () => {
    smtp.onMail = () => {
      throw smtpError(550, '5.1.1 No such user')
    }
    const { id } = await write()
    await settled('failed')
    smtp.onMail = () => {}
    expect((await resendMessage(id, flags(), environment)).lines).toEqual([`${id} is queued, and sent by the server`])
    await settled('delivered')
    expect(smtp.to('ada@example.com').map(({ headers }) => headers['subject'])).toEqual(['Tacos'])
    await resendMessage(id, flags(), environment)
    await expect.poll(() => smtp.received.length).toBe(2)
    expect(new Set(smtp.received.map(({ headers }) => headers['message-id'])).size).toBe(1)
    const audit = await server.admin.listAudit(instance.id, { action: 'message.resent' }, { limit: 10 })
    expect(audit.map(({ targetId }) => targetId)).toEqual([id, id])
  })

  it('shows and sends no code that is spent', async () => {
    const { client, emailAddressId } = await write()
    await settled('delivered')
    await client.emailAddresses.prepareVerification(emailAddressId)
    const newest = async () => (await rows())[0]!
    await expect.poll(newest).toEqual(expect.arrayContaining(['delivered', 'verification_code']))
    const [, id] = await newest()
    const code = /\d{6}/.exec(smtp.received.at(-1)!.headers['subject']!)![0]
    const { lines, json } = await showMessage(id!, flags(), environment)
    expect(lines.join('\n')).toMatch(/Kind\s+email, verification_code, in the language en$/m)
    expect(lines.at(-1)).toBe('Its text is erased: its code was sent, was used or has expired.')
    expect(JSON.stringify([lines, json])).not.toMatch(new RegExp(`\\b${code}\\b`))
    await expect(resendMessage(id!, flags(), environment)).rejects.toThrow(`${id} cannot be sent again`)
  })

  it.each([
    [{ limit: '0' }, '"--limit" must be a number'],
    [{ limit: '1001' }, '"--limit" must be a number'],
    [{ status: 'lost' }, '"--status" must be'],
  ])('refuses %j', async (more, message) => {
    await expect(list(more)).rejects.toThrow(message)
  })

  it('knows no message of another instance', async () => {
    const { id } = await write()
    const other = { ...flags(), instance: (await server.createInstance()).id }
    for (const command of [showMessage, resendMessage]) {
      await expect(command(id, other, environment)).rejects.toThrow(/no message|not found/i)
    }
    expect((await listMessages(other, environment)).lines.slice(1)).toEqual([])
  })
})
