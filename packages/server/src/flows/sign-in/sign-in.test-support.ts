import { openBrowser, type Answer, type TestBrowser } from '../../browser.test-support.js'
import type { SettingsChange } from '../../instances/settings/settings.js'
import type { TestServer } from '../../server.test-support.js'

export const PASSWORD = 'analytical engine'
export const ADA = 'ada@example.com'
export const TOTP_SECRET = 'JBSWY3DPEHPK3PXP'

/** Settings that an instance begins with. Call it before the first request: the server keeps them for a second. */
export async function configure(server: TestServer, settings: SettingsChange): Promise<void> {
  await server.server.database.transaction((tx) =>
    tx
      .updateTable('instances')
      .set({ settings: JSON.stringify(settings), updated_at: server.clock.now() + 1 })
      .where('id', '=', server.instance.id)
      .execute(),
  )
}

/** The same later, as if another program had changed them and this one had just noticed. */
export async function reconfigure(server: TestServer, settings: SettingsChange): Promise<void> {
  await configure(server, settings)
  await server.client.instance.updateOrganizationSettings({})
}

/** Every identifier and factor that there is. */
export const everything: SettingsChange = {
  attributes: {
    phone_number: { enabled: true },
    username: { enabled: true },
  },
}

export interface SignInBrowser extends TestBrowser {
  create(form?: Record<string, unknown>): Promise<Answer>
  get(id: string): Promise<Answer>
  /** @param step `prepare_first_factor` */
  step(id: string, step: string, form: Record<string, unknown>): Promise<Answer>
  /** The client as it sees itself. */
  // oxlint-disable-next-line typescript/no-explicit-any
  client(): Promise<any>
}

export async function openSignIn(server: TestServer): Promise<SignInBrowser> {
  const browser = await openBrowser(server)
  return {
    ...browser,
    create: (form = {}) => browser.call('POST /client/sign_ins', { form }),
    get: (id) => browser.call(`GET /client/sign_ins/${id}`),
    step: (id, step, form) => browser.call(`POST /client/sign_ins/${id}/${step}`, { form }),
    client: async () => (await browser.call('GET /client')).body.response,
  }
}

/** A user with an address and a password. */
export function newAda(server: TestServer, more: object = {}) {
  return server.client.users.createUser({ emailAddress: [ADA], password: PASSWORD, ...more })
}

export async function lastCode(server: TestServer): Promise<string> {
  return (await server.messages()).at(-1)!.data!['otp_code'] as string
}

/** Six digits that are not the code. */
export function wrongFor(code: string): string {
  return code === '000000' ? '111111' : '000000'
}

/** The code of an error, and the parameter it is about. */
export function problem(code: string, param?: string) {
  return { errors: [{ code, ...(param === undefined ? {} : { meta: { param_name: param } }) }] }
}
