import { createPages } from '@latchkey/pages'
import { describe, expect, it } from 'vitest'
import type { Answer } from '../../browser.test-support.js'
import { add, signedIn } from '../../flows/account/account.test-support.js'
import { LINKS, PAGE } from '../../flows/email-links/email-links.test-support.js'
import { configure, newAda, openSignIn } from '../../flows/sign-in/sign-in.test-support.js'
import { begin } from '../../flows/sign-up/sign-up.test-support.js'
import { system } from '../../kernel/caller.js'
import { silentLogger } from '../../kernel/runtime.js'
import { servicesOf } from '../../resources/users/user-parts.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

const KNOWN = { email: 'grace@example.com', phone: '+14155552671' }
const UNKNOWN = { email: 'nobody@example.com', phone: '+14155552672' }
const LIMITED = {
  ...LINKS,
  attributes: {
    ...LINKS.attributes,
    phone_number: { enabled: true, firstFactors: ['phone_code'], verifications: ['phone_code'] },
  },
  attackProtection: { enumerationProtection: true },
  rateLimits: { people: true },
}

describe.each(dialects)('limits on codes and links on %s', (dialect) => {
  const server = useTestServer(dialect, { pages: createPages() })

  const known = () => server.client.users.createUser({ emailAddress: [KNOWN.email], phoneNumber: [KNOWN.phone] })
  const summaryOf = ({ status, headers, body }: Answer) => [
    status,
    body.errors?.[0].code ?? 'sent',
    headers.get('retry-after'),
  ]
  /** The answers to asking seven times, as soon as one may ask again. */
  const asked = async (ask: () => Promise<Answer>) => {
    const answers = []
    for (let times = 0; times < 7; times++) {
      answers.push(summaryOf(await ask()))
      server.clock.advance(31 * SECOND)
    }
    return answers
  }
  const link = { strategy: 'email_link', redirect_url: PAGE }
  const signInWith = (strategy: string) => async (identifier: string) => {
    const browser = await openSignIn(server)
    const { id } = (await browser.create({ identifier })).body.response
    const form = strategy === 'email_link' ? link : { strategy }
    return asked(() => browser.step(id, 'prepare_first_factor', form))
  }
  const signUpWith = (field: string, form: object) => async (identifier: string) => {
    const { prepare } = await begin(server, { [field]: identifier })
    return asked(() => prepare({ ...form }))
  }
  const addWith = (form: object) => async (identifier: string) => {
    const { prepare } = await add(await signedInPerson(), identifier)
    return asked(() => prepare({ ...form }))
  }
  let person: ReturnType<typeof signedIn> | undefined
  const signedInPerson = () => (person ??= signedIn(server))

  /** The outcomes of beginning so many sign-ins and sign-ups with a code, in turn. */
  const askMany = async (count: number, email: string, query: Record<string, string> = {}) => {
    const found = []
    for (let times = 0; times < count; times++) {
      const browser = await openSignIn(server)
      const code = { strategy: 'email_code' }
      const [route, form] =
        times % 2 === 0
          ? ['POST /client/sign_ins', { identifier: email, ...code }]
          : ['POST /client/sign_ups', { email_address: email, ...code }]
      found.push(summaryOf(await browser.call(route, { form, query })))
    }
    return found
  }
  const sent = (count: number) => Array.from({ length: count }, () => [200, 'sent', null])
  const refusedFor = (seconds: number) => [429, 'too_many_requests', String(seconds)]

  it.each([
    ['a code by mail in a sign-in', 'email', signInWith('email_code')],
    ['a link in a sign-in', 'email', signInWith('email_link')],
    ['a code by text message in a sign-in', 'phone', signInWith('phone_code')],
    ['a code by mail in a sign-up', 'email', signUpWith('email_address', { strategy: 'email_code' })],
    ['a link in a sign-up', 'email', signUpWith('email_address', link)],
    ['a code by text message in a sign-up', 'phone', signUpWith('phone_number', { strategy: 'phone_code' })],
    ['a code by mail in a profile', 'email', addWith({ strategy: 'email_code' })],
    ['a link in a profile', 'email', addWith(link)],
    ['a code by text message in a profile', 'phone', addWith({ strategy: 'phone_code' })],
  ] as const)('send %s five times in ten minutes, and answer the same of nobody’s', async (_, channel, ask) => {
    await configure(server, LIMITED)
    await known()
    person = undefined
    const expected = [...sent(5), refusedFor(600 - 5 * 31), refusedFor(600 - 6 * 31)]
    expect(await ask(UNKNOWN[channel])).toEqual(expected)
    expect(await ask(KNOWN[channel])).toEqual(expected)
  })

  it('send three to one recipient in half a minute, whatever they are for, and say when there is room again', async () => {
    await configure(server, LIMITED)
    await known()
    for (const email of [KNOWN.email, UNKNOWN.email]) {
      expect(await askMany(3, email)).toEqual(sent(3))
      server.clock.advance(11_500)
      // What is refused uses nothing up.
      expect(await askMany(10, email)).toEqual(Array.from({ length: 10 }, () => refusedFor(19)))
      server.clock.advance(18_499)
      expect(await askMany(1, email)).toEqual([refusedFor(1)])
      server.clock.advance(1)
      expect(await askMany(1, email)).toEqual(sent(1))
    }
  })

  it('say how long the longest of the limits lasts that are reached', async () => {
    await configure(server, LIMITED)
    await known()
    expect(await askMany(2, KNOWN.email)).toEqual(sent(2))
    server.clock.advance(30 * SECOND)
    expect(await askMany(4, KNOWN.email)).toEqual([...sent(3), refusedFor(570)])
    server.clock.advance(569_999)
    expect(await askMany(1, KNOWN.email)).toEqual([refusedFor(1)])
    server.clock.advance(1)
    expect(await askMany(1, KNOWN.email)).toEqual(sent(1))
  })

  it.each(['in development', 'with a testing token'])('send as many as are asked for %s', async (where) => {
    const isDevelopment = where === 'in development'
    const { body } = await server.call('POST', '/testing_tokens')
    await configure(server, { ...LIMITED, rateLimits: { people: !isDevelopment } })
    await known()
    const query: Record<string, string> = isDevelopment ? {} : { __clerk_testing_token: body.token }
    for (const email of [KNOWN.email, UNKNOWN.email]) expect(await askMany(22, email, query)).toEqual(sent(22))
    const forged = { __clerk_testing_token: `${body.token}x` }
    if (!isDevelopment) expect(await askMany(4, KNOWN.email, forged)).toEqual([...sent(3), refusedFor(30)])
  })

  it('are another thing than the pause between two codes of one attempt, which holds for everybody', async () => {
    const { body } = await server.call('POST', '/testing_tokens')
    await known()
    const browser = await openSignIn(server)
    const { id } = (await browser.create({ identifier: KNOWN.email })).body.response
    const prepare = () =>
      browser.call(`POST /client/sign_ins/${id}/prepare_first_factor`, {
        form: { strategy: 'email_code' },
        query: { __clerk_testing_token: body.token },
      })
    expect(summaryOf(await prepare())).toEqual([200, 'sent', null])
    server.clock.advance(29_500)
    expect(summaryOf(await prepare())).toEqual([429, 'verification_code_too_many_requests', '1'])
    server.clock.advance(500)
    expect(summaryOf(await prepare())).toEqual([200, 'sent', null])
  })

  it('send twenty to one recipient in a day', async () => {
    await configure(server, LIMITED)
    await newAda(server)
    const ask = async () => {
      const browser = await openSignIn(server)
      server.clock.advance(31 * MINUTE)
      return (await browser.create({ identifier: 'ada@example.com', strategy: 'email_code' })).status
    }
    const statuses = []
    for (let times = 0; times < 21; times++) statuses.push(await ask())
    expect(statuses).toEqual([...Array.from({ length: 20 }, () => 200), 429])
    server.clock.advance(24 * HOUR)
    expect(await ask()).toBe(200)
  })

  it('send thirty from one network address in an hour, whoever they are for', async () => {
    await configure(server, LIMITED)
    const from = (address: string) => ({
      'clerk-proxy-url': 'https://app.example.com/__clerk',
      'clerk-secret-key': server.instance.secretKey,
      'x-forwarded-for': address,
    })
    let count = 0
    const ask = async (address: string) => {
      const browser = await openSignIn(server)
      server.clock.advance(11 * SECOND)
      const form = { identifier: `someone${++count}@example.com`, strategy: 'email_code' }
      return (await browser.call('POST /client/sign_ins', { form, headers: from(address) })).status
    }
    const statuses = []
    for (let times = 0; times < 31; times++) statuses.push(await ask('203.0.113.1'))
    expect(statuses).toEqual([...Array.from({ length: 30 }, () => 200), 429])
    expect(await ask('203.0.113.2')).toBe(200)
  })

  it('count a code once, also where its transaction runs again since what shares its commit fails', async () => {
    await configure(server, { rateLimits: { enabled: true } })
    const { context, outbox } = await servicesOf(server)
    const ask = () => context.transaction(system('test'), (tx) => outbox.pretend('email', KNOWN.email, tx))
    const fail = () =>
      context.transaction(system('test'), async () => {
        throw new Error('It fails')
      })
    const outcomes = []
    for (let times = 0; times < 6; times++) {
      const [asked, failed] = await Promise.allSettled([ask(), fail()])
      server.clock.advance(31 * SECOND)
      outcomes.push([asked.status, failed.status])
    }
    expect(outcomes).toEqual([...Array.from({ length: 5 }, () => ['fulfilled', 'rejected']), ['rejected', 'rejected']])
  })

  it('stop text messages of an instance after three hundred in an hour, and say so in the log', async () => {
    await configure(server, { rateLimits: { enabled: true } })
    const { context } = await servicesOf(server)
    const errors: object[] = []
    const { outbox } = await servicesOf(server, undefined, {
      ...silentLogger,
      error: (fields) => errors.push(fields),
    })
    const send = (number: number) =>
      context.transaction(system('test'), (tx) => {
        const address = `+1415557${1000 + number}`
        return outbox.smsCode(
          { address, identificationId: null, userId: null },
          { code: '123456', verificationId: 'ver_1' },
          tx,
        )
      })
    for (let number = 0; number < 300; number++) await send(number)
    expect(errors).toEqual([])
    await expect(send(300)).rejects.toMatchObject({ status: 429, errors: [{ code: 'too_many_requests' }] })
    expect(errors).toEqual([{ instanceId: server.instance.id, max: 300 }])
  })

  it('count no notices, no test addresses, and nothing where they are off or somebody has a testing token', async () => {
    await configure(server, LIMITED)
    const { outbox, context } = await servicesOf(server)
    for (let times = 0; times < 40; times++) {
      server.clock.advance(11 * MINUTE)
      const to = { address: 'ada@example.com', identificationId: null, userId: null }
      await context.transaction(system('test'), (tx) => outbox.passwordChanged(to, tx))
    }
    expect(await server.messages()).toHaveLength(40)

    const statuses = async (identifier: string, query: Record<string, string> = {}) => {
      const found = []
      for (let times = 0; times < 6; times++) {
        server.clock.advance(31 * SECOND)
        const browser = await openSignIn(server)
        const form = { identifier, strategy: 'email_code' }
        found.push((await browser.call('POST /client/sign_ins', { form, query })).status)
      }
      return found
    }
    const always = Array.from({ length: 6 }, () => 200)
    expect(await statuses('ada+clerk_test@example.com')).toEqual(always)
    const { body } = await server.call('POST', '/testing_tokens')
    expect(await statuses('token@example.com', { __clerk_testing_token: body.token })).toEqual(always)
    expect(await statuses('people@example.com')).toEqual([...always.slice(1), 429])
    await server.server.admin.seed(server.instance.id, { instance: { rate_limits: { people: false } } })
    expect(await statuses('people@example.com')).toEqual(always)
  })
})
