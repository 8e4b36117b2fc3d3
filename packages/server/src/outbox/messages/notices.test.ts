import { describe, expect, it } from 'vitest'
import { add, signedIn } from '../../flows/account/account.test-support.js'
import { ADA, configure, everything, newAda, openSignIn, PASSWORD } from '../../flows/sign-in/sign-in.test-support.js'
import { begin } from '../../flows/sign-up/sign-up.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { acceptedLanguages, chooseLanguage } from './languages/index.js'

const MINUTE = 60 * 1000
const HOUR = 60 * MINUTE
const PHONE = '+14155552671'
const FIREFOX = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' }
const SAFARI = {
  'user-agent':
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1',
}

describe.each(dialects)('notices on %s', (dialect) => {
  const server = useTestServer(dialect)

  const slugs = async () => (await server.messages()).map(({ slug }) => slug)
  const created = async () => (await server.events()).filter(({ type }) => /^(email|sms)\.created$/.test(type))
  const signInWith = async (headers: Record<string, string>) => {
    const browser = await openSignIn(server)
    const again = () =>
      browser.call('POST /client/sign_ins', { form: { identifier: ADA, password: PASSWORD }, headers })
    return { browser, again, answer: await again() }
  }

  it('tell of a sign-in on a device that is new, not of the first one of all, nor of a known one', async () => {
    await newAda(server, { firstName: 'Ada' })
    const { browser, again } = await signInWith(FIREFOX)
    expect(await slugs()).toEqual([])
    await browser.call('DELETE /client/sessions')
    await again()
    expect(await slugs()).toEqual([])

    await signInWith(SAFARI)
    const [message] = await server.messages()
    expect(message).toMatchObject({
      slug: 'new_device_sign_in',
      toAddress: ADA,
      data: {
        sign_in_method: 'a password',
        device_type: 'Phone',
        browser_name: 'Safari',
        operating_system: 'iPhone',
        session_created_at: expect.stringMatching(/^\d+ \w+ \d{4}, \d\d:\d\d UTC$/),
        greeting_name: 'Ada',
        primary_email_address: ADA,
      },
    })
    expect(message!.bodyPlain).toContain('Signed in with: a password\nDevice: Phone\nBrowser: Safari\nSystem: iPhone\n')
  })

  it('tell twice of two devices, and once of what looks the same', async () => {
    await newAda(server)
    await signInWith(FIREFOX)
    for (const headers of [SAFARI, SAFARI, { 'user-agent': 'curl/8' }]) {
      await signInWith(headers)
      server.clock.advance(10)
    }
    expect(await slugs()).toEqual(['new_device_sign_in', 'new_device_sign_in'])
    expect(await created()).toHaveLength(2)
    server.clock.advance(10 * MINUTE)
    await signInWith(SAFARI)
    expect(await slugs()).toHaveLength(3)
  })

  it('tell once of a lock, with its end', async () => {
    const ada = await newAda(server)
    const wrong = () => server.call('POST', `/users/${ada.id}/verify_password`, { password: 'wrong' })
    await Promise.all(Array.from({ length: 15 }, wrong))
    const messages = await server.messages()
    expect(messages).toMatchObject([
      {
        slug: 'account_locked',
        toAddress: ADA,
        userId: ada.id,
        data: { failed_attempts: 10, lockout_duration: '1 hour', unlock_time: expect.stringContaining('UTC') },
      },
    ])
    expect(messages[0]!.bodyPlain).toContain('You can sign in again in 1 hour.')
    server.clock.advance(HOUR)
    await Promise.all(Array.from({ length: 10 }, wrong))
    expect(await slugs()).toEqual(['account_locked', 'account_locked'])
  })

  it('of an account without an address come by text message, also after a reset', async () => {
    await configure(server, { ...everything, attributes: { phone_number: { enabled: true }, email_address: {} } })
    const user = await server.client.users.createUser({ phoneNumber: [PHONE], password: PASSWORD })
    const browser = await openSignIn(server)
    const strategy = 'reset_password_phone_code'
    const { id } = (await browser.create({ identifier: PHONE, strategy })).body.response
    const code = (await server.messages()).at(-1)!.data!['otp_code']
    await browser.step(id, 'attempt_first_factor', { strategy, code })
    expect((await browser.step(id, 'reset_password', { password: 'difference engine' })).status).toBe(200)
    const notice = { channel: 'sms', slug: 'password_changed', toAddress: PHONE, userId: user.id }
    expect((await server.messages()).at(-1)).toMatchObject(notice)

    server.clock.advance(11 * MINUTE)
    const other = await openSignIn(server)
    await other.create({ identifier: PHONE, password: 'difference engine' })
    const form = { current_password: 'difference engine', new_password: 'third engine' }
    expect((await other.call('POST /me/change_password', { form })).status).toBe(200)
    expect((await server.messages()).at(-1)).toMatchObject(notice)
    expect((await slugs()).filter((slug) => slug === 'password_changed')).toHaveLength(2)
  })

  it('tell of no password that the application’s server sets', async () => {
    const user = await server.client.users.createUser({ emailAddress: ['ada@example.com'], password: PASSWORD })
    await server.client.users.updateUser(user.id, { password: 'difference engine' })
    expect(await slugs()).toEqual([])
  })

  it('that are switched off are neither sent nor told of, and codes cannot be', async () => {
    const seed = (templates: object[]) => server.server.admin.seed(server.instance.id, { templates })
    const off = { template_type: 'email', slug: 'new_device_sign_in', enabled: false }
    await seed([off])
    await newAda(server)
    for (const headers of [FIREFOX, SAFARI]) await signInWith(headers)
    expect(await server.messages()).toEqual([])
    expect(await created()).toEqual([])
    for (const slug of ['verification_code', 'magic_link_sign_in', 'invitation']) {
      await expect(seed([{ ...off, slug }])).rejects.toMatchObject({ path: ['templates', 0, 'enabled'] })
    }
  })

  it('that the application delivers are told of and not sent', async () => {
    await server.client.templates.toggleDelivery({
      templateType: 'email',
      slug: 'new_device_sign_in',
      deliveredByClerk: false,
    })
    await newAda(server)
    for (const headers of [FIREFOX, SAFARI]) await signInWith(headers)
    expect(await server.messages()).toMatchObject([{ status: 'handed_over', nextAttemptAt: null, attempts: 0 }])
    expect((await created()).map(({ payload }) => payload)).toMatchObject([
      { slug: 'new_device_sign_in', delivered_by_clerk: false, body: expect.stringContaining('<h1') },
    ])
  })

  it('are as many as there are recipients', async () => {
    const person = await signedIn(server)
    const { prepare, attempt } = await add(person, 'grace@example.com')
    await prepare()
    await attempt((await server.messages()).at(-1)!.data!['otp_code'] as string)
    const form = { current_password: PASSWORD, new_password: 'difference engine' }
    await person.call('POST /me/change_password', { form })
    expect((await server.messages()).filter(({ slug }) => slug === 'password_changed')).toHaveLength(1)
  })
})

