import { Authenticator } from '../../packages/server/src/resources/passkeys/authenticator.test-support.js'
import { addPasskey } from '../../packages/server/src/flows/profile-security/passkeys.test-support.js'
import { totpAt } from '../../packages/server/src/flows/profile-security/profile-security.test-support.js'
import { good, MINUTE, PAGE, PASSWORD, type Start, type Step, type Walk } from './walk.test-support.js'
import { totpSecretOf } from './sign-in.walks.test-support.js'

const TEN_MINUTES = 10 * MINUTE + 1000
/** The account's own operations, without the gate: behind it everything that is too late would be 403. */
const OPEN = { auth: { reverification: false } } as const
const STRANGE_CODE = '123456'

async function verifying(start: Start, level: string, more: Record<string, string> = {}) {
  const { browser, sessionId, user } = await start.signedIn(more)
  const path = `POST /client/sessions/${sessionId}/verify`
  const step = (name: string, form: Record<string, string>): Step => ({ browser, route: `${path}/${name}`, form })
  const begin = () => good(browser, path, { level })
  const prepare = (which: string, form: Record<string, string>) =>
    good(browser, `${path}/prepare_${which}_factor`, form)
  return { browser, sessionId, user, step, begin, prepare }
}

export const reverificationWalks: Walk[] = [
  {
    name: 'proving oneself again with a password',
    proof: 'password',
    lifetime: TEN_MINUTES,
    async *steps(start) {
      const password = `${PASSWORD} ${start.number}`
      const { step, begin } = await verifying(start, 'first_factor', { password })
      yield step('attempt_first_factor', { strategy: 'password', password })
      await begin()
      yield step('attempt_second_factor', { strategy: 'totp', code: STRANGE_CODE })
      yield step('prepare_second_factor', { strategy: 'phone_code' })
      return step('attempt_first_factor', { strategy: 'password', password })
    },
  },
  {
    name: 'proving oneself again with a code by mail',
    proof: 'code',
    lifetime: TEN_MINUTES,
    async *steps(start) {
      const { step, begin, prepare } = await verifying(start, 'first_factor')
      yield step('prepare_first_factor', { strategy: 'email_code' })
      await begin()
      yield step('attempt_first_factor', { strategy: 'email_code', code: STRANGE_CODE })
      await prepare('first', { strategy: 'email_code' })
      return step('attempt_first_factor', { strategy: 'email_code', code: await start.sent() })
    },
  },
  {
    name: 'proving a second factor again',
    proof: 'code',
    lifetime: TEN_MINUTES,
    async *steps(start) {
      const { step, begin, user } = await verifying(start, 'second_factor')
      const totpSecret = totpSecretOf(start)
      await start.server.client.users.updateUser(user.id, { totpSecret })
      const code = () => totpAt(start.server.clock.now(), totpSecret)
      yield step('attempt_second_factor', { strategy: 'totp', code: code() })
      await begin()
      yield step('attempt_first_factor', { strategy: 'password', password: PASSWORD })
      yield step('prepare_first_factor', { strategy: 'email_code' })
      return step('attempt_second_factor', { strategy: 'totp', code: code() })
    },
  },
  {
    name: 'proving oneself again with a passkey',
    settings: { attributes: { passkey: { enabled: true } } },
    proof: 'public_key_credential',
    lifetime: TEN_MINUTES,
    async *steps(start) {
      const { step, begin, browser, prepare } = await verifying(start, 'first_factor')
      const { device } = await addPasskey(browser)
      const form = (nonce: string) => ({ strategy: 'passkey', public_key_credential: device.get(nonce) })
      const strange = JSON.stringify({ challenge: 'bm9uZQ', rpId: 'localhost', allowCredentials: [] })
      yield step('attempt_first_factor', form(strange))
      await begin()
      yield step('attempt_first_factor', form(strange))
      const { first_factor_verification: verification } = await prepare('first', { strategy: 'passkey' })
      return step('attempt_first_factor', form(verification.nonce))
    },
  },
  {
    name: 'proving a second factor again by text message',
    settings: { attributes: { phone_number: { enabled: true } } },
    proof: 'code',
    lifetime: TEN_MINUTES,
    async *steps(start) {
      const { step, begin, user, prepare } = await verifying(start, 'second_factor')
      await start.server.client.phoneNumbers.createPhoneNumber({
        userId: user.id,
        phoneNumber: start.phoneNumber,
        verified: true,
        reservedForSecondFactor: true,
      })
      yield step('prepare_second_factor', { strategy: 'phone_code' })
      await begin()
      yield step('attempt_second_factor', { strategy: 'phone_code', code: STRANGE_CODE })
      await prepare('second', { strategy: 'phone_code' })
      return step('attempt_second_factor', { strategy: 'phone_code', code: await start.sent() })
    },
  },
]

