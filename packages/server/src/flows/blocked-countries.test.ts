import { beforeEach, describe, expect, it } from 'vitest'
import type { Answer } from '../browser.test-support.js'
import { dialects, useTestServer } from '../server.test-support.js'
import { configure, openSignIn, PASSWORD } from './sign-in/sign-in.test-support.js'
import { begin } from './sign-up/sign-up.test-support.js'

const GERMAN = '+4915112345678'
const TAKEN = '+4915112345679'
const AMERICAN = '+14155552671'

describe.each(dialects)('numbers of countries that get no text messages, on %s', (dialect) => {
  const server = useTestServer(dialect)

  describe.each([false, true])('with enumeration protection %s', (enumerationProtection) => {
    beforeEach(() =>
      configure(server, {
        attributes: { phone_number: { enabled: true }, password: { enabled: true, required: false } },
        attackProtection: { enumerationProtection },
        communication: { blockedCountryCodes: ['DE'] },
      }),
    )

    const expectRefused = ({ status, body }: Answer) =>
      expect([status, body]).toMatchObject([
        403,
        { errors: [{ code: 'unsupported_country_code', meta: { country_code: 'DE' } }] },
      ])

    it('get no code in a sign-up, while others do', async () => {
      const { prepare } = await begin(server, { phone_number: GERMAN })
      expectRefused(await prepare({ strategy: 'phone_code' }))
      expect(await server.messages()).toEqual([])
      const { prepare: send } = await begin(server, { phone_number: AMERICAN })
      expect((await send({ strategy: 'phone_code' })).status).toBe(200)
      expect(await server.messages()).toMatchObject([{ toAddress: AMERICAN }])
    })

    it('get no code in a sign-in, and the password stays a way in', async () => {
      await server.client.users.createUser({ phoneNumber: [GERMAN], password: PASSWORD })
      const browser = await openSignIn(server)
      const { id, supported_first_factors: offers } = (await browser.create({ identifier: GERMAN })).body.response
      const { phone_number_id } = offers.find(({ strategy }: { strategy: string }) => strategy === 'phone_code')
      for (const strategy of ['phone_code', 'reset_password_phone_code']) {
        expectRefused(await browser.step(id, 'prepare_first_factor', { strategy, phone_number_id }))
      }
      const done = await browser.step(id, 'attempt_first_factor', { strategy: 'password', password: PASSWORD })
      expect(done.body.response.status).toBe('complete')
      expect(await server.messages()).toEqual([])
    })

    it('get no code in a profile', async () => {
      await server.client.users.createUser({ emailAddress: ['ada@example.com'], password: PASSWORD })
      const browser = await openSignIn(server)
      await browser.create({ identifier: 'ada@example.com', password: PASSWORD })
      const { id } = (await browser.call('POST /me/phone_numbers', { form: { phone_number: GERMAN } })).body.response
      const form = { strategy: 'phone_code' }
      expectRefused(await browser.call(`POST /me/phone_numbers/${id}/prepare_verification`, { form }))
      expect(await server.messages()).toEqual([])
    })
  })

  it('do not tell who has an account by how they are refused', async () => {
    await configure(server, {
      attributes: { phone_number: { enabled: true } },
      attackProtection: { enumerationProtection: true },
      communication: { blockedCountryCodes: ['DE'] },
    })
    await server.client.users.createUser({ phoneNumber: [TAKEN] })
    await server.client.users.createUser({ emailAddress: ['ada@example.com'], password: PASSWORD })
    const browser = await openSignIn(server)
    await browser.create({ identifier: 'ada@example.com', password: PASSWORD })
    const answersFor = async (number: string) => {
      const form = { strategy: 'phone_code' }
      const signIn = await openSignIn(server)
      const { id, supported_first_factors: offers } = (await signIn.create({ identifier: number })).body.response
      const { phone_number_id } = offers.find(({ strategy }: { strategy: string }) => strategy === 'phone_code')
      const { prepare } = await begin(server, { phone_number: number })
      const own = await browser.call('POST /me/phone_numbers', { form: { phone_number: number } })
      const answers = [
        await signIn.step(id, 'prepare_first_factor', { ...form, phone_number_id }),
        await prepare(form),
        await browser.call(`POST /me/phone_numbers/${own.body.response.id}/prepare_verification`, { form }),
      ]
      return answers.map(({ status, body: { errors } }) => ({ status, errors }))
    }
    const taken = await answersFor(TAKEN)
    expect(taken.map(({ status }) => status)).toEqual([403, 403, 403])
    expect(await answersFor(GERMAN)).toEqual(taken)
  })
})