describe.each(dialects)('the language of a message on %s', (dialect) => {
  const server = useTestServer(dialect)

  const languageOfLast = async () => (await server.messages()).at(-1)!.language
  const arabic = { 'accept-language': 'xx, ar-EG;q=0.9, en;q=0.5' }
  const signUp = async (form: object, headers: Record<string, string>) => {
    const { browser, id } = await begin(server, { email_address: `someone@example.com`, ...form })
    const path = `POST /client/sign_ups/${id}/prepare_verification`
    await browser.call(path, { form: { strategy: 'email_code' }, headers })
    return languageOfLast()
  }

  it('is that of the sign-up before that of the browser', async () => {
    expect(await signUp({ locale: 'es-MX' }, arabic)).toBe('es')
  })

  it('is that of the browser before that of the instance', async () => {
    await configure(server, { communication: { defaultLocale: 'es' } })
    expect(await signUp({ locale: 'zh-Hant' }, arabic)).toBe('ar')
    server.clock.advance(MINUTE)
    expect(await signUp({}, { 'accept-language': 'zh' })).toBe('es')
  })

  it('is that of the user before that of the browser', async () => {
    await newAda(server, { locale: 'es' })
    const browser = await openSignIn(server)
    const form = { identifier: ADA, strategy: 'email_code' }
    await browser.call('POST /client/sign_ins', { form, headers: arabic })
    expect(await languageOfLast()).toBe('es')
  })

  it('is not that of the application’s server', async () => {
    const user = await newAda(server)
    const path = `/email_addresses/${user.primaryEmailAddressId}/prepare_verification`
    await server.call('POST', path, undefined, { headers: { 'accept-language': 'es' } })
    expect(await languageOfLast()).toBe('en')
  })

  it('is English where nothing else fits, and none of ours in a wording of the instance’s own', async () => {
    expect(await signUp({}, { 'accept-language': 'tlh, *;q=0.1' })).toBe('en')
    const wording = { name: 'Code', subject: '{{otp_code}}', body: '<b>{{otp_code}}</b>' }
    await server.client.templates.update({ templateType: 'email', slug: 'verification_code', ...wording })
    server.clock.advance(MINUTE)
    expect(await signUp({ locale: 'es' }, {})).toBeNull()
  })

  it.each([
    [['es-MX'], 'es'],
    [['ES_mx'], 'es'],
    [['ar-Arab-x-private'], 'ar'],
    [['zh-Hant', 'es'], 'es'],
    [[null, undefined, '', 'ar'], 'ar'],
    [['e'], 'en'],
    [['english'], 'en'],
    [['__proto__'], 'en'],
  ])('is found for %j', (wanted, tag) => {
    expect(chooseLanguage(wanted).tag).toBe(tag)
  })

  it.each([
    ['es;q=0.5, ar, en;q=0', ['ar', 'es']],
    ['*', []],
    ['<script>, es', ['es']],
    [`${'a,'.repeat(300)}es`, expect.not.arrayContaining(['es'])],
    ['es;q=much', []],
    [null, []],
  ])('is read from Accept-Language %j', (header, tags) => {
    expect(acceptedLanguages(header)).toEqual(tags)
  })
})
