import { describe, expect, it } from 'vitest'
import { openBrowser } from '../browser.test-support.js'
import { dialects, useTestServer } from '../server.test-support.js'

const EMAIL = 'ada@example.com'
const PASSWORD = 'analytical engine'

/** The components have no words of their own for these, and applications' tests look for the vendor's. */
describe.each(dialects)('what people read on %s', (dialect) => {
  const server = useTestServer(dialect)
  const errorOf = (answer: { body: { errors: { long_message: string; meta?: object }[] } }) => answer.body.errors[0]

  it('says that a password or a code is incorrect', async () => {
    await server.client.users.createUser({ emailAddress: [EMAIL], password: PASSWORD })
    const browser = await openBrowser(server)
    const begun = await browser.call('POST /client/sign_ins', { form: { identifier: EMAIL } })
    const path = `POST /client/sign_ins/${begun.body.response.id}`
    const wrong = await browser.call(`${path}/attempt_first_factor`, { form: { strategy: 'password', password: 'x' } })
    expect(errorOf(wrong)).toMatchObject({
      long_message: expect.stringMatching(/^Password is incorrect\./),
      meta: { param_name: 'password' },
    })
    await browser.call(`${path}/prepare_first_factor`, { form: { strategy: 'email_code' } })
    const code = (await server.messages()).at(-1)!.data!['otp_code'] === '000000' ? '111111' : '000000'
    const wrongCode = await browser.call(`${path}/attempt_first_factor`, { form: { strategy: 'email_code', code } })
    expect(errorOf(wrongCode)).toMatchObject({
      long_message: expect.stringMatching(/^Incorrect code/),
      meta: { param_name: 'code' },
    })
  })

  it('says that there is no account, and which identifier is taken', async () => {
    await server.client.users.createUser({ emailAddress: [EMAIL], password: PASSWORD })
    const browser = await openBrowser(server)
    const nobody = await browser.call('POST /client/sign_ins', { form: { identifier: 'nobody@example.com' } })
    expect(errorOf(nobody)).toMatchObject({
      long_message: expect.stringMatching(/^Couldn't find your account\./),
      meta: { param_name: 'identifier' },
    })
    const taken = await browser.call('POST /client/sign_ups', { form: { email_address: EMAIL, password: PASSWORD } })
    expect(errorOf(taken)).toMatchObject({
      long_message: 'That email address is taken. Please try another',
      meta: { param_name: 'email_address' },
    })
  })
})
