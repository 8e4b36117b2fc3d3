import type { SettingsChange } from '../../instances/settings/settings.js'
import { openBrowser, type Answer, type TestBrowser } from '../../browser.test-support.js'
import type { TestServer } from '../../server.test-support.js'

export const EMAIL = 'ada@example.com'
export const PHONE = '+14155552671'
export const PASSWORD = 'analytical engine'

/** Changes the instance's settings before a test's first request: later ones are seen once a second has passed. */
export async function configure(server: TestServer, settings: SettingsChange): Promise<void> {
  await server.server.database.transaction((tx) =>
    tx
      .updateTable('instances')
      .set({ settings: JSON.stringify(settings) })
      .where('id', '=', server.instance.id)
      .execute(),
  )
}

/** A browser with a sign-up that it has begun. */
export interface SigningUp {
  browser: TestBrowser
  id: string
  /** The answer to the request that began it. */
  begun: Answer
  update(form: Record<string, unknown>): Promise<Answer>
  prepare(form?: Record<string, unknown>): Promise<Answer>
  attempt(form: Record<string, unknown>): Promise<Answer>
  get(): Promise<Answer>
}

export async function begin(
  server: TestServer,
  form: Record<string, unknown>,
  browser?: TestBrowser,
): Promise<SigningUp> {
  const where = browser ?? (await openBrowser(server))
  const begun = await where.call('POST /client/sign_ups', { form })
  return { begun, ...goOn(where, begun.body.response?.id as string) }
}

/** The requests that continue a sign-up, from any browser. */
export function goOn(browser: TestBrowser, id: string): Omit<SigningUp, 'begun'> {
  const path = `/client/sign_ups/${id}`
  return {
    browser,
    id,
    update: (form) => browser.call(`PATCH ${path}`, { form }),
    prepare: (form = { strategy: 'email_code' }) => browser.call(`POST ${path}/prepare_verification`, { form }),
    attempt: (form) => browser.call(`POST ${path}/attempt_verification`, { form: { strategy: 'email_code', ...form } }),
    get: () => browser.call(`GET ${path}`),
  }
}

/** The code of the message that was queued last for the address or number. */
export async function codeFor(server: TestServer, address: string): Promise<string> {
  const sent = (await server.messages()).filter(({ toAddress, data }) => toAddress === address && data?.['otp_code'])
  return sent.at(-1)!.data!['otp_code'] as string
}

/** Six digits that are not the code. */
export function otherThan(code: string): string {
  return code === '000000' ? '111111' : '000000'
}

/** Signs somebody up with an address, a password and the code. */
export async function signUp(server: TestServer, emailAddress: string, form: Record<string, unknown> = {}) {
  const signingUp = await begin(server, { email_address: emailAddress, password: PASSWORD, ...form })
  await signingUp.prepare()
  const completed = await signingUp.attempt({ code: await codeFor(server, emailAddress) })
  return { ...signingUp, completed }
}

export function codesOf({ status, body }: Answer): [number, ...string[]] {
  return [status, ...((body?.errors ?? []) as { code: string }[]).map(({ code }) => code)]
}
