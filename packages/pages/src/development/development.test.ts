import type { ObservedExchange, PageMessage } from '@latchkey/types'
import { describe, expect, it } from 'vitest'
import { pagesOf } from '../pages.test-support.js'
import type { InboxMessage } from './inbox-message.js'
import type { Explanation } from './recorder.js'

const here = { development: { isExposed: false, token: 'secret-token' } }
const exposed = { development: { isExposed: true, token: 'secret-token' } }
const PATHS = ['/inbox', '/inbox/messages', '/explain', '/explain/requests', '/webhooks']

const message = (change: Partial<PageMessage> = {}): PageMessage => ({
  sequence: 1,
  id: 'ema_1',
  instanceId: 'ins_1',
  channel: 'email',
  status: 'queued',
  slug: 'verification_code',
  toAddress: 'ada@example.com',
  subject: '123456 is your verification code',
  body: '<p>Your code is <strong>123456</strong>.</p>',
  bodyPlain: 'Your code is 123456.\n',
  lastError: null,
  data: { otp_code: '123456' },
  createdAt: 1_800_000_000_000,
  ...change,
})

describe.each(PATHS)('the page %s for development', (path) => {
  it('is there for the machine the server runs on, under its own names', async () => {
    const pages = pagesOf(here)
    for (const remoteAddress of ['127.0.0.1', '127.0.0.9', '::1', '::ffff:127.0.0.1']) {
      expect((await pages.get(path, { remoteAddress })).status).toBe(200)
    }
    for (const host of ['localhost:4400', '127.0.0.1:4400', '[::1]:4400', 'app.localhost:4400']) {
      expect((await pages.get(path, { host })).status).toBe(200)
    }
  })

  it('is refused to other machines, names and sites, and through proxies', async () => {
    const pages = pagesOf(here)
    const refused = [
      await pages.get(path, { remoteAddress: '192.168.1.7' }),
      await pages.get(path, { remoteAddress: '::ffff:10.0.0.1' }),
      await pages.get(path, { host: 'attacker.example:4400' }),
      await pages.get(path, { host: '127.0.0.1.attacker.example' }),
      await pages.get(path, { host: 'localhost.attacker.example' }),
      await pages.get(path, { headers: { 'x-forwarded-for': '127.0.0.1' } }),
      await pages.get(path, { headers: { forwarded: 'for=127.0.0.1' } }),
      await pages.get(path, { headers: { via: '1.1 tunnel' } }),
      await pages.get(path, { headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' } }),
    ]
    expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 403))
  })

  it('is readable by no other page, and in no frame', async () => {
    const response = await pagesOf(here).get(path, { headers: { origin: 'http://localhost:3000' } })
    expect(response.headers.has('access-control-allow-origin')).toBe(false)
    expect(response.headers.get('cross-origin-resource-policy')).toBe('same-origin')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    if (path.split('/').length > 2) return
    expect(response.headers.get('x-frame-options')).toBe('DENY')
    expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  })

  it('takes the token where other machines reach the port, and keeps it in a cookie', async () => {
    const pages = pagesOf(exposed)
    const remoteAddress = '192.168.1.7'
    const host = '192.168.1.2:4400'
    expect((await pages.get(path, { remoteAddress, host })).status).toBe(403)
    expect((await pages.get(path)).status).toBe(403)
    expect((await pages.get(`${path}?token=secret-tokens`, { remoteAddress, host })).status).toBe(403)
    const opened = await pages.get(`${path}?token=secret-token`, { remoteAddress, host })
    expect([opened.status, opened.headers.get('location')]).toEqual([303, path])
    expect(opened.headers.get('set-cookie')).toMatch(/; HttpOnly; SameSite=Strict$/)
    const cookie = opened.headers.get('set-cookie')!.split(';')[0]!
    expect((await pages.get(path, { remoteAddress, host, headers: { cookie } })).status).toBe(200)
    const forged = { cookie: 'latchkey_development=other' }
    expect((await pages.get(path, { remoteAddress, host, headers: forged })).status).toBe(403)
  })

  it('is not there in production', async () => {
    expect((await pagesOf().get(path)).status).toBe(404)
  })
})

