import { describe, expect, it } from 'vitest'
import type { Answer } from '../../browser.test-support.js'
import { SERVED_STRATEGIES } from '../../instances/settings/attributes.js'
import type { SettingsChange } from '../../instances/settings/settings.js'
import { operator } from '../../kernel/caller.js'
import { Authenticator } from '../../resources/passkeys/authenticator.test-support.js'
import { ENCRYPTION_KEY, servicesOf } from '../../resources/users/user-parts.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { ADA, configure, newAda, openSignIn, PASSWORD, TOTP_SECRET } from './sign-in.test-support.js'
import { signInEndpoints } from './sign-ins.frontend-api.js'

const strict = {
  attackProtection: { enumerationProtection: true },
  auth: { clientTrust: true },
  attributes: {
    email_address: { firstFactors: ['email_code', 'email_link'], verifications: ['email_code', 'email_link'] },
    phone_number: { enabled: true, channels: ['sms', 'whatsapp'] },
    username: { enabled: true },
    passkey: { enabled: true },
  },
} satisfies SettingsChange

interface Kind {
  fields?: object
  hasPasskey?: boolean
  /** Of the Backend API: what is done to the user. */
  acts?: string[]
}

/** Users in the states that a sign-in goes by. */
const KINDS = {
  'a password and a passkey': { hasPasskey: true },
  'no password, but a passkey': { fields: { password: undefined }, hasPasskey: true },
  'a second factor, a compromised password and a ban': {
    fields: { totpSecret: TOTP_SECRET, backupCodes: ['abcd2345'] },
    acts: ['password/set_compromised', 'ban'],
  },
  'a password that nobody can check': {
    fields: {
      password: undefined,
      passwordDigest: 'awscognito#us-east-1_abc#client#ada',
      passwordHasher: 'awscognito',
    },
  },
  'a lock, and browsers that need no trust': { fields: { bypassClientTrust: true }, acts: ['lock'] },
} satisfies Record<string, Kind>

type Type = 'email' | 'phone' | 'username'

interface Person {
  identifier: string
  device: Authenticator
}

/** The ids under which a sign-in offers codes. */
interface Shown {
  email_address_id?: string
  phone_number_id?: string
}

interface Given {
  device: Authenticator
  ticket: string
  shown: Shown
}

const NONCE = JSON.stringify({ challenge: 'bm9uZQ', rpId: 'localhost' })

/** What each field of a body is tried with: malformed, and at last of the right form but wrong. */
function samplesOf(field: string, { device, ticket, shown }: Given): string[] {
  const samples: Record<string, string[]> = {
    password: ['x'.repeat(5000), 'wrong password'],
    code: ['no code', '424242'],
    ticket: ['no ticket', ticket],
    public_key_credential: ['{}', device.get(NONCE)],
    email_address_id: ['idn_0', shown.email_address_id ?? ''],
    phone_number_id: ['idn_0', shown.phone_number_id ?? ''],
    passkey_id: ['idn_0'],
    channel: ['pigeon', 'whatsapp'],
    redirect_url: ['javascript:alert(1)', 'https://evil.example/', 'http://localhost:3000/done'],
    transfer: ['perhaps', 'true'],
    sign_up_if_missing: ['perhaps', 'true'],
    sign_out_of_other_sessions: ['perhaps', 'true'],
  }
  const found = samples[field]
  if (!found) throw new Error(`Write here what the field ${field} of a sign-in is tried with`)
  return found
}

/** Bodies without any of the fields, with each of them alone, and with all of them. */
function formsOf(fields: readonly string[], given: Given): object[] {
  const samples = fields.map((field) => [field, samplesOf(field, given)] as const)
  const alone = samples.flatMap(([field, values]) => values.map((value) => ({ [field]: value })))
  return [{}, ...alone, Object.fromEntries(samples.map(([field, values]) => [field, values.at(-1)!]))]
}

