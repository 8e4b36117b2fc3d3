import { Authenticator } from '../../packages/server/src/resources/passkeys/authenticator.test-support.js'
import { addPasskey } from '../../packages/server/src/flows/profile-security/passkeys.test-support.js'
import { totpAt } from '../../packages/server/src/flows/profile-security/profile-security.test-support.js'
import { DAY, good, MINUTE, PAGE, PASSWORD, type Start, type Step, type Walk } from './walk.test-support.js'

const BOTH = ['email_code', 'email_link']
const LINKS = { attributes: { email_address: { firstFactors: BOTH, verifications: BOTH } } }
const PHONES = { attributes: { phone_number: { enabled: true } } } as const
const TEN_MINUTES = 10 * MINUTE + 1000
const CODES = ['first', 'second'] as const

/** A sign-in that has begun with an identifier, and its steps. */
async function begun(start: Start, form: Record<string, string> = {}) {
  const { browser, id, response } = await start.begin('/client/sign_ins', { identifier: start.emailAddress, ...form })
  const step = (name: string, more: Record<string, string>): Step => ({
    browser,
    route: `POST /client/sign_ins/${id}/${name}`,
    form: more,
  })
  const prepare = (which: (typeof CODES)[number], more: Record<string, string>) =>
    good(browser, `POST /client/sign_ins/${id}/prepare_${which}_factor`, more)
  return { browser, id, response, step, prepare }
}

/** A secret of their own: with the same one everybody's code would be right. */
export function totpSecretOf({ number }: Start): string {
  return (
    'JBSWY3DPEHPK3PXP'.slice(0, 12) + [...String(1000 + number)].map((digit) => 'ABCDEFGHIJ'[Number(digit)]).join('')
  )
}

