/* oxlint-disable node/no-process-env -- the application inherits the environment of this process */
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { request } from 'node:http'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { signWebhook } from '@latchkey/nextjs/webhooks'
import { createTestServer } from '@latchkey/testing'
import { chromium } from 'playwright-core'

const PASSWORD = 'a quiet harbour at dusk'
const WEBHOOK_SECRET = `whsec_${Buffer.from('a secret for the tests').toString('base64')}`

/** Builds the application in a folder, starts it together with a Latchkey server, and uses it. */
export function testApplication(folder) {
  const next = createRequire(join(folder, 'package.json')).resolve('next/dist/bin/next')
  const run = (...args) => [process.execPath, [next, ...args]]
  let latchkey
  let application
  let url
  let ada

  before(async () => {
    await promisify(execFile)(...run('build'), { cwd: folder, env: withoutKeys() })
    latchkey = await createTestServer({ port: 0, clock: 'running' })
    ada = await latchkey.client.users.createUser({
      emailAddress: ['ada@example.com'],
      password: PASSWORD,
      firstName: 'Ada',
      lastName: 'Lovelace',
    })
    const port = await freePort()
    url = `http://localhost:${port}`
    application = spawn(...run('start', '--port', String(port)), {
      cwd: folder,
      env: {
        ...withoutKeys(),
        ...(await keysOf(latchkey)),
        NEXT_PUBLIC_CLERK_SIGN_IN_URL: '/sign-in',
        CLERK_WEBHOOK_SIGNING_SECRET: WEBHOOK_SECRET,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await isReady(application)
  })

  after(async () => {
    application?.kill()
    await latchkey?.close()
  })

  /** A session token of Ada, valid for a minute from now. */
  async function mintToken(claims) {
    const session = await latchkey.client.sessions.createSession({ userId: ada.id, ...claims })
    const { jwt } = await latchkey.client.sessions.getToken(session.id)
    return { jwt, session }
  }

  /** The cookies of a browser of a development instance. */
  const cookiesFor = (token) => ({
    __clerk_db_jwt: 'dvb_example',
    ...(token ? { __session: token, __client_uat: '1' } : {}),
  })
  const toHeader = (cookies) =>
    Object.entries(cookies)
      .map(([name, value]) => `${name}=${value}`)
      .join('; ')

  test('answers programs that send a session token', async () => {
    const { jwt, session } = await mintToken()
    const headers = { authorization: `Bearer ${jwt}` }
    const me = await fetch(`${url}/api/me`, { headers })
    assert.deepEqual([me.status, await me.json()], [200, { userId: ada.id, sessionId: session.id }])
    // The middleware's headers for the page must not reach the client.
    assert.deepEqual(
      [...me.headers].filter(([name, value]) => value.includes(jwt) || name.includes('signature')),
      [],
    )
    const hello = await fetch(`${url}/api/hello`, { headers })
    assert.deepEqual([hello.status, await hello.json()], [200, { hello: ada.id }])
    const posted = await fetch(`${url}/api/me`, { method: 'POST', headers })
    assert.deepEqual([posted.status, await posted.json()], [200, { tokenType: 'session_token' }])
  })

  test('answers 401 to programs without one, and with one that is not good', async () => {
    const { jwt } = await mintToken()
    for (const authorization of [undefined, 'Bearer garbage', `Bearer ${jwt.slice(0, -8)}AAAAAAAA`]) {
      for (const path of ['/api/me', '/api/hello']) {
        assert.equal(
          (await fetch(url + path, { headers: authorization ? { authorization } : {} })).status,
          401,
          `${path} with ${authorization}`,
        )
      }
    }
  })

  test('sends visitors who are not signed in to the sign-in page, and back afterwards', async () => {
    for (const path of ['/dashboard', '/account']) {
      const answer = await fetch(url + path, {
        redirect: 'manual',
        headers: { accept: 'text/html', cookie: toHeader(cookiesFor()) },
      })
      const location = new URL(answer.headers.get('location'), url)
      assert.deepEqual(
        [answer.status, location.pathname, location.searchParams.get('redirect_url')],
        [307, '/sign-in', url + path],
      )
    }
  })

  test('asks the Frontend API which browser this is, when it does not know', async () => {
    const answer = await fetch(`${url}/`, { redirect: 'manual', headers: { accept: 'text/html' } })
    assert.equal(answer.status, 307)
    assert.ok(answer.headers.get('location').startsWith(`${latchkey.url}/v1/client/handshake?`))
  })

  test('shows pages to those who are signed in by cookie, and 404 for what is not theirs', async () => {
    const { jwt } = await mintToken()
    const visit = (path) =>
      fetch(url + path, { redirect: 'manual', headers: { accept: 'text/html', cookie: toHeader(cookiesFor(jwt)) } })
    for (const [path, text] of [
      ['/', 'You are signed in'],
      ['/dashboard', 'Hello, <!-- -->Ada'],
      ['/account', 'Ada Lovelace'],
    ]) {
      const answer = await visit(path)
      assert.equal(answer.status, 200)
      assert.match(await answer.text(), new RegExp(text))
    }
    const forbidden = await visit('/admin')
    assert.equal(forbidden.status, 404)
    assert.match(await forbidden.text(), /Nothing here/)
  })

  test('believes the header where a cookie says something else', async () => {
    const { jwt, session } = await mintToken()
    const other = await mintToken()
    const answer = await fetch(`${url}/api/me`, {
      headers: { authorization: `Bearer ${jwt}`, cookie: toHeader(cookiesFor(other.jwt)) },
    })
    assert.equal((await answer.json()).sessionId, session.id)
  })

  test('believes nothing that a client sends in the place of the middleware', async () => {
    const { jwt } = await mintToken()
    const forged = {
      'x-clerk-auth-status': 'signed-in',
      'x-clerk-auth-token': jwt,
      'x-clerk-auth-signature': 'f'.repeat(64),
      'x-clerk-clerk-url': url,
      'x-clerk-request-data': '00',
      'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy:middleware:middleware:middleware:middleware:middleware',
    }
    for (const path of ['/api/me', '/api/hello']) {
      assert.equal((await fetch(url + path, { headers: forged })).status, 401, path)
    }
    const answer = await fetch(`${url}/dashboard`, {
      redirect: 'manual',
      headers: { ...forged, accept: 'text/html', cookie: toHeader(cookiesFor()) },
    })
    assert.equal(answer.status, 307)
    // A path that the middleware's matcher excludes reaches the page with the client's headers: it must fail, not answer.
    const past = await fetch(`${url}/dashboard.png`, { redirect: 'manual', headers: forged })
    assert.notEqual(past.status, 200)
  })

  test('lets nobody in who writes a path in another way', async () => {
    const ways = [
      '/dashboard/',
      '//dashboard',
      '/dashboard%2F',
      '/%64ashboard',
      '/DASHBOARD',
      '/dashboard%2fx',
      '/x/../dashboard',
      '/x/%2e%2e/dashboard',
      '/./dashboard',
      '/dashboard%00',
      '/dashboard;x',
      '/dashboard\\',
      '/account%2F',
      '/acc%6Funt',
      '/_next/data/x/account.json',
      '/dashboard.rsc',
      '/dashboard?_rsc=1',
      '/dashboard/teas/..',
      '/dashboard/teas/x/../../../sign-in',
      '/dashboard/teas/.',
      '/dashboard/teas%2Fx',
      '/dashboard%2Fteas/x',
      '/Dashboard/teas/x',
      '/dashboard/teas/x.rsc',
      '/dashboard/teas/x.segments/_tree.segment.rsc',
      '/%2564ashboard',
      '/dashboard%',
    ]
    for (const path of ways) {
      const { status, body } = await sendRaw(url, path, {
        accept: 'text/html',
        cookie: toHeader(cookiesFor()),
        rsc: '1',
      })
      // One of them is the sign-in page.
      assert.ok(status !== 200 || body.includes('Sign in to the tea club'), `${path} is answered ${status}`)
      assert.doesNotMatch(body, /Your tea|Your account|Notes on/, path)
    }
  })

  test('takes webhooks that are signed, and no others', async () => {
    const event = { type: 'user.created', object: 'event', data: { id: ada.id } }
    const { headers, body } = await signWebhook(event, { signingSecret: WEBHOOK_SECRET })
    const send = (text) => fetch(`${url}/api/webhooks`, { method: 'POST', headers, body: text })
    assert.deepEqual(await (await send(body)).json(), { received: 'user.created' })
    assert.equal((await send(body.replace('created', 'deleted'))).status, 400)
  })

  test(
    'signs a person in with a form, who then uses a server action',
    { skip: chromiumPath() ? false : 'Chromium is missing: set CHROMIUM to its path.' },
    async () => {
      const browser = await chromium.launch({
        executablePath: chromiumPath(),
        args: [
          '--no-sandbox',
          '--disable-gpu',
          '--disable-quic',
          '--no-first-run',
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
        ],
      })
      try {
        const context = await browser.newContext()
        const page = await context.newPage()
        await page.goto(`${url}/dashboard`)
        assert.equal(new URL(page.url()).pathname, '/sign-in')
        await page.fill('input[name=identifier]', 'ada@example.com')
        await page.getByRole('button', { name: 'Continue', exact: true }).click()
        await page.fill('input[name=password]', PASSWORD)
        await page.getByRole('button', { name: 'Continue', exact: true }).click()
        await page.waitForURL(`${url}/dashboard`)
        assert.equal(await page.textContent('h1'), 'Hello, Ada!')
        await page.fill('input[name=tea]', 'Sencha')
        await page.click('button')
        await page.waitForFunction(() => document.querySelector('#tea').textContent === 'Sencha')
        assert.deepEqual((await latchkey.client.users.getUser(ada.id)).publicMetadata, { tea: 'Sencha' })
        await page.click('text=Account')
        await page.waitForURL(`${url}/account`)
        assert.match(await page.textContent('dl'), /ada@example\.com/)
        if (process.env.SCREENSHOTS) await takeScreenshots(page, url, process.env.SCREENSHOTS)
      } finally {
        await browser.close()
      }
    },
  )

  test('refuses to start without its variables, and says which lines to put where', async () => {
    const { status, output } = await finish(spawn(...run('start', '--port', '0'), { cwd: folder, env: withoutKeys() }))
    assert.notEqual(status, 0)
    for (const line of ['NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY=pk_test_', 'CLERK_SECRET_KEY=sk_test_', '.env.local'])
      assert.ok(output.includes(line), output)
  })

  // Last, because it stops the API.
  test('lets people in while the API is down, and fails where it needs it', async () => {
    const { jwt } = await mintToken()
    await latchkey.close()
    latchkey = undefined
    const headers = { authorization: `Bearer ${jwt}` }
    assert.equal((await fetch(`${url}/api/me`, { headers })).status, 200)
    assert.equal((await fetch(`${url}/api/hello`, { headers })).status, 200)
    assert.equal((await fetch(`${url}/dashboard`, { headers })).status, 500)
  })
}

function withoutKeys() {
  const kept = Object.entries(process.env).filter(([name]) => !/^(NEXT_PUBLIC_)?CLERK_/.test(name))
  // Next 15 would query a registry about the lockfile.
  return {
    ...Object.fromEntries(kept),
    NEXT_TELEMETRY_DISABLED: '1',
    NEXT_IGNORE_INCORRECT_LOCKFILE: '1',
    NODE_ENV: 'production',
  }
}

async function keysOf(latchkey) {
  return {
    NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: latchkey.publishableKey,
    NEXT_PUBLIC_CLERK_PROXY_URL: latchkey.url,
    NEXT_PUBLIC_CLERK_JS_URL: `${latchkey.url}/npm/@clerk/clerk-js@6/dist/clerk.browser.js`,
    NEXT_PUBLIC_CLERK_UI_URL: `${latchkey.url}/npm/@clerk/ui@1/dist/ui.browser.js`,
    CLERK_SECRET_KEY: latchkey.secretKey,
    CLERK_API_URL: latchkey.url,
    CLERK_JWT_KEY: await latchkey.jwtKey(),
  }
}

async function freePort() {
  const server = createServer().listen(0)
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function isReady(child) {
  let output = ''
  await new Promise((resolve, reject) => {
    child.stdout.on('data', (text) => {
      output += text
      if (/Ready in/.test(output)) resolve()
    })
    child.once('exit', (status) => reject(new Error(`The application ended with ${status}: ${output}`)))
  })
}

async function finish(child) {
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
  const status = await new Promise((resolve) => child.once('close', resolve))
  return { status, output }
}

/** fetch() would normalise the path. */
function sendRaw(url, path, headers) {
  return new Promise((resolve, reject) => {
    request(url, { path, headers }, (response) => {
      let body = ''
      response
        .setEncoding('utf8')
        .on('data', (text) => (body += text))
        .on('end', () => resolve({ status: response.statusCode, body }))
    })
      .on('error', reject)
      .end()
  })
}

function chromiumPath() {
  return [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
    (path) => path && existsSync(path),
  )
}

async function takeScreenshots(page, url, folder) {
  for (const [name, path] of [
    ['home', '/'],
    ['dashboard', '/dashboard'],
    ['account', '/account'],
    ['nothing', '/admin'],
    ['sign-in', '/sign-in'],
  ]) {
    await page.goto(url + path)
    await page.screenshot({ path: join(folder, `${name}.png`) })
  }
}