describe('the inbox', () => {
  const read = async (...messages: PageMessage[]) => {
    const pages = pagesOf(here)
    pages.messages.push(...messages)
    const response = await pages.get('/inbox/messages')
    return ((await response.json()) as { messages: InboxMessage[] }).messages
  }

  it('has the code and the links of each message', async () => {
    const link = message({
      sequence: 2,
      data: null,
      bodyPlain: null,
      body: `<p><a class="x" href='https://a.example/?b=1&amp;c=2'>here</a> <a href="https://a.example/?b=1&amp;c=2">again</a></p>`,
    })
    const text = message({
      sequence: 3,
      channel: 'sms',
      subject: null,
      bodyPlain: null,
      body: 'Go to https://b.example/x now',
      data: null,
    })
    expect(await read(message(), link, text)).toEqual([
      {
        sequence: 1,
        to: 'ada@example.com',
        channel: 'email',
        status: 'queued',
        kind: 'verification code',
        subject: '123456 is your verification code',
        text: 'Your code is 123456.',
        html: '/inbox/mail?at=1',
        lastError: null,
        code: '123456',
        links: [],
        createdAt: 1_800_000_000_000,
      },
      expect.objectContaining({ code: null, text: 'here again', links: ['https://a.example/?b=1&c=2'] }),
      expect.objectContaining({ subject: null, text: 'Go to https://b.example/x now', links: ['https://b.example/x'] }),
    ])
  })

  it('shows the HTML of a mail in a frame where nothing runs, and of nothing else', async () => {
    const pages = pagesOf(here)
    pages.messages.push(
      message({ body: '<p>Hi</p><script>alert(1)</script>' }),
      message({ sequence: 2, channel: 'sms' }),
    )
    const response = await pages.get('/inbox/mail?at=1')
    expect(await response.text()).toBe('<p>Hi</p><script>alert(1)</script>')
    expect(response.headers.get('content-security-policy')).toMatch(
      /^sandbox; default-src 'none'.*frame-ancestors 'self'$/,
    )
    for (const query of ['', '?at=2', '?at=3', '?at=x']) {
      expect((await pages.get(`/inbox/mail${query}`)).status).toBe(404)
    }
    expect((await pages.get('/inbox/mail?at=1', { remoteAddress: '192.168.1.7' })).status).toBe(403)
  })

  it('has no link that runs a script, and only the text of a mail', async () => {
    const [shown] = await read(
      message({
        bodyPlain: null,
        body: '<style>a{}</style><script>alert(1)</script><img src=x onerror=alert(1)>Hi &lt;b&gt; <a href="javascript:alert(1)">a</a><a href=" data:text/html,x">b</a>',
      }),
    )
    expect(shown).toMatchObject({ text: 'Hi <b> ab', links: [] })
  })

  it('gives the messages after those that a page has', async () => {
    const pages = pagesOf(here)
    pages.messages.push(message(), message({ sequence: 2 }), message({ sequence: 3 }))
    const after = async (place: string) => {
      const { messages } = (await (await pages.get(`/inbox/messages?after=${place}`)).json()) as {
        messages: InboxMessage[]
      }
      return messages.map(({ sequence }) => sequence)
    }
    expect([await after('1'), await after('3'), await after('x'), await after('-1')]).toEqual([
      [2, 3],
      [],
      [1, 2, 3],
      [1, 2, 3],
    ])
  })
})

