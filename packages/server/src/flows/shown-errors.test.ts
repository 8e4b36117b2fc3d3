import { describe, expect, it } from 'vitest'
import type { ApiError } from '../kernel/errors/api-error.js'
import { errors } from '../kernel/errors/errors.js'
import { inPlainWords } from '../kernel/errors/shown-errors.js'
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

  it.each([
    ['POST /client/sign_ups', { email_address: 'no address' }, 'Email address '],
    ['POST /client/sign_ups', { first_name: 'a'.repeat(300), email_address: EMAIL }, 'First name '],
    ['POST /client/sign_ins', { strategy: 'password', password: PASSWORD }, 'Identifier '],
    ['POST /waitlist', {}, 'Email address '],
  ])('calls the field that is wrong what people call it (mistake 27): %s %o', async (route, form, begin) => {
    const browser = await openBrowser(server)
    const answer = await browser.call(route, { form })
    expect(answer.status).toBe(422)
    const { long_message: sentence, meta } = errorOf(answer)! as { long_message: string; meta: { param_name: string } }
    expect(sentence).toMatch(new RegExp(`^${begin}`))
    expect(meta.param_name).toBe(begin.trim().toLowerCase().replace(' ', '_'))
  })
})

describe('an error of the Frontend API', () => {
  const named = Object.entries(errors as Record<string, (...args: unknown[]) => ApiError>)
    .map(([name, make]) => [name, make('email_address', ['is wrong'])] as const)
    .filter(([, error]) => error.errors[0]!.meta?.['param_name'] === 'email_address')

  it.each(named)('%s does not say the name of a parameter', (_, error) => {
    const [item] = inPlainWords(error).errors
    expect(item!.long_message).not.toContain('email_address')
    expect(item!.long_message).toMatch(/^["A-Z]/)
    expect(item!.meta).toEqual({ param_name: 'email_address' })
  })

  it('keeps its headers and its meta, and what names no parameter', () => {
    const error = errors.tooManyRequests(5).withMeta({ client: null })
    const { status, errors: items, headers, meta } = inPlainWords(error)
    expect({ status, items, headers, meta }).toEqual({
      status: 429,
      items: error.errors,
      headers: { 'retry-after': '5' },
      meta: { client: null },
    })
  })
})
