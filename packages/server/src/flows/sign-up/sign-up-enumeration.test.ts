import { beforeEach, describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'
import { begin, codesOf, configure, EMAIL, PASSWORD, PHONE } from './sign-up.test-support.js'

describe.each(dialects)(
  'a sign-up with an identifier that a user has, under enumeration protection, on %s',
  (dialect) => {
    const server = useTestServer(dialect)
    let userId: string

    beforeEach(async () => {
      await configure(server, {
        attackProtection: { enumerationProtection: true },
        attributes: { phone_number: { enabled: true } },
      })
      const user = await server.client.users.createUser({ emailAddress: ['Ada@example.com'], phoneNumber: [PHONE] })
      userId = user.id
    })

    const withoutIds = (body: unknown) => JSON.stringify(body).replaceAll(/(sua|client)_\w+/g, '$1')

    it('looks like any other, also when codes are tried', async () => {
      const known = await begin(server, { email_address: EMAIL, password: PASSWORD })
      const unknown = await begin(server, { email_address: 'new@example.com', password: PASSWORD })
      const same = (text: string) => text.replaceAll('new@example.com', EMAIL)
      expect(same(withoutIds(unknown.begun.body))).toBe(withoutIds(known.begun.body))
      const prepared = [await known.prepare(), await unknown.prepare()]
      expect(prepared.map(({ status }) => status)).toEqual([200, 200])
      expect(same(withoutIds(prepared[1]!.body))).toBe(withoutIds(prepared[0]!.body))
      for (let count = 0; count < 5; count++) {
        expect(codesOf(await known.attempt({ code: String(count).repeat(6) }))).toEqual([422, 'form_code_incorrect'])
      }
      expect(codesOf(await known.attempt({ code: '424242' }))).toEqual([400, 'verification_failed'])
      expect(codesOf(await known.prepare())).toEqual([429, 'verification_code_too_many_requests'])
    })

    it('sends the owner a notice without a code', async () => {
      const { prepare } = await begin(server, { email_address: EMAIL, password: PASSWORD })
      await prepare()
      const messages = await server.messages()
      expect(messages).toMatchObject([{ slug: 'sign_up_attempted', toAddress: 'Ada@example.com', userId }])
      const { body, bodyPlain } = messages[0]!
      expect(`${bodyPlain} ${body.replace(/#[\da-f]{6}\b/g, '')}`).not.toMatch(/\d{6}/)
      expect((await server.events()).map(({ type }) => type)).toContain('email.created')
    })

    it('sends nothing to a phone', async () => {
      const { begun, prepare, attempt } = await begin(server, { phone_number: PHONE })
      expect(begun.status).toBe(200)
      const prepared = await prepare({ strategy: 'phone_code' })
      expect(prepared.body.response.verifications.phone_number).toMatchObject({ status: 'unverified', attempts: 0 })
      expect(codesOf(await attempt({ strategy: 'phone_code', code: '424242' }))).toEqual([422, 'form_code_incorrect'])
      expect(await server.messages()).toEqual([])
    })

    it('accepts no code of a test address either', async () => {
      await server.client.users.createUser({ emailAddress: ['ada+clerk_test@example.com'] })
      const { prepare, attempt } = await begin(server, { email_address: 'ada+clerk_test@example.com' })
      await prepare()
      expect(codesOf(await attempt({ code: '424242' }))).toEqual([422, 'form_code_incorrect'])
      expect(await server.messages()).toEqual([])
    })
  },
)
