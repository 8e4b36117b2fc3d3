import { DAY, good, MINUTE, PASSWORD, type Start, type Step, type Walk } from './walk.test-support.js'
import type { Answers } from './answers.test-support.js'

/** Walks that end by asking for a code, and how what is wrong with that is answered. */

const PHONES = { attributes: { phone_number: { enabled: true } } } as const
const BY_MAIL = { strategy: 'email_code' }
const BY_TEXT = { strategy: 'phone_code' }

/** A step of something that has begun, in its browser. */
const stepsOf =
  (browser: Step['browser'], path: string) =>
  (name: string, form: Record<string, string>): Step => ({ browser, route: `POST ${path}/${name}`, form })

async function withSecondFactor(start: Start, userId: string): Promise<void> {
  const { phoneNumber } = start
  const more = { verified: true, reservedForSecondFactor: true }
  await start.server.client.phoneNumbers.createPhoneNumber({ userId, phoneNumber, ...more })
}

async function signingIn(start: Start, form: Record<string, string> = { identifier: start.emailAddress }) {
  const { browser, id } = await start.begin('/client/sign_ins', form)
  return stepsOf(browser, `/client/sign_ins/${id}`)
}

async function provingAgain(start: Start, level: string) {
  const { browser, sessionId, user } = await start.signedIn()
  const path = `/client/sessions/${sessionId}/verify`
  return { user, step: stepsOf(browser, path), begin: () => good(browser, `POST ${path}`, { level }) }
}

export const prepareWalks: Walk[] = [
  {
    name: 'asking for a code in a sign-in',
    lifetime: DAY,
    async *steps(start) {
      await start.user()
      const nobodys = await signingIn(start, {})
      yield nobodys('prepare_first_factor', BY_MAIL)
      const step = await signingIn(start)
      yield step('prepare_second_factor', BY_MAIL)
      return step('prepare_first_factor', BY_MAIL)
    },
  },
  {
    name: 'asking for a code of a second factor',
    settings: PHONES,
    lifetime: DAY,
    async *steps(start) {
      await withSecondFactor(start, (await start.user()).id)
      const step = await signingIn(start)
      yield step('prepare_second_factor', BY_TEXT)
      const { browser, route } = step('attempt_first_factor', {})
      await good(browser, route, { strategy: 'password', password: PASSWORD })
      yield step('prepare_first_factor', BY_MAIL)
      return step('prepare_second_factor', BY_TEXT)
    },
  },
  {
    name: 'asking for a code in a sign-up',
    lifetime: DAY,
    async *steps(start) {
      const nobodys = await start.begin('/client/sign_ups', {})
      yield stepsOf(nobodys.browser, `/client/sign_ups/${nobodys.id}`)('prepare_verification', BY_MAIL)
      const { browser, id } = await start.begin('/client/sign_ups', { email_address: start.emailAddress })
      return stepsOf(browser, `/client/sign_ups/${id}`)('prepare_verification', BY_MAIL)
    },
  },
  {
    name: 'asking for a code to prove oneself again',
    lifetime: 10 * MINUTE + 1000,
    async *steps(start) {
      const { step, begin } = await provingAgain(start, 'first_factor')
      yield step('prepare_first_factor', BY_MAIL)
      await begin()
      yield step('prepare_second_factor', BY_TEXT)
      return step('prepare_first_factor', BY_MAIL)
    },
  },
  {
    name: 'asking for a code of a second factor to prove oneself again',
    settings: PHONES,
    lifetime: 10 * MINUTE + 1000,
    async *steps(start) {
      const { step, begin, user } = await provingAgain(start, 'second_factor')
      await withSecondFactor(start, user.id)
      yield step('prepare_second_factor', BY_TEXT)
      await begin()
      yield step('prepare_first_factor', BY_MAIL)
      return step('prepare_second_factor', BY_TEXT)
    },
  },
]

const UNSENT = ['400 verification_strategy_invalid', '422 form_param_value_invalid strategy']
const AT_ONCE = ['429 verification_code_too_many_requests']
const OWN_ATTEMPT: Answers = {
  'in another browser': ['404 resource_not_found'],
  'with other strategies': UNSENT,
  'once another attempt has replaced it': ['403 resource_forbidden'],
  again: AT_ONCE,
}
const SIGN_IN: Answers = {
  ...OWN_ATTEMPT,
  'too early': ['400 client_state_invalid'],
  'too late': ['400 client_state_invalid'],
}
const REVERIFICATION: Answers = {
  'too early': ['400 invalid_action_for_session_reverification', '400 session_reverification_missing'],
  'in another browser': ['404 resource_not_found'],
  'with other strategies': UNSENT,
  'too late': ['400 session_reverification_missing'],
  again: AT_ONCE,
}

export const prepareAnswers: Readonly<Record<string, Answers>> = {
  'asking for a code in a sign-in': SIGN_IN,
  // The one on its way is the answer.
  'asking for a code of a second factor': { ...SIGN_IN, again: ['200 good'] },
  'asking for a code in a sign-up': {
    ...OWN_ATTEMPT,
    'too early': ['400 verification_strategy_invalid'],
    'too late': ['410 sign_up_outdated_verification'],
  },
  'asking for a code to prove oneself again': REVERIFICATION,
  'asking for a code of a second factor to prove oneself again': REVERIFICATION,
}
