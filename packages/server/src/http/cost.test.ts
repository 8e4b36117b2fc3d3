import { describe, expect, it, vi } from 'vitest'
import { PasswordHasher } from '../lib/passwords/index.js'
import { API_URL, useTestServer } from '../server.test-support.js'
import { openBrowser } from '../browser.test-support.js'
import { configure } from '../flows/sign-in/sign-in.test-support.js'

describe('the cost of a request', () => {
  const server = useTestServer('sqlite')

  it.each([
    ['a list', `{"public_metadata":{"a":[${'1,'.repeat(400_000)}1]}}`],
    ['an object', `{${Array.from({ length: 60_000 }, (_, index) => `"k${index}":1`).join()}}`],
    ['lists in lists', `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
  ])('refuses very many values in %s before it parses them', async (_, body) => {
    const parse = vi.spyOn(JSON, 'parse')
    try {
      const answer = await server.server.fetch(
        new Request(`${API_URL}/v1/users`, {
          method: 'POST',
          body,
          headers: { authorization: `Bearer ${server.instance.secretKey}`, 'content-type': 'application/json' },
        }),
      )
      expect(parse.mock.calls.filter(([text]) => text.length === body.length)).toEqual([])
      parse.mockRestore()
      expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('more than 10000 values')])
    } finally {
      parse.mockRestore()
    }
  })

  it('counts no values inside a text', async () => {
    for (const text of [',[{'.repeat(50_000), '",'.repeat(50_000), '\\\\",'.repeat(20_000)])
      expect((await server.call('POST', '/users', { first_name: text })).body.errors[0].code).toBe(
        'form_param_max_length_exceeded',
      )
  })

  it('hashes no password for a client that has hung up', async () => {
    const gone = new AbortController()
    const create = (index: number, signal?: AbortSignal) =>
      server.server.fetch(
        new Request(`${API_URL}/v1/users`, {
          method: 'POST',
          body: JSON.stringify({ username: `ada_${index}`, password: 'correct horse battery' }),
          headers: { authorization: `Bearer ${server.instance.secretKey}`, 'content-type': 'application/json' },
          ...(signal ? { signal } : {}),
        }),
      )
    const hash = vi.spyOn(PasswordHasher.prototype, 'hash')
    try {
      const all = [create(0), ...Array.from({ length: 30 }, (_, index) => create(index + 1, gone.signal))]
      await expect.poll(() => hash.mock.calls.length, { interval: 0 }).toBeGreaterThan(4)
      gone.abort()
      const statuses = (await Promise.all(all)).map(({ status }) => status)
      expect(statuses[0]).toBe(200)
      expect(statuses.filter((status) => status === 499).length).toBeGreaterThan(15)
    } finally {
      hash.mockRestore()
    }
  })

  it('refuses a form of very many names', async () => {
    const form = Array.from({ length: 60_000 }, (_, index) => `k${index}=1`).join('&')
    const { status } = await server.call('POST', '/users', form, {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(status).toBe(400)
  })
})

/** Two kinds of marks in turn: to bring them into their order takes time that grows with the square of their number. */
const ACCENTS = `a${'\u0316\u0301'.repeat(100_000)}`
/** Milliseconds of a processor. Each of these took several seconds, in which nobody else was answered. */
const A_MOMENT = 2000

describe('the time of a request', () => {
  const server = useTestServer('sqlite')
  const timed = async (send: () => Promise<{ status: number }>) => {
    const before = process.cpuUsage()
    const { status } = await send()
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1000).toBeLessThan(A_MOMENT)
    return status
  }
  /** As JSON: a form writes each accent in six letters. */
  const ask = (path: string, fields: object) =>
    server.fetch(`http://127.0.0.1:4400/i/${server.instance.id}/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fields),
    })

  it.each([
    ['the password of a sign-up', { email_address: 'ada@example.com', password: ACCENTS }],
    ['its address', { email_address: `${ACCENTS}@example.com` }],
    ['the domain of its address', { email_address: `ada@${ACCENTS}.example.com` }],
    ['its username', { username: ACCENTS }],
    ['its ticket', { ticket: ACCENTS }],
    ['its locale', { locale: ACCENTS }],
  ])('does not grow with the accents in %s', async (_, fields) => {
    expect([400, 422]).toContain(await timed(() => ask('/client/sign_ups', fields)))
  })

  it('does not grow with the accents in the page that a link leads to', async () => {
    const browser = await openSignUp()
    const strategy = { strategy: 'email_link', redirect_url: `wss://${ACCENTS}.example.com` }
    expect(await timed(() => browser(strategy))).toBe(422)
  })

  it.each([
    ['/domains', { name: `${ACCENTS}.example.com`, is_satellite: true }],
    ['/proxy_checks', { proxy_url: `https://${ACCENTS}.example.com` }],
    ['/invitations', { email_address: 'ada@example.com', redirect_url: `https://${ACCENTS}.example.com` }],
    ['/instance/change_domain', { home_url: `https://${ACCENTS}.example.com` }],
    ['/redirect_urls', { url: `https://${ACCENTS}.example.com` }],
    ['/allowlist_identifiers', { identifier: ACCENTS }],
    ['/organizations', { name: ACCENTS }],
  ])('does not grow with the accents in what is sent to %s', async (path, body) => {
    expect(await timed(() => server.call('POST', path, body))).toBeGreaterThanOrEqual(400)
  })

  it('does not grow with what looks like a key', async () => {
    const signing_key = '-----BEGIN '.repeat(1400)
    const template = { name: 'hasura', claims: {}, custom_signing_key: true, signing_algorithm: 'RS256', signing_key }
    expect(await timed(() => server.call('POST', '/jwt_templates', template))).toBe(422)
  })

  it('does not grow with the zeros in a number', async () => {
    const body = `{"public_metadata":{"a":0.1${'0'.repeat(200_000)}1}}`
    const headers = { 'content-type': 'application/json' }
    expect(await timed(() => server.call('POST', '/users', body, { headers }))).toBe(422)
  })

  it('does not grow with what looks like HTML in a mail', async () => {
    const { primaryEmailAddressId } = await server.client.users.createUser({ emailAddress: ['ada@example.com'] })
    for (const part of [`<${'a'.repeat(3000)}`, '<p ', '<a ', '<a ">" ', '</a ', `<a style='`, '<!--', '<style>'])
      for (const end of ['', '<br>']) {
        const mail = { from_email_name: 'news', subject: 'News', email_address_id: primaryEmailAddressId }
        const body = part.repeat(Math.floor(250_000 / part.length)) + end
        expect(await timed(() => server.call('POST', '/emails', { ...mail, body }))).toBe(200)
      }
  })

  /** A sign-up that has an address to prove. */
  async function openSignUp() {
    await configure(server, { attributes: { email_address: { verifications: ['email_code', 'email_link'] } } })
    const browser = await openBrowser(server)
    const { body } = await browser.call('POST /client/sign_ups', { form: { email_address: 'ada@example.com' } })
    const path = `/client/sign_ups/${body.response.id}/prepare_verification?__clerk_db_jwt=${browser.token}`
    return (fields: object) => ask(path, fields)
  }
})

describe('an attachment', () => {
  const server = useTestServer('sqlite')

  it.each([
    ['is refused by its size', 'A1e5'.repeat(2_600_000), 'form_param_exceeds_allowed_size'],
    ['is refused by its form', 'A1e5'.repeat(300_000) + '!', 'form_param_format_invalid'],
    ['is refused by its length', 'A1e5'.repeat(300_000) + 'A', 'form_param_format_invalid'],
  ])('of any length %s', async (_, content, code) => {
    const attachments = [{ filename: 'a.txt', content }]
    const mail = { to: { address: 'ada@example.com' }, from: { address: 'shop@example.com' }, subject: 'A', text: 'A' }
    const { status, body } = await server.call('POST', '/email', { ...mail, attachments })
    expect([status, body.errors[0].code]).toEqual([422, code])
  })
})