describe('the explanations', () => {
  const now = Math.floor(Date.now() / 1000)
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const token = `${part({ alg: 'RS256' })}.${part({ sid: 'sess_1', sub: 'user_1', iat: now - 90, exp: now - 30 })}.${'c2lnbmF0dXJl'.repeat(4)}`

  const observe = (url: string, init: RequestInit, answer: Partial<ObservedExchange> = {}) => {
    const pages = pagesOf(here)
    pages.pages.observe!({
      request: new Request(`http://localhost:4400${url}`, init),
      response: new Response(null),
      operationId: 'handshakeClient',
      errorCodes: [],
      decisions: ['The cookie __client is the browser client_1.'],
      milliseconds: 3,
      ...answer,
    })
    return async () => {
      const response = await pages.get('/explain/requests')
      const text = await response.text()
      return { text, requests: (JSON.parse(text) as { requests: Explanation[] }).requests }
    }
  }

  it('say which cookies and tokens came, which rule decided and why a handshake was asked for', async () => {
    const headers = {
      cookie: `__session=${token}; __client_uat=1800000000; __clerk_db_jwt=dvb_verysecretbrowser`,
      authorization: 'Bearer sk_test_verysecretkey',
    }
    const response = new Response(null, {
      status: 307,
      headers: [
        ['location', 'http://localhost:3000/?__clerk_handshake_nonce=verysecretnonce&tab=1'],
        ['set-cookie', '__client=verysecretclient; Path=/; HttpOnly'],
      ],
    })
    const url =
      '/v1/client/handshake?redirect_url=http%3A%2F%2Flocalhost%3A3000&__clerk_hs_reason=session-token-expired-refresh-x&__clerk_db_jwt=dvb_verysecretbrowser'
    const { text, requests } = await observe(url, { headers }, { response, errorCodes: ['some_code'] })()
    expect(text).not.toContain('verysecret')
    expect(text).not.toContain(token)
    expect(requests).toMatchObject([
      {
        method: 'GET',
        path: '/v1/client/handshake',
        status: 307,
        operation: 'handshakeClient',
        errors: ['some_code'],
        decisions: [
          'The cookie __client is the browser client_1.',
          expect.stringContaining('Its session token had expired'),
        ],
        cookies: [
          [
            '__session',
            expect.stringMatching(/^eyJh…\w{4}: session sess_1, of user_1, made \d+ s ago, expired \d+ s ago$/),
          ],
          ['__client_uat', '1800000000'],
          ['__clerk_db_jwt', 'dvb_… and 17 characters'],
        ],
        headers: [['authorization', 'sk_test_… and 13 characters']],
        query: [
          ['redirect_url', 'http://localhost:3000/'],
          ['__clerk_hs_reason', 'session-token-expired-refresh-x'],
          ['__clerk_db_jwt', 'dvb_… and 17 characters'],
        ],
        setCookies: [['__client', '16 characters; Path=/; HttpOnly']],
        location: 'http://localhost:3000/?__clerk_handshake_nonce=15 characters&tab=1 character',
      },
    ])
  })

  it('leave out what pages ask for themselves, and stop at the last two hundred', async () => {
    const pages = pagesOf(here)
    const see = (path: string) =>
      pages.pages.observe!({
        request: new Request(`http://localhost:4400${path}`),
        response: new Response(null),
        operationId: undefined,
        errorCodes: [],
        decisions: [],
        milliseconds: 1,
      })
    for (const path of ['/npm/x', '/inbox/messages', '/explain', '/livez', '/i/ins_1/npm/x']) see(path)
    for (let count = 0; count < 250; count++) see(`/v1/users/${count}`)
    const { requests } = (await (await pages.get('/explain/requests')).json()) as { requests: Explanation[] }
    expect([requests.length, requests[0]!.path, requests.at(-1)!.path]).toEqual([200, '/v1/users/50', '/v1/users/249'])
    const later = (await (await pages.get(`/explain/requests?after=${requests[198]!.sequence}`)).json()) as {
      requests: Explanation[]
    }
    expect(later.requests.map(({ path }) => path)).toEqual(['/v1/users/249'])
  })

  it('show no value that may be a secret, however short it is and whatever it is called', async () => {
    const page = encodeURIComponent(
      'https://ada:hunter2hunter@shop.test/reset?code=hunter2hunter&next=/a#hunter2hunter',
    )
    const { text, requests } = await observe(
      `/v1/client?redirect_url=${page}&token=hunter2hunter&__clerk_ticket=hunter2hunter&_method=PATCH`,
      {
        headers: {
          cookie: 'theme=hunter2hunter; hunter2hunter; pin=1; app=hunter2.e30.hunter2; __client_uat_abc=0',
          referer: `http://localhost:3000/cb?code=hunter2hunter&secret=hunter2hunter&hunter2hunter&redirect_url=${page}`,
          authorization: 'Basic hunter2hunter',
          'clerk-proxy-url': 'https://ada:hunter2hunter@shop.test/__clerk?key=hunter2hunter',
        },
      },
      {
        response: new Response(null, {
          headers: [
            [
              'location',
              `/next?state=hunter2hunter&__clerk_api_version=2025-11-10&format=token&redirect_url=%2Fhunter2hunter`,
            ],
            ['set-cookie', 'hunter2hunter'],
          ],
        }),
      },
    )()
    expect(text).not.toContain('hunt')
    const shortened = 'https://shop.test/reset?code=13 characters&next=2 characters'
    expect(requests).toMatchObject([
      {
        query: [
          ['redirect_url', shortened],
          ['token', '13 characters'],
          ['__clerk_ticket', '13 characters'],
          ['_method', 'PATCH'],
        ],
        cookies: [
          ['theme', '13 characters'],
          ['', '13 characters'],
          ['pin', '1 character'],
          ['app', '19 characters'],
          ['__client_uat_abc', '0'],
        ],
        headers: [
          ['authorization', '19 characters'],
          ['clerk-proxy-url', 'https://shop.test/__clerk?key=13 characters'],
          [
            'referer',
            `http://localhost:3000/cb?code=13 characters&secret=13 characters&13 characters&redirect_url=${shortened}`,
          ],
        ],
        location:
          'http://localhost:4400/next?state=13 characters&__clerk_api_version=2025-11-10&format=token&redirect_url=14 characters',
        setCookies: [['', '13 characters']],
      },
    ])
  })

  it('tell long secrets apart by what they begin with', async () => {
    const { requests } = await observe('/v1/client', {
      headers: {
        cookie: `a=${'Ab1-'.repeat(8)}; b=${'Cd2-'.repeat(8)}; __clerk_db_jwt=dvb_${'Ef3-'.repeat(8)}; key=sk_live_${'Gh4-'.repeat(10)}`,
      },
    })()
    expect(requests[0]!.cookies).toEqual([
      ['a', 'Ab1-…'],
      ['b', 'Cd2-…'],
      ['__clerk_db_jwt', 'dvb_Ef3-…'],
      ['key', 'sk_live_Gh4-…'],
    ])
  })

  it('survive what no browser sends', async () => {
    const { requests } = await observe(
      '/v1/client?__clerk_db_jwt=&__clerk_hs_reason=unheard-of',
      {
        headers: { cookie: '=;;a;__session=a.b.c; x=1', authorization: 'Bearer ' },
      },
      { response: new Response(null, { headers: { location: 'http://[', 'set-cookie': 'x' } }) },
    )()
    expect(requests).toMatchObject([
      { location: '(not a URL)', decisions: [expect.any(String), 'The application asked because of "unheard-of".'] },
    ])
  })
})
