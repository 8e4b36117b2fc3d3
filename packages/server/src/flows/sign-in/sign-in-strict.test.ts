import { describe, expect, it, vi } from 'vitest'
import { PasswordHasher } from '../../lib/passwords/index.js'
import { ENCRYPTION_KEY, servicesOf } from '../../resources/users/user-parts.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import {
  ADA,
  configure,
  everything,
  lastCode,
  newAda,
  openSignIn,
  PASSWORD,
  problem,
  wrongFor,
} from './sign-in.test-support.js'

const NOBODY = 'nobody@example.com'
const strict = { ...everything, attackProtection: { enumerationProtection: true } }

describe.each(dialects)('a sign-in that tells nobody who has an account, on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })

  /** Without what differs from one sign-in to the next. */
  const shapeOf = (response: Record<string, unknown>, identifier: string) => {
    const text = JSON.stringify({ ...response, id: 'sia' })
    return JSON.parse(text.replaceAll(identifier, 'IDENTIFIER').replaceAll(/idn_[0-9A-Za-z]{27}/g, 'idn'))
  }

  it('looks the same for an identifier that is nobody’s', async () => {
    await configure(server, strict)
    await newAda(server)
    const browser = await openSignIn(server)
    const known = (await browser.create({ identifier: ADA })).body.response
    const unknown = (await browser.create({ identifier: NOBODY })).body.response
    expect(known).toMatchObject({ status: 'needs_first_factor', user_data: null })
    expect(shapeOf(unknown, NOBODY)).toEqual(shapeOf(known, ADA))
    expect(Object.keys(unknown)).toEqual(Object.keys(known))
  })

  it('shows the same decoys each time, and those of others differ', async () => {
    await configure(server, strict)
    const factors = async (identifier: string) => {
      const browser = await openSignIn(server)
      return (await browser.create({ identifier })).body.response.supported_first_factors
    }
    expect(await factors(NOBODY)).toEqual(await factors(NOBODY))
    expect(await factors(NOBODY)).not.toEqual(await factors('nobody-else@example.com'))
    expect(await factors('nobody_at_all')).toEqual(await factors('NOBODY_AT_ALL'))
    expect(await factors('+14155552671')).toMatchObject([
      { strategy: 'password' },
      { strategy: 'phone_code', safe_identifier: '+14155552671' },
      { strategy: 'reset_password_phone_code' },
    ])
  })

  it('answers wrong passwords alike, and hashes one for each', async () => {
    await configure(server, strict)
    await newAda(server)
    await server.client.users.createUser({ emailAddress: ['bob@example.com'] })
    const passwordDigest = 'awscognito#us-east-1_abc#client#carol'
    const imported = { passwordDigest, passwordHasher: 'awscognito' as const }
    await server.client.users.createUser({ emailAddress: ['carol@example.com'], ...imported })
    const dummies = vi.spyOn(PasswordHasher.prototype, 'verifyDummy')
    const real = vi.spyOn(PasswordHasher.prototype, 'verify')
    const answers = []
    for (const identifier of [ADA, NOBODY, 'bob@example.com', 'carol@example.com']) {
      const browser = await openSignIn(server)
      const at = dummies.mock.calls.length + real.mock.calls.length
      const { status, body } = await browser.create({ identifier, password: 'wrong password' })
      expect(dummies.mock.calls.length + real.mock.calls.length).toBe(at + 1)
      answers.push({ status, errors: body.errors })
      const { id } = (await browser.create({ identifier })).body.response
      const form = { strategy: 'password', password: 'wrong password' }
      const attempted = await browser.step(id, 'attempt_first_factor', form)
      expect(dummies.mock.calls.length + real.mock.calls.length).toBe(at + 2)
      answers.push({ status: attempted.status, errors: attempted.body.errors })
    }
    vi.restoreAllMocks()
    expect(answers[0]).toMatchObject({ status: 422, errors: [{ code: 'form_password_or_identifier_incorrect' }] })
    expect(answers[0]!.errors[0].meta).toBeUndefined()
    for (const answer of answers) expect(answer).toEqual(answers[0])
  })

  it('does not tell of a lock before something is proved', async () => {
    await configure(server, { ...strict, lockout: { maxAttempts: 2 } })
    await newAda(server)
    const codes = []
    for (const password of ['wrong password', 'wrong password', PASSWORD]) {
      const browser = await openSignIn(server)
      const { body } = await browser.create({ identifier: ADA, password })
      codes.push(body.errors.map(({ code }: { code: string }) => code))
    }
    expect(codes).toEqual(Array.from({ length: 3 }, () => ['form_password_or_identifier_incorrect']))
  })

  it('pretends to send codes, none of which is right', async () => {
    await configure(server, strict)
    await newAda(server)
    const steps = async (identifier: string, code: () => Promise<string>) => {
      const browser = await openSignIn(server)
      const { id } = (await browser.create({ identifier })).body.response
      const step = async (name: string, form: object) => {
        const { status, body } = await browser.step(id, name, { strategy: 'email_code', ...form })
        return status === 200 ? shapeOf(body.response, identifier) : { status, errors: body.errors }
      }
      const outcome = [
        await step('attempt_first_factor', { code: '000000' }),
        await step('prepare_first_factor', {}),
        await step('prepare_first_factor', {}),
      ]
      const tried = await code()
      for (let tries = 0; tries < 6; tries++) outcome.push(await step('attempt_first_factor', { code: tried }))
      return outcome
    }
    const known = await steps(ADA, async () => wrongFor(await lastCode(server)))
    expect(await server.messages()).toHaveLength(1)
    expect(await steps(NOBODY, async () => '424242')).toEqual(known)
    expect(await server.messages()).toHaveLength(1)
    expect(known.at(-1)).toMatchObject({ status: 400, errors: [{ code: 'verification_failed' }] })
  })

  it('offers everybody the same: without a password, with several addresses, by a username', async () => {
    await configure(server, { ...strict, attributes: { ...strict.attributes, passkey: { enabled: true } } })
    await server.client.users.createUser({ emailAddress: [ADA, 'countess@example.com'], username: 'ada_l' })
    const shape = async (identifier: string) => {
      const { status, body } = await (await openSignIn(server)).create({ identifier })
      const factors = body.response.supported_first_factors as { safe_identifier?: string }[]
      const masked = factors.map((factor) => ({ ...factor, safe_identifier: factor.safe_identifier && 'SHOWN' }))
      return shapeOf({ status, ...body.response, supported_first_factors: masked }, identifier)
    }
    expect(await shape(ADA)).toEqual(await shape(NOBODY))
    expect(await shape('ada_l')).toEqual(await shape('nobody_l'))
    const idsOf = async () => {
      const { body } = await (await openSignIn(server)).create({ identifier: ADA })
      return body.response.supported_first_factors[1].email_address_id
    }
    const [address] = (await server.call('GET', '/users')).body[0].email_addresses
    expect(await idsOf()).not.toBe(address.id)
    expect(await idsOf()).toBe(await idsOf())
  })

  it('sends a code to the address that was typed, and to the primary one of a username', async () => {
    await configure(server, strict)
    await server.client.users.createUser({ emailAddress: ['countess@example.com', ADA], username: 'ada_l' })
    for (const [identifier, address] of [
      [ADA, ADA],
      ['ada_l', 'countess@example.com'],
    ] as const) {
      const browser = await openSignIn(server)
      const { id, supported_first_factors: factors } = (await browser.create({ identifier })).body.response
      const { email_address_id: emailAddressId } = factors[1]
      const form = { strategy: 'email_code', email_address_id: emailAddressId }
      expect((await browser.step(id, 'prepare_first_factor', form)).status).toBe(200)
      expect((await server.messages()).at(-1)).toMatchObject({ toAddress: address })
      const attempt = { strategy: 'email_code', code: await lastCode(server) }
      expect((await browser.step(id, 'attempt_first_factor', attempt)).body.response.status).toBe('complete')
    }
  })

  it('pretends to send what a user does not have', async () => {
    await configure(server, strict)
    await server.client.users.createUser({ emailAddress: [ADA] })
    const steps = async (identifier: string) => {
      const browser = await openSignIn(server)
      const { id } = (await browser.create({ identifier })).body.response
      const step = async (name: string, form: object) => {
        const { status, body } = await browser.step(id, name, { strategy: 'reset_password_email_code', ...form })
        return status === 200 ? shapeOf(body.response, identifier) : { status, errors: body.errors }
      }
      return [
        await step('attempt_first_factor', { code: '000000' }),
        await step('prepare_first_factor', {}),
        await step('prepare_first_factor', {}),
        await step('attempt_first_factor', { code: '424242' }),
      ]
    }
    expect(await steps(ADA)).toEqual(await steps(NOBODY))
    expect(await server.messages()).toEqual([])
  })

  it('answers codes of a locked user like those of nobody', async () => {
    await configure(server, strict)
    const { id: userId } = await newAda(server)
    const steps = async (identifier: string) => {
      const browser = await openSignIn(server)
      const { id } = (await browser.create({ identifier })).body.response
      await browser.step(id, 'prepare_first_factor', { strategy: 'email_code' })
      if (identifier === ADA) await server.call('POST', `/users/${userId}/lock`)
      const code = identifier === ADA ? await lastCode(server) : '424242'
      const answers = []
      for (let tries = 0; tries < 6; tries++) {
        const { status, body } = await browser.step(id, 'attempt_first_factor', { strategy: 'email_code', code })
        answers.push({ status, errors: body.errors })
      }
      return answers
    }
    const locked = await steps(ADA)
    expect(locked).toEqual(await steps(NOBODY))
    expect(locked.at(-1)).toMatchObject({ errors: [{ code: 'verification_failed' }] })
  })

  it('takes no code that was sent to an address which the user has no more', async () => {
    await configure(server, strict)
    const { id: userId } = await newAda(server, { username: 'ada_l' })
    const browser = await openSignIn(server)
    const { id } = (await browser.create({ identifier: ADA, strategy: 'email_code' })).body.response
    const code = await lastCode(server)
    const [address] = (await server.call('GET', `/users/${userId}`)).body.email_addresses
    expect((await server.call('DELETE', `/email_addresses/${address.id}`)).status).toBe(200)
    const attempt = await browser.step(id, 'attempt_first_factor', { strategy: 'email_code', code })
    expect(attempt).toMatchObject({ status: 422, body: problem('form_code_incorrect', 'code') })
    expect((await browser.client()).sessions).toEqual([])
  })

  it.each(['email_code', 'phone_code'])('limits %s to one place, also where nothing is sent', async (strategy) => {
    await configure(server, { ...strict, rateLimits: { people: true } })
    await server.client.users.createUser({ emailAddress: [ADA], phoneNumber: ['+14155552671'] })
    const send = async (identifier: string) => {
      const browser = await openSignIn(server)
      return (await browser.create({ identifier, strategy })).status
    }
    const [known, unknown] = strategy === 'email_code' ? [ADA, NOBODY] : ['+14155552671', '+14155552672']
    for (const identifier of [known!, unknown!]) {
      const statuses = []
      for (let times = 0; times < 4; times++) statuses.push(await send(identifier))
      expect(statuses).toEqual([200, 200, 200, 429])
      server.clock.advance(30_000)
      expect(await send(identifier)).toBe(200)
    }
  })

  it('goes on as always for a user', async () => {
    await configure(server, strict)
    await newAda(server)
    const browser = await openSignIn(server)
    expect((await browser.create({ identifier: ADA, password: PASSWORD })).body.response.status).toBe('complete')
  })

  describe('with sign_up_if_missing', () => {
    const begin = async (identifier = NOBODY) => {
      const browser = await openSignIn(server)
      const form = { identifier, strategy: 'email_code', sign_up_if_missing: true }
      const { id } = (await browser.create(form)).body.response
      const attempt = (code: string) => browser.step(id, 'attempt_first_factor', { strategy: 'email_code', code })
      return { browser, id, attempt }
    }

    it('sends a real code to whom nobody knows, and leads to a sign-up, once', async () => {
      await configure(server, strict)
      const { browser, id, attempt } = await begin()
      const [message] = await server.messages()
      expect(message).toMatchObject({ toAddress: NOBODY, userId: null, identificationId: null })
      const code = await lastCode(server)
      expect(await attempt(wrongFor(code))).toMatchObject({ status: 422, body: problem('form_code_incorrect', 'code') })
      const right = await attempt(code)
      expect(right).toMatchObject({
        status: 404,
        body: {
          errors: [{ code: 'sign_up_if_missing_transfer' }],
          meta: { client: { sign_in: { id, first_factor_verification: { status: 'transferable' } } } },
        },
      })
      const { client } = right.body.meta
      expect((await browser.client()).sign_in.first_factor_verification.status).toBe('transferable')
      expect(client.sessions).toEqual([])
      const services = await servicesOf(server)
      const caller = { kind: 'client' as const, clientId: client.id, ipAddress: null, userAgent: null, traceId: null }
      const take = (clientId = client.id) =>
        services.context.transaction(caller, (tx) => services.signIns.takeTransferable(id, clientId, tx))
      expect(await take('client_of_somebody_else')).toBeUndefined()
      const taken = await Promise.all(Array.from({ length: 64 }, () => take()))
      expect(taken.filter((one) => one !== undefined)).toMatchObject([{ identifier: NOBODY, isDecoy: true }])
      expect((await browser.client()).sign_in.first_factor_verification.status).toBe('verified')
    })

    it('ends in an account with the address that was proved, which no second transfer takes, and leaves no attempt behind (mistakes 9 and 10)', async () => {
      await configure(server, strict)
      const { browser, attempt } = await begin()
      expect((await attempt(await lastCode(server))).status).toBe(404)
      const form = { transfer: true, password: PASSWORD }
      const { status, body } = await browser.call('POST /client/sign_ups', { form })
      expect(status).toBe(200)
      expect(body.response).toMatchObject({ status: 'complete', email_address: NOBODY })
      expect(body.client.sessions).toMatchObject([
        { user: { email_addresses: [{ email_address: NOBODY, verification: { status: 'verified' } }] } },
      ])
      expect(body.client).toMatchObject({ sign_in: null, sign_up: null })
      const again = await browser.call('POST /client/sign_ups', { form })
      expect(again.status).toBe(400)
    })

    it('signs in whom it knows', async () => {
      await configure(server, strict)
      await newAda(server)
      const { attempt } = await begin(ADA)
      expect((await attempt(await lastCode(server))).body.response.status).toBe('complete')
    })

    it.each([
      [{}, { identifier: 'nobody_l' }, 'sign_up_if_missing_not_allowed'],
      [
        {},
        { identifier: NOBODY, strategy: 'password', password: PASSWORD },
        'sign_up_if_missing_strategy_not_supported',
      ],
      [{ signUp: { mode: 'restricted' as const } }, { identifier: NOBODY }, 'sign_up_if_missing_not_allowed'],
    ])('is refused with the settings %j for %j', async (settings, form, code) => {
      await configure(server, { ...strict, ...settings })
      const browser = await openSignIn(server)
      expect(await browser.create({ ...form, sign_up_if_missing: true })).toMatchObject({
        status: 422,
        body: problem(code),
      })
      expect(await server.messages()).toEqual([])
    })
  })
})
