import { openBrowser, type Answer, type TestBrowser } from '../../packages/server/src/browser.test-support.js'
import { tables } from '../../packages/server/src/compose/tables.js'
import type { SettingsChange } from '../../packages/server/src/instances/settings/settings.js'
import type { TestServer } from '../../packages/server/src/server.test-support.js'

export const PASSWORD = 'analytical engine'
export const PAGE = 'http://localhost:3000/next'
export const MINUTE = 60_000
export const DAY = 24 * 60 * MINUTE

type Form = Record<string, string | undefined>

/** One request of a flow. */
export interface Step {
  browser: TestBrowser
  route: string
  form?: Form
  query?: Record<string, string>
}

/** A way of calling a step at which a flow must stay where it is. */
export type Misuse =
  | 'too early'
  | 'in another browser'
  | 'with the proof of another attempt'
  | 'with the fields of other strategies'
  | 'with other strategies'
  | 'once another attempt has replaced it'
  | 'too late'
  | 'again'

export interface Walk {
  name: string
  settings?: SettingsChange
  /** The field of the last step's form that proves something. */
  proof?: string
  /** The last step is of whoever takes it: of somebody with a ticket, or of each person's own account. */
  isAnybodys?: true
  /** Milliseconds until what the last step needs has expired. */
  lifetime?: number
  /** Yields steps that come too early; returns the one that leads on. */
  steps(start: Start): AsyncGenerator<Step, Step>
}

/** Somebody who goes that way. */
export class Start {
  readonly emailAddress: string
  readonly phoneNumber: string

  constructor(
    readonly server: TestServer,
    readonly number: number,
  ) {
    this.emailAddress = `ada${number}@people-${number}.com`
    this.phoneNumber = `+1415555${String(2000 + number).padStart(4, '0')}`
  }

  open(): Promise<TestBrowser> {
    return openBrowser(this.server)
  }

  user(more: object = {}) {
    const { emailAddress } = this
    return this.server.client.users.createUser({ emailAddress: [emailAddress], password: PASSWORD, ...more })
  }

  /** A user who is signed in. */
  async signedIn({ password = PASSWORD, ...more }: { password?: string } & Record<string, unknown> = {}) {
    const user = await this.user({ password, ...more })
    const { browser, response } = await this.begin('/client/sign_ins', { identifier: this.emailAddress, password })
    return { user, browser, sessionId: response.created_session_id as string }
  }

  /** A new browser, and what it has begun. */
  async begin(path: string, form: Form) {
    const browser = await this.open()
    const response = await good(browser, `POST ${path}`, form)
    return { browser, id: response.id as string, response }
  }

  /** What was sent last in a message. */
  async sent(name = 'otp_code'): Promise<string> {
    const messages = (await this.server.messages()).filter(({ data }) => data?.[name])
    return messages.at(-1)!.data![name] as string
  }

  /** The token in a link that was sent last. */
  async token(name: string, parameter = 'token'): Promise<string> {
    return new URL(await this.sent(name)).searchParams.get(parameter)!
  }
}

export async function good(browser: TestBrowser, route: string, form: Form = {}) {
  const answer = await browser.call(route, { form })
  if (answer.status >= 400) throw new Error(`${route}: ${JSON.stringify(answer.body)}`)
  return answer.body?.response ?? answer.body
}

export function take({ browser, route, form, query }: Step): Promise<Answer> {
  return browser.call(route, { ...(form ? { form } : {}), ...(query ? { query } : {}) })
}

/** Status and code of an answer; of a redirect how the page is told that it failed. */
export function outcomeOf({ status, body, headers }: Answer): string {
  const location = headers.get('location')
  if (location !== null) return `${status} ${new URL(location).searchParams.get('__clerk_status') ?? 'good'}`
  const [error] = (body?.errors ?? []) as { code: string; meta?: { param_name?: string } }[]
  return error ? [status, error.code, error.meta?.param_name].filter(Boolean).join(' ') : `${status} good`
}

/** What a wrong proof changes as documented: it is counted, at last it has failed, and whoever listens is told. */
const COUNTS = /"[a-z_\\]*(attempts|updated_at|last_active_at|next_action)\\*":(\d+|null|\\*"[a-z_]*\\*")/g
const UNPROVED = /"(unverified|expired|failed)(\\*)"/g
const TELLS_OF_A_TRY = /"(user|organizationDomain)\.updated"/

/** Every row of the instance. @param options.countsTries without what a wrong proof may change */
export async function rowsOf(
  { server, instance }: TestServer,
  { countsTries }: { countsTries: boolean },
): Promise<string[]> {
  const found: string[] = []
  for (const { name, names } of tables) {
    // Of this instance alone: those of the tests before are many more.
    const rows = await server.database.read
      .selectFrom(name as 'users')
      .selectAll()
      .$if(names.includes('instance_id'), (query) => query.where('instance_id', '=', instance.id))
      .execute()
    for (const row of rows as Record<string, unknown>[]) {
      // Codes that have expired are erased from messages and their events, at a moment of the worker's.
      const isSent = name === 'messages' || /^(email|sms)\./.test(String(row['type']))
      const line = JSON.stringify(isSent ? { id: row['id'] } : row)
      if (!countsTries) found.push(`${name} ${line}`)
      else if (!['events', 'audit_entries'].includes(name) || !TELLS_OF_A_TRY.test(line))
        found.push(`${name} ${line.replaceAll(COUNTS, '').replaceAll(UNPROVED, '"unproved$2"')}`)
    }
  }
  return found.sort()
}