export const profileWalks: Walk[] = [
  {
    name: 'proving an added address',
    settings: OPEN,
    proof: 'code',
    lifetime: TEN_MINUTES,
    async *steps(start) {
      const { browser } = await start.signedIn()
      const { id } = await good(browser, 'POST /me/email_addresses', { email_address: `b@b${start.number}.com` })
      const route = `POST /me/email_addresses/${id}/attempt_verification`
      yield { browser, route, form: { code: STRANGE_CODE } }
      yield { browser, route: 'PATCH /me', form: { primary_email_address_id: id } }
      await good(browser, `POST /me/email_addresses/${id}/prepare_verification`, { strategy: 'email_code' })
      return { browser, route, form: { code: await start.sent() } }
    },
  },
  {
    name: 'proving an added address by a link',
    settings: { ...OPEN, attributes: { email_address: { verifications: ['email_code', 'email_link'] } } },
    proof: 'token',
    lifetime: TEN_MINUTES,
    async *steps(start) {
      const { browser } = await start.signedIn()
      const { id } = await good(browser, 'POST /me/email_addresses', { email_address: `b@b${start.number}.com` })
      const form = { strategy: 'email_link', redirect_url: PAGE }
      await good(browser, `POST /me/email_addresses/${id}/prepare_verification`, form)
      yield { browser, route: `POST /me/email_addresses/${id}/attempt_verification`, form: { code: STRANGE_CODE } }
      return { browser, route: 'POST /verify', form: { token: await start.token('magic_link') } }
    },
  },
  {
    name: 'proving an added number',
    settings: { ...OPEN, attributes: { phone_number: { enabled: true } } },
    proof: 'code',
    lifetime: TEN_MINUTES,
    async *steps(start) {
      const { browser } = await start.signedIn()
      const { id } = await good(browser, 'POST /me/phone_numbers', { phone_number: start.phoneNumber })
      const route = `POST /me/phone_numbers/${id}/attempt_verification`
      yield { browser, route, form: { code: STRANGE_CODE } }
      yield { browser, route: `PATCH /me/phone_numbers/${id}`, form: { reserved_for_second_factor: 'true' } }
      yield { browser, route: `PATCH /me/phone_numbers/${id}`, form: { default_second_factor: 'true' } }
      await good(browser, `POST /me/phone_numbers/${id}/prepare_verification`, { strategy: 'phone_code' })
      return { browser, route, form: { code: await start.sent() } }
    },
  },
  {
    name: 'removing an address',
    settings: OPEN,
    async *steps(start) {
      const { browser, user } = await start.signedIn()
      yield { browser, route: `DELETE /me/email_addresses/${user.primaryEmailAddressId}`, form: {} }
      const { id } = await good(browser, 'POST /me/email_addresses', { email_address: `b@b${start.number}.com` })
      return { browser, route: `DELETE /me/email_addresses/${id}`, form: {} }
    },
  },
  {
    name: 'removing a number',
    settings: { ...OPEN, attributes: { phone_number: { enabled: true } } },
    async *steps(start) {
      const { browser } = await start.signedIn()
      yield { browser, route: 'DELETE /me/phone_numbers/idn_unknown', form: {} }
      const { id } = await good(browser, 'POST /me/phone_numbers', { phone_number: start.phoneNumber })
      return { browser, route: `DELETE /me/phone_numbers/${id}`, form: {} }
    },
  },
  {
    name: 'confirming an authenticator app',
    isAnybodys: true,
    settings: OPEN,
    proof: 'code',
    lifetime: TEN_MINUTES,
    async *steps(start) {
      const { browser } = await start.signedIn()
      const route = 'POST /me/totp/attempt_verification'
      yield { browser, route, form: { code: STRANGE_CODE } }
      yield { browser, route: 'DELETE /me/totp', form: {} }
      const { secret } = await good(browser, 'POST /me/totp')
      return { browser, route, form: { code: totpAt(start.server.clock.now(), secret as string) } }
    },
  },
  {
    name: 'adding a passkey',
    settings: { ...OPEN, attributes: { passkey: { enabled: true } } },
    proof: 'public_key_credential',
    lifetime: TEN_MINUTES,
    async *steps(start) {
      const { browser } = await start.signedIn()
      const { id, verification } = await good(browser, 'POST /me/passkeys')
      yield { browser, route: `PATCH /me/passkeys/${id}`, form: { name: 'Laptop' } }
      const credential = new Authenticator().create(verification.nonce)
      return {
        browser,
        route: `POST /me/passkeys/${id}/attempt_verification`,
        form: { strategy: 'passkey', public_key_credential: credential },
      }
    },
  },
  {
    name: 'changing a password, behind the gate',
    isAnybodys: true,
    lifetime: TEN_MINUTES,
    async *steps(start) {
      const { browser } = await start.signedIn()
      yield { browser, route: 'POST /me/change_password', form: { new_password: PASSWORD } }
      return { browser, route: 'POST /me/change_password', form: { new_password: 'difference engine' } }
    },
  },
  {
    name: 'changing a password with the current one',
    isAnybodys: true,
    settings: OPEN,
    proof: 'current_password',
    async *steps(start) {
      const password = `${PASSWORD} ${start.number}`
      const { browser } = await start.signedIn({ password })
      const route = 'POST /me/change_password'
      yield { browser, route, form: { new_password: 'difference engine' } }
      return { browser, route, form: { current_password: password, new_password: 'difference engine' } }
    },
  },
  {
    name: 'the task to replace a password',
    isAnybodys: true,
    async *steps(start) {
      const { user, browser } = await start.signedIn()
      await start.server.client.users.setPasswordCompromised(user.id)
      yield { browser, route: 'POST /me/remove_password', form: {} }
      return { browser, route: 'POST /me/change_password', form: { new_password: 'difference engine' } }
    },
  },
  {
    name: 'the task to choose an organization',
    settings: { organizations: { enabled: true, personalAccountsEnabled: false } },
    proof: 'active_organization_id',
    async *steps(start) {
      const { browser, sessionId, user } = await start.signedIn()
      const route = `POST /client/sessions/${sessionId}/touch`
      yield { browser, route, form: { active_organization_id: 'org_unknown' } }
      const { id } = await start.server.client.organizations.createOrganization({ name: 'Acme', createdBy: user.id })
      return { browser, route, form: { active_organization_id: id } }
    },
  },
  {
    name: 'removing a password',
    settings: { ...OPEN, attributes: { password: { required: false } } },
    proof: 'current_password',
    isAnybodys: true,
    async *steps(start) {
      const password = `${PASSWORD} ${start.number}`
      const { browser } = await start.signedIn({ password })
      yield { browser, route: 'POST /me/remove_password', form: {} }
      return { browser, route: 'POST /me/remove_password', form: { current_password: password } }
    },
  },
  {
    name: 'revoking a session',
    async *steps(start) {
      const { browser } = await start.signedIn()
      yield { browser, route: 'POST /me/sessions/sess_unknown/revoke', form: {} }
      const other = await start.begin('/client/sign_ins', { identifier: start.emailAddress, password: PASSWORD })
      return { browser, route: `POST /me/sessions/${other.response.created_session_id}/revoke`, form: {} }
    },
  },
]
