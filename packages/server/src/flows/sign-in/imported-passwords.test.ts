import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { longBcrypt } from '../../lib/passwords/digest-vectors.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { ADA, configure, lastCode, newAda, openSignIn, PASSWORD, problem } from './sign-in.test-support.js'

const COGNITO = { passwordDigest: 'awscognito#us-east-1_abc#client#ada', passwordHasher: 'awscognito' as const }

describe.each(dialects)('an imported password on %s', (dialect) => {
  const server = useTestServer(dialect)
  const signIn = async (password: string) => (await openSignIn(server)).create({ identifier: ADA, password })
  const signsIn = async (password: string) => (await signIn(password)).body.response?.status === 'complete'

  it('of more than 72 bytes is none to reset: it is kept as it was, and counts as a whole', async () => {
    const long = 'a quiet harbour '.repeat(10)
    const passwordDigest = createHash('md5').update(long).digest('hex')
    const { id } = await newAda(server, { password: undefined, passwordDigest, passwordHasher: 'md5' })
    for (const _ of ['with the digest that was imported', 'with a better one']) {
      expect(await signsIn(long.slice(0, 72))).toBe(false)
      expect(await signsIn(`${long}!`)).toBe(false)
      expect(await signsIn(long)).toBe(true)
    }
    const row = await server.server.database.read
      .selectFrom('users')
      .select('password_hasher')
      .where('id', '=', id)
      .executeTakeFirst()
    expect(row).toEqual({ password_hasher: 'argon2id' })
  })

  it('of more than 72 bytes signs in at a digest of bcrypt, which has read 72 of them where it comes from too', async () => {
    await newAda(server, { password: undefined, passwordDigest: longBcrypt, passwordHasher: 'bcrypt' })
    expect(await signsIn('x'.repeat(300))).toBe(true)
    expect(await signsIn('x'.repeat(71))).toBe(false)
  })

  describe('that only another service could check', () => {
    const cognitoAda = () => newAda(server, { password: undefined, ...COGNITO })

    it('has to be reset, whatever is typed, which counts as no guess', async () => {
      await cognitoAda()
      for (let tries = 0; tries < 12; tries++) {
        const refused = await signIn(PASSWORD)
        expect(refused).toMatchObject({ status: 422, body: problem('password_reset_required') })
        expect(refused.body.errors).toHaveLength(1)
        expect(refused.body.errors[0].meta).toBeUndefined()
      }
      const browser = await openSignIn(server)
      const begun = (await browser.create({ identifier: ADA })).body.response
      expect(begun.supported_first_factors.map(({ strategy }: { strategy: string }) => strategy)).toEqual([
        'password',
        'email_code',
        'reset_password_email_code',
      ])
      const form = { strategy: 'password', password: PASSWORD }
      const refused = await browser.step(begun.id, 'attempt_first_factor', form)
      expect(refused).toMatchObject({ status: 422, body: problem('password_reset_required') })

      const strategy = 'reset_password_email_code'
      await browser.step(begun.id, 'prepare_first_factor', { strategy })
      await browser.step(begun.id, 'attempt_first_factor', { strategy, code: await lastCode(server) })
      const reset = await browser.step(begun.id, 'reset_password', { password: PASSWORD })
      expect(reset.body.response.status).toBe('complete')
      expect(await signsIn(PASSWORD)).toBe(true)
    })

    it.each([true, false])('is replaced in the profile without the current one, reverification %s', async (asks) => {
      await configure(server, { auth: { reverification: asks } })
      await cognitoAda()
      const browser = await openSignIn(server)
      const { id } = (await browser.create({ identifier: ADA, strategy: 'email_code' })).body.response
      const form = { strategy: 'email_code', code: await lastCode(server) }
      const done = await browser.step(id, 'attempt_first_factor', form)
      expect(done.body.client.sessions).toMatchObject([{ status: 'active', tasks: null }])
      const changed = await browser.call('POST /me/change_password', { form: { new_password: PASSWORD } })
      expect(changed.status).toBe(200)
      expect(await signsIn(PASSWORD)).toBe(true)
    })

    it('verifies no session again', async () => {
      await cognitoAda()
      const browser = await openSignIn(server)
      const { id } = (await browser.create({ identifier: ADA, strategy: 'email_code' })).body.response
      const code = await lastCode(server)
      const done = await browser.step(id, 'attempt_first_factor', { strategy: 'email_code', code })
      const path = `POST /client/sessions/${done.body.response.created_session_id}/verify`
      await browser.call(path, { form: { level: 'first_factor' } })
      const form = { strategy: 'password', password: PASSWORD }
      const refused = await browser.call(`${path}/attempt_first_factor`, { form })
      expect(refused).toMatchObject({ status: 422, body: problem('password_reset_required') })
    })
  })
})