/** The fields of a body, beside the strategy and the identifier. */
function fieldsAt(operationId: string): string[] {
  const { bodyFields } = signInEndpoints.find((endpoint) => endpoint.operationId === operationId)!
  return [...bodyFields.keys()].filter((name) => name !== 'strategy' && name !== 'identifier')
}

const STEPS = signInEndpoints
  .filter(({ method, path }) => method === 'POST' && path.includes('/:sign_in_id/'))
  .map(({ path, operationId }) => ({ step: path.split('/').at(-1)!, fields: fieldsAt(operationId) }))

describe.each(dialects)('a sign-in that tells nobody who has an account, on %s', { timeout: 300_000 }, (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })
  let people = 0

  /** Somebody who types an identifier. @param kind of user that has this identifier; without it, nobody has it */
  async function personOf(type: Type, kind?: Kind): Promise<Person> {
    const number = 100 + ++people
    const identifiers = {
      email: `person${number}@example.com`,
      phone: `+14155552${number}`,
      username: `person_${number}`,
    }
    const person = { identifier: identifiers[type], device: new Authenticator() }
    if (!kind) return person
    const { fields, hasPasskey, acts = [] } = kind
    const { id } = await server.client.users.createUser({
      emailAddress: [identifiers.email],
      phoneNumber: [identifiers.phone],
      username: identifiers.username,
      password: PASSWORD,
      ...fields,
    })
    for (const act of acts) expect((await server.call('POST', `/users/${id}/${act}`, {})).status).toBe(200)
    if (hasPasskey) {
      const { context, passkeys } = await servicesOf(server)
      const { id: credentialId, publicKey } = person.device
      await context.transaction(operator('test'), (tx) =>
        passkeys.insert(id, { name: 'Key', credentialId, publicKey }, tx),
      )
    }
    return person
  }

  async function ticketOfAnother(): Promise<string> {
    const { id: userId } = await server.client.users.createUser({ username: `other_${++people}` })
    return (await server.call<{ token: string }>('POST', '/sign_in_tokens', { user_id: userId })).body.token
  }

  /** Every strategy that there is, and two that there are not. */
  async function allStrategies(): Promise<string[]> {
    const { factors } = await servicesOf(server)
    const served = Object.values(SERVED_STRATEGIES).flatMap((uses) => Object.values(uses).flat())
    return [...new Set([...served, ...Object.values(factors).flatMap((set) => Object.keys(set)), 'pigeon', ''])]
  }

  /** An answer without what differs from one sign-in to the next. */
  function shapeOf({ status, body, headers }: Answer, { identifier }: Person) {
    const sinceNow = (_: string, value: unknown) =>
      typeof value === 'number' && value > 1e12 ? value - server.clock.now() : value
    const text = JSON.stringify(body, sinceNow)
      .replaceAll(identifier, 'IDENTIFIER')
      .replaceAll(/"([a-z]+)_[0-9A-Za-z]{27}"/g, '"$1"')
      .replaceAll(/"clerk_trace_id":"\w+"/g, '"clerk_trace_id":"ID"')
      .replaceAll(/"[a-z]\*\*\*@gmail.com"/g, '"MASKED"')
    const shown = [...headers].filter(([name]) => !name.endsWith('trace-id'))
    return { status, body: JSON.parse(text) as unknown, headers: Object.fromEntries(shown) }
  }

  /** Whatever a browser can send about somebody, and what it is answered, in order. */
  async function transcriptOf(person: Person, strategies: readonly string[]) {
    const { identifier, device } = person
    const ticket = await ticketOfAnother()
    const answers: { asked: string; answer: ReturnType<typeof shapeOf> }[] = []
    const note = (asked: string, answer: Answer) => {
      answers.push({ asked, answer: shapeOf(answer, person) })
      // Else the next code would come too soon.
      if (answer.status === 200) server.clock.advance(31_000)
      return answer.status
    }

    const beginning = await openSignIn(server)
    // A ticket that is good says itself whose sign-in begins.
    const forms = formsOf(fieldsAt('createSignIn'), { device, ticket: 'no ticket', shown: {} })
    for (const strategy of [undefined, ...strategies]) {
      for (const form of forms) {
        const sent = { identifier, ...(strategy === undefined ? {} : { strategy }), ...form }
        note(`create ${JSON.stringify(sent)}`, await beginning.create(sent))
      }
    }

    const browser = await openSignIn(server)
    const begin = async () => {
      const { id, supported_first_factors: offered } = (await browser.create({ identifier })).body.response
      return { id, shown: Object.assign({}, ...offered) as Shown }
    }
    type Begun = Awaited<ReturnType<typeof begin>>
    const take = async ({ id, shown }: Begun, strategy: string, kind: RegExp) => {
      const statuses = []
      for (const { step, fields } of STEPS.filter((one) => kind.test(one.step))) {
        for (const form of formsOf(fields, { device, ticket, shown })) {
          const asked = `${step} ${JSON.stringify({ strategy, ...form })}`
          statuses.push(note(asked, await browser.step(id, step, { strategy, ...form })))
        }
      }
      return statuses
    }
    const unprepared = await begin()
    // What is no step of the first factor is refused for its time, whatever is sent.
    await take(unprepared, 'totp', /^(?!.*_first_factor$)/)
    for (const strategy of strategies) await take(unprepared, strategy, /^attempt_first_factor$/)
    for (const strategy of strategies) {
      const prepared = await begin()
      const statuses = await take(prepared, strategy, /^prepare_first_factor$/)
      if (statuses.includes(200)) await take(prepared, strategy, /^attempt_first_factor$/)
      note(`client after ${strategy}`, await browser.call('GET /client'))
    }
    return answers
  }

  it.each<[Type, string, SettingsChange, (keyof typeof KINDS)[]]>([
    [
      'email',
      'with everything switched on',
      {},
      ['a password and a passkey', 'no password, but a passkey', 'a lock, and browsers that need no trust'],
    ],
    ['email', 'without passwords', { password: { enabled: false } }, ['no password, but a passkey']],
    ['phone', 'with everything switched on', {}, ['a second factor, a compromised password and a ban']],
    ['username', 'with everything switched on', {}, ['a password that nobody can check']],
  ])('answers whatever is sent about the %s of a user as about nobody’s, %s', async (type, _, settings, kinds) => {
    await configure(server, { ...strict, ...settings })
    const strategies = await allStrategies()
    const ofNobody = await transcriptOf(await personOf(type), strategies)
    expect(ofNobody.map(({ answer }) => answer.status)).toContain(200)
    for (const kind of kinds) {
      const ofUser = await transcriptOf(await personOf(type, KINDS[kind]), strategies)
      expect(ofUser.length).toBe(ofNobody.length)
      for (const [at, { asked, answer }] of ofUser.entries()) {
        expect(answer, `a user with ${kind}: ${asked.slice(0, 300)}`).toEqual(ofNobody[at]!.answer)
      }
    }
  })

  it('does not say that the browser is known to a user before a factor is proved', async () => {
    await configure(server, strict)
    await newAda(server, { bypassClientTrust: true })
    const browser = await openSignIn(server)
    for (const _ of ['a browser that needs no trust', 'one in which the user was before']) {
      const begun = (await browser.create({ identifier: ADA })).body.response
      expect(begun.client_trust_state).toBe('new')
      expect((await browser.client()).sign_in.client_trust_state).toBe('new')
      const form = { strategy: 'password', password: PASSWORD }
      const done = (await browser.step(begun.id, 'attempt_first_factor', form)).body.response
      expect(done).toMatchObject({ status: 'complete', client_trust_state: 'known' })
      await browser.call('DELETE /client/sessions')
    }
  })
})