export const signInWalks: Walk[] = [
  {
    name: 'sign-in with a password',
    proof: 'password',
    lifetime: DAY,
    async *steps(start) {
      await start.user({ password: `${PASSWORD} ${start.number}` })
      const { step } = await begun(start)
      yield step('attempt_second_factor', { strategy: 'totp', code: '000000' })
      yield step('prepare_second_factor', { strategy: 'phone_code' })
      yield step('reset_password', { password: 'difference engine' })
      return step('attempt_first_factor', { strategy: 'password', password: `${PASSWORD} ${start.number}` })
    },
  },
  {
    name: 'sign-in with a code by mail',
    proof: 'code',
    lifetime: TEN_MINUTES,
    async *steps(start) {
      await start.user()
      const { step, prepare } = await begun(start)
      yield step('attempt_first_factor', { strategy: 'email_code', code: '123456' })
      await prepare('first', { strategy: 'email_code' })
      yield step('attempt_second_factor', { strategy: 'email_code', code: await start.sent() })
      return step('attempt_first_factor', { strategy: 'email_code', code: await start.sent() })
    },
  },
  {
    name: 'sign-in with a code by text message',
    settings: PHONES,
    proof: 'code',
    lifetime: TEN_MINUTES,
    async *steps(start) {
      await start.user({ phoneNumber: [start.phoneNumber] })
      const { step, prepare } = await begun(start, { identifier: start.phoneNumber })
      yield step('attempt_first_factor', { strategy: 'phone_code', code: '123456' })
      await prepare('first', { strategy: 'phone_code' })
      return step('attempt_first_factor', { strategy: 'phone_code', code: await start.sent() })
    },
  },
  {
    name: 'sign-in with a link by mail',
    settings: LINKS,
    proof: 'token',
    lifetime: TEN_MINUTES,
    async *steps(start) {
      await start.user()
      const { browser, step, prepare } = await begun(start)
      yield step('attempt_first_factor', { strategy: 'email_link', code: '123456' })
      await prepare('first', { strategy: 'email_link', redirect_url: PAGE })
      yield step('attempt_first_factor', { strategy: 'email_link', code: '123456' })
      return { browser, route: 'POST /verify', form: { token: await start.token('magic_link') } }
    },
  },
  {
    name: 'sign-in with a passkey',
    settings: { attributes: { passkey: { enabled: true } } },
    proof: 'public_key_credential',
    lifetime: TEN_MINUTES,
    async *steps(start) {
      const { browser: home } = await start.signedIn()
      const { device } = await addPasskey(home)
      const { step, prepare } = await begun(start)
      const options = { challenge: 'bm9uZQ', rpId: 'localhost', allowCredentials: [] }
      const early = device.get(JSON.stringify(options))
      yield step('attempt_first_factor', { strategy: 'passkey', public_key_credential: early })
      const { first_factor_verification: verification } = await prepare('first', { strategy: 'passkey' })
      return step('attempt_first_factor', {
        strategy: 'passkey',
        public_key_credential: device.get(verification.nonce),
      })
    },
  },
  {
    name: 'sign-in with a passkey alone',
    settings: { attributes: { passkey: { enabled: true } } },
    proof: 'public_key_credential',
    lifetime: TEN_MINUTES,
    async *steps(start) {
      const device = new Authenticator()
      await addPasskey((await start.signedIn()).browser, device)
      const { browser, id, response } = await start.begin('/client/sign_ins', { strategy: 'passkey' })
      const route = `POST /client/sign_ins/${id}`
      yield { browser, route: `${route}/attempt_first_factor`, form: { strategy: 'password', password: PASSWORD } }
      yield { browser, route: `${route}/prepare_first_factor`, form: { strategy: 'email_code' } }
      const { nonce } = response.first_factor_verification
      const form = { strategy: 'passkey', public_key_credential: device.get(nonce) }
      return { browser, route: `${route}/attempt_first_factor`, form }
    },
  },
  {
    name: 'second factor by an app',
    proof: 'code',
    lifetime: DAY,
    async *steps(start) {
      await start.user({ totpSecret: totpSecretOf(start) })
      const { step, browser, id } = await begun(start)
      const code = () => totpAt(start.server.clock.now(), totpSecretOf(start))
      yield step('attempt_second_factor', { strategy: 'totp', code: code() })
      await good(browser, `POST /client/sign_ins/${id}/attempt_first_factor`, {
        strategy: 'password',
        password: PASSWORD,
      })
      yield step('attempt_first_factor', { strategy: 'password', password: PASSWORD })
      yield step('prepare_first_factor', { strategy: 'email_code' })
      yield step('reset_password', { password: 'difference engine' })
      return step('attempt_second_factor', { strategy: 'totp', code: code() })
    },
  },
  {
    name: 'second factor by a backup code',
    proof: 'code',
    lifetime: DAY,
    async *steps(start) {
      const backupCodes = [`abcd${2000 + start.number}`, `efgh${2000 + start.number}`]
      await start.user({ totpSecret: totpSecretOf(start), backupCodes })
      const { step, browser, id } = await begun(start)
      yield step('attempt_second_factor', { strategy: 'backup_code', code: backupCodes[0]! })
      await good(browser, `POST /client/sign_ins/${id}/attempt_first_factor`, {
        strategy: 'password',
        password: PASSWORD,
      })
      return step('attempt_second_factor', { strategy: 'backup_code', code: backupCodes[0]! })
    },
  },
  {
    name: 'second factor by text message',
    settings: PHONES,
    proof: 'code',
    lifetime: TEN_MINUTES,
    async *steps(start) {
      const { id: user } = await start.user()
      await start.server.client.phoneNumbers.createPhoneNumber({
        userId: user,
        phoneNumber: start.phoneNumber,
        verified: true,
        reservedForSecondFactor: true,
      })
      const { step, browser, id, prepare } = await begun(start)
      yield step('prepare_second_factor', { strategy: 'phone_code' })
      await good(browser, `POST /client/sign_ins/${id}/attempt_first_factor`, {
        strategy: 'password',
        password: PASSWORD,
      })
      yield step('attempt_second_factor', { strategy: 'phone_code', code: '123456' })
      await prepare('second', { strategy: 'phone_code' })
      return step('attempt_second_factor', { strategy: 'phone_code', code: await start.sent() })
    },
  },
  {
    name: 'a code for a new browser',
    settings: { auth: { clientTrust: true } },
    proof: 'code',
    lifetime: TEN_MINUTES,
    async *steps(start) {
      await start.user()
      const { step, prepare } = await begun(start, { password: PASSWORD })
      yield step('attempt_second_factor', { strategy: 'email_code', code: '123456' })
      yield step('attempt_first_factor', { strategy: 'password', password: PASSWORD })
      yield step('attempt_second_factor', { strategy: 'totp', code: '123456' })
      await prepare('second', { strategy: 'email_code' })
      return step('attempt_second_factor', { strategy: 'email_code', code: await start.sent() })
    },
  },
  {
    name: 'a code for a new password',
    proof: 'code',
    lifetime: TEN_MINUTES,
    async *steps(start) {
      await start.user()
      const { step, prepare } = await begun(start)
      yield step('attempt_first_factor', { strategy: 'reset_password_email_code', code: '123456' })
      await prepare('first', { strategy: 'reset_password_email_code' })
      yield step('reset_password', { password: 'difference engine' })
      return step('attempt_first_factor', { strategy: 'reset_password_email_code', code: await start.sent() })
    },
  },
  {
    name: 'a new password',
    lifetime: DAY,
    async *steps(start) {
      await start.user()
      const { browser, id, step, prepare } = await begun(start)
      yield step('reset_password', { password: 'difference engine' })
      await prepare('first', { strategy: 'reset_password_email_code' })
      await good(browser, `POST /client/sign_ins/${id}/attempt_first_factor`, {
        strategy: 'reset_password_email_code',
        code: await start.sent(),
      })
      yield step('attempt_first_factor', { strategy: 'password', password: PASSWORD })
      yield step('attempt_second_factor', { strategy: 'totp', code: '123456' })
      yield step('prepare_second_factor', { strategy: 'phone_code' })
      return step('reset_password', { password: 'difference engine' })
    },
  },
  {
    name: 'a link for a new browser',
    settings: { ...LINKS, auth: { clientTrust: true } },
    proof: 'token',
    lifetime: TEN_MINUTES,
    async *steps(start) {
      await start.user()
      const { browser, step, prepare } = await begun(start, { password: PASSWORD })
      yield step('attempt_second_factor', { strategy: 'email_link', code: '123456' })
      await prepare('second', { strategy: 'email_link', redirect_url: PAGE })
      yield step('attempt_second_factor', { strategy: 'email_link', code: '123456' })
      return { browser, route: 'POST /verify', form: { token: await start.token('magic_link') } }
    },
  },
  {
    name: 'a code by text message for a new password',
    settings: PHONES,
    proof: 'code',
    lifetime: TEN_MINUTES,
    async *steps(start) {
      await start.user({ phoneNumber: [start.phoneNumber] })
      const { step, prepare } = await begun(start, { identifier: start.phoneNumber })
      yield step('attempt_first_factor', { strategy: 'reset_password_phone_code', code: '123456' })
      await prepare('first', { strategy: 'reset_password_phone_code' })
      yield step('reset_password', { password: 'difference engine' })
      return step('attempt_first_factor', { strategy: 'reset_password_phone_code', code: await start.sent() })
    },
  },
]
