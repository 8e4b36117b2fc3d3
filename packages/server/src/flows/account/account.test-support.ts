import type { Answer } from '../../browser.test-support.js'
import type { TestServer } from '../../server.test-support.js'
import { ADA, newAda, openSignIn, PASSWORD, type SignInBrowser } from '../sign-in/sign-in.test-support.js'

export const GRACE = 'grace@example.com'
export const PHONE = '+14155552671'
export const OTHER_PHONE = '+14155552672'
export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
)

export interface Person {
  browser: SignInBrowser
  userId: string
  sessionId: string
  call: SignInBrowser['call']
}

/** A user with an address and a password who has signed in in a browser of their own. */
export async function signedIn(server: TestServer, more: object = {}): Promise<Person> {
  const user = await newAda(server, more)
  return signInAs(server, user.id)
}

/** Another browser of the same user. */
export async function signInAs(server: TestServer, userId: string, identifier = ADA): Promise<Person> {
  const browser = await openSignIn(server)
  const { body } = await browser.create({ identifier, password: PASSWORD })
  const sessionId = body.response.created_session_id as string
  return { browser, userId, sessionId, call: browser.call }
}

/** Makes the session one in which somebody acts for its user. */
export async function impersonate(server: TestServer, { sessionId }: Person): Promise<void> {
  await server.server.database.transaction((tx) =>
    tx
      .updateTable('sessions')
      .set({ actor: JSON.stringify({ sub: 'user_support', iss: 'https://support.example.com' }) })
      .where('id', '=', sessionId)
      .execute(),
  )
}

export interface Adding {
  id: string
  added: Answer
  prepare(form?: Record<string, unknown>): Promise<Answer>
  attempt(code: string): Promise<Answer>
}

/** Adds an address or a number, by its form. */
export async function add({ call }: Person, value: string, more: object = {}): Promise<Adding> {
  const isEmail = value.includes('@')
  const path = isEmail ? '/me/email_addresses' : '/me/phone_numbers'
  const added = await call(`POST ${path}/`, { form: { [isEmail ? 'email_address' : 'phone_number']: value, ...more } })
  const id = added.body.response?.id as string
  const strategy = isEmail ? 'email_code' : 'phone_code'
  return {
    id,
    added,
    prepare: (form = { strategy }) => call(`POST ${path}/${id}/prepare_verification`, { form }),
    attempt: (code) => call(`POST ${path}/${id}/attempt_verification`, { form: { code } }),
  }
}
