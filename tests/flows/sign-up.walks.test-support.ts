import { DAY, good, MINUTE, PAGE, PASSWORD, type Start, type Step, type Walk } from './walk.test-support.js'

const TEN_MINUTES = 10 * MINUTE + 1000
const STRANGE_CODE = '123456'

/** A sign-up with an address and a password. */
async function begunByMail(start: Start): Promise<{ browser: Step['browser']; route: string }> {
  const fields = { email_address: start.emailAddress, password: PASSWORD }
  const { browser, id } = await start.begin('/client/sign_ups', fields)
  return { browser, route: `POST /client/sign_ups/${id}` }
}

export const signUpWalks: Walk[] = [
  {
    name: 'sign-up with a code by mail',
    proof: 'code',
    lifetime: TEN_MINUTES,
    async *steps(start) {
      const { browser, route } = await begunByMail(start)
      const attempt = (code: string): Step => ({
        browser,
        route: `${route}/attempt_verification`,
        form: { strategy: 'email_code', code },
      })
      yield attempt(STRANGE_CODE)
      yield { browser, route: `${route}/prepare_verification`, form: { strategy: 'phone_code' } }
      await good(browser, `${route}/prepare_verification`, { strategy: 'email_code' })
      return attempt(await start.sent())
    },
  },
  {
    name: 'sign-up with a code by text message',
    settings: {
      attributes: {
        phone_number: { enabled: true, required: true, verifyAtSignUp: true },
        email_address: { required: false },
        password: { required: false },
      },
    },
    proof: 'code',
    lifetime: TEN_MINUTES,
    async *steps(start) {
      const { browser, id } = await start.begin('/client/sign_ups', { phone_number: start.phoneNumber })
      const route = `POST /client/sign_ups/${id}`
      const form = { strategy: 'phone_code', code: STRANGE_CODE }
      yield { browser, route: `${route}/attempt_verification`, form }
      await good(browser, `${route}/prepare_verification`, { strategy: 'phone_code' })
      return { browser, route: `${route}/attempt_verification`, form: { ...form, code: await start.sent() } }
    },
  },
  {
    name: 'sign-up with a link by mail',
    settings: { attributes: { email_address: { verifications: ['email_code', 'email_link'] } } },
    proof: 'token',
    lifetime: TEN_MINUTES,
    async *steps(start) {
      const { browser, route } = await begunByMail(start)
      await good(browser, `${route}/prepare_verification`, { strategy: 'email_link', redirect_url: PAGE })
      yield { browser, route: `${route}/attempt_verification`, form: { strategy: 'email_link', code: STRANGE_CODE } }
      return { browser, route: 'POST /verify', form: { token: await start.token('magic_link') } }
    },
  },
  {
    name: 'sign-up that takes over what a sign-in has proved',
    settings: { attackProtection: { enumerationProtection: true } },
    isAnybodys: true,
    async *steps(start) {
      const form = { identifier: start.emailAddress, strategy: 'email_code', sign_up_if_missing: 'true' }
      const { browser, id } = await start.begin('/client/sign_ins', form)
      const step: Step = { browser, route: 'POST /client/sign_ups', form: { transfer: 'true', password: PASSWORD } }
      yield step
      const proof = { strategy: 'email_code', code: await start.sent() }
      await browser.call(`POST /client/sign_ins/${id}/attempt_first_factor`, { form: proof })
      return step
    },
  },
  {
    name: 'sign-up that lacks a field',
    settings: { attributes: { email_address: { verifyAtSignUp: false } } },
    lifetime: DAY,
    async *steps(start) {
      const { browser, id } = await start.begin('/client/sign_ups', { email_address: start.emailAddress })
      const route = `/client/sign_ups/${id}`
      yield {
        browser,
        route: `POST ${route}/attempt_verification`,
        form: { strategy: 'email_code', code: STRANGE_CODE },
      }
      yield { browser, route: `PATCH ${route}`, form: { password: 'x' } }
      return { browser, route: `PATCH ${route}`, form: { password: PASSWORD } }
    },
  },
]
