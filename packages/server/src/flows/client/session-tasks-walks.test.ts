import { decodeJwt } from '@latchkey/crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shakeHands } from '../../browser.test-support.js'
import { dialects, useTestServer, type TestServer } from '../../server.test-support.js'
import { signInAs, type Person } from '../account/account.test-support.js'
import { totpAt } from '../profile-security/profile-security.test-support.js'
import { configure, PASSWORD } from '../sign-in/sign-in.test-support.js'

const steps = [
  'organizations have to be chosen',
  'personal accounts are back',
  'a second factor is required',
  'a second factor is not required',
  'the password is known to others',
  'the password is known to nobody',
  'reset the password',
  'add an authenticator app',
  'remove the authenticator app',
  'an administrator removes the authenticator app',
  'an administrator removes all second factors',
  'a number becomes a second factor',
  'a number is no second factor',
  'a number is deleted',
  'join an organization',
  'leave an organization',
  'an administrator removes the member',
  'an organization is deleted',
  'touch',
  'touch with an organization',
  'touch with none',
  'ask for a token',
  'ask for the client',
  'shake hands',
] as const
type Step = (typeof steps)[number]

/** Which way of asking comes first after a step differs: what it writes must not be what makes the others right. */
const move = fc.record({
  step: fc.constantFrom(...steps),
  who: fc.constantFrom(0, 1),
  first: fc.nat({ max: 20 }),
})
const walk = fc.array(move, { minLength: 8, maxLength: 14, size: 'max' })

describe.each(dialects)('two browsers of one person on %s', (dialect) => {
  const server = useTestServer(dialect)

  it('are told the same in every answer: a session is pending exactly while it has tasks (mistake 20)', async () => {
    const seen = new Set<string>()
    const property = fc.asyncProperty(walk, async (moves) => {
      const walked = await Walk.begin(server)
      for (const { step, who, first } of moves) {
        await walked.take(step, who)
        for (const task of await walked.check(first)) seen.add(task)
      }
    })
    await fc.assert(property, { numRuns: 8, seed: 20, endOnFailure: true })
    expect([...seen].sort()).toEqual(['', 'choose-organization', 'reset-password', 'setup-mfa'])
  })
})

interface Held extends Person {
  /** The active organization. */
  active: string | null
}

let walks = 0

/** A person with two browsers, and what must be true of them. */
class Walk {
  #demands = { organization: false, secondFactor: false }
  #compromised = false
  #hasApp = false
  #hasNumber = false
  #numberId = ''
  #password = PASSWORD
  #organizations: string[] = []

  private constructor(
    private readonly server: TestServer,
    private readonly userId: string,
    private readonly administratorId: string,
    private readonly browsers: [Held, Held],
  ) {}

  static async begin(server: TestServer): Promise<Walk> {
    await settings(server, { organization: false, secondFactor: false })
    const identifier = `ada${++walks}@example.com`
    const user = await server.client.users.createUser({ emailAddress: [identifier], password: PASSWORD })
    const administrator = await server.client.users.createUser({ emailAddress: [`root${walks}@example.com`] })
    const open = async () => ({ ...(await signInAs(server, user.id, identifier)), active: null })
    const walk = new Walk(server, user.id, administrator.id, [await open(), await open()])
    await walk.#addNumber()
    return walk
  }

  async take(step: Step, who: number): Promise<void> {
    const { client, clock } = this.server
    const { userId } = this
    const me = this.browsers[who]!
    const last = this.#organizations.at(-1)
    switch (step) {
      case 'organizations have to be chosen':
      case 'personal accounts are back':
        this.#demands.organization = step === 'organizations have to be chosen'
        return settings(this.server, this.#demands)
      case 'a second factor is required':
      case 'a second factor is not required':
        this.#demands.secondFactor = step === 'a second factor is required'
        return settings(this.server, this.#demands)
      case 'the password is known to others':
        await client.users.setPasswordCompromised(userId, { revokeAllSessions: false })
        this.#compromised = true
        return
      case 'the password is known to nobody':
        await client.users.unsetPasswordCompromised(userId)
        this.#compromised = false
        return
      case 'reset the password': {
        const form = { new_password: `difference engine ${clock.now()}` }
        const current = this.#compromised ? {} : { current_password: this.#password }
        const { status } = await me.call('POST /me/change_password', { form: { ...form, ...current } })
        expect(status).toBe(200)
        this.#password = form.new_password
        this.#compromised = false
        return
      }
      case 'add an authenticator app': {
        if (this.#hasApp) return
        const { secret } = (await me.call('POST /me/totp', { form: {} })).body.response
        const form = { code: totpAt(clock.now(), secret as string) }
        expect((await me.call('POST /me/totp/attempt_verification', { form })).status).toBe(200)
        this.#hasApp = true
        return
      }
      case 'remove the authenticator app': {
        if (!this.#hasApp) return
        const { status } = await me.call('DELETE /me/totp', { form: {} })
        const isKept = this.#demands.secondFactor && !this.#hasNumber
        expect(status).toBe(isKept ? 400 : 200)
        this.#hasApp = isKept
        return
      }
      case 'an administrator removes the authenticator app':
        await client.users.deleteUserTOTP(userId)
        this.#hasApp = false
        return
      case 'an administrator removes all second factors':
        await client.users.disableUserMFA(userId)
        this.#hasApp = this.#hasNumber = false
        return
      case 'a number becomes a second factor':
      case 'a number is no second factor':
        this.#hasNumber = step === 'a number becomes a second factor'
        await client.phoneNumbers.updatePhoneNumber(this.#numberId, { reservedForSecondFactor: this.#hasNumber })
        return
      case 'a number is deleted':
        await client.phoneNumbers.deletePhoneNumber(this.#numberId)
        this.#hasNumber = false
        return this.#addNumber()
      case 'join an organization': {
        const createdBy = this.administratorId
        const { id: organizationId } = await client.organizations.createOrganization({ name: 'Acme', createdBy })
        await client.organizations.createOrganizationMembership({ organizationId, userId, role: 'org:member' })
        this.#organizations.push(organizationId)
        return
      }
      case 'leave an organization':
      case 'an administrator removes the member': {
        if (!last) return
        const path = step.startsWith('leave') ? undefined : `/organizations/${last}/memberships/${userId}`
        const { status } = path
          ? await this.server.call('DELETE', path)
          : await me.call(`DELETE /me/organization_memberships/${last}`)
        const isRefused = this.#demands.organization && this.#organizations.length === 1
        expect(status).toBe(isRefused ? 422 : 200)
        return isRefused ? undefined : this.#leave(last)
      }
      case 'an organization is deleted':
        if (!last) return
        await client.organizations.deleteOrganization(last)
        return this.#leave(last)
      case 'touch':
      case 'touch with none':
      case 'touch with an organization': {
        if (step === 'touch with an organization' && !last) return
        const form = step === 'touch' ? {} : { active_organization_id: step === 'touch with none' ? '' : last }
        expect((await me.call(`POST /client/sessions/${me.sessionId}/touch`, { form })).status).toBe(200)
        if (step === 'touch with an organization') me.active = last!
        if (step === 'touch with none' && !this.#demands.organization) me.active = null
        return
      }
      case 'ask for a token':
        return void (await me.call(`POST /client/sessions/${me.sessionId}/tokens`, { form: {} }))
      case 'ask for the client':
        return void (await me.call('GET /client'))
      case 'shake hands':
        return void (await shakeHands(this.server, me.browser))
    }
  }

  /**
   * Compares everything that anybody can ask with what must be true.
   *
   * @param first which question is asked first
   * @returns the first task of each session, empty without one
   */
  async check(first: number): Promise<string[]> {
    this.server.clock.advance(1000)
    const questions = this.browsers.flatMap((held) => this.#questions(held))
    const at = first % questions.length
    for (const ask of [...questions.slice(at), ...questions.slice(0, at)]) await ask()
    for (const { sessionId } of this.browsers) await this.#checkEvents(sessionId)
    return this.browsers.map((held) => this.#tasks(held)[0] ?? '')
  }

  #tasks({ active }: Held): string[] {
    return [
      ...(this.#compromised ? ['reset-password'] : []),
      ...(this.#demands.organization && active === null ? ['choose-organization'] : []),
      ...(this.#demands.secondFactor && !this.#hasApp && !this.#hasNumber ? ['setup-mfa'] : []),
    ]
  }

  /** As every answer with a session must show it. */
  #shown(held: Held) {
    const tasks = this.#tasks(held).map((key) => ({ key }))
    const status = tasks.length > 0 ? 'pending' : 'active'
    return { id: held.sessionId, status, tasks: tasks.length > 0 ? tasks : null }
  }

  /** Each fails if its answer differs from what must be true. */
  #questions(held: Held): (() => Promise<void>)[] {
    const { server, userId, browsers } = this
    const { sessionId, call, browser } = held
    const shown = this.#shown(held)
    const isTrue = (answer: unknown, question: string) => expect(answer, question).toMatchObject(shown)
    const says = (jwt: string, question: string) =>
      expect(decodeJwt(jwt).payload, question).toMatchObject({ sid: sessionId, sts: shown.status })
    return [
      async () => {
        const [session] = (await browser.client()).sessions
        isTrue(session, 'GET /client')
        expect(session.last_active_organization_id).toBe(held.active)
        says(session.last_active_token.jwt, 'the token of GET /client')
      },
      async () => {
        const { body } = await call(`GET /client/sessions/${sessionId}`)
        isTrue(body.response, 'GET /client/sessions/:id')
        says(body.response.last_active_token.jwt, 'the token of GET /client/sessions/:id')
      },
      async () => says((await call(`POST /client/sessions/${sessionId}/tokens`, { form: {} })).body.jwt, 'tokens'),
      async () => {
        const form = { organization_id: this.#organizations.at(-1) ?? '' }
        says((await call(`POST /client/sessions/${sessionId}/tokens`, { form })).body.jwt, 'tokens of an organization')
      },
      async () => says((await shakeHands(server, browser)).cookies.get('__session')!, 'the handshake'),
      async () => {
        const { body } = await call('GET /me/sessions/active')
        const [newest, oldest] = [...browsers].reverse().map((each) => this.#shown(each))
        const byId = new Map((body as { id: string }[]).map((each) => [each.id, each]))
        for (const each of [newest!, oldest!]) expect(byId.get(each.id), 'GET /me/sessions/active').toMatchObject(each)
        expect(byId.size).toBe(2)
      },
      async () => isTrue((await server.call('GET', `/sessions/${sessionId}`)).body, 'GET /sessions/:id'),
      async () => {
        const statuses = ['active', 'pending'] as const
        for (const status of statuses) {
          const { body } = await server.call<{ id: string }[]>('GET', `/sessions?user_id=${userId}&status=${status}`)
          const expected = browsers.map((each) => this.#shown(each)).filter((each) => each.status === status)
          expect(body.map(({ id }) => id).sort(), `GET /sessions?status=${status}`).toEqual(
            expected.map(({ id }) => id).sort(),
          )
          for (const each of expected) expect(body.find(({ id }) => id === each.id)).toMatchObject(each)
        }
      },
      async () => says((await server.call('POST', `/sessions/${sessionId}/tokens`, {})).body.jwt, 'Backend API tokens'),
    ]
  }

  /** Applications are told of each change once. */
  async #checkEvents(sessionId: string): Promise<void> {
    const told = await this.server.server.database.read
      .selectFrom('events')
      .select(['type', 'payload'])
      .where('subject_id', '=', sessionId)
      .orderBy('sequence')
      .execute()
    const statuses = told.map(({ payload }) => (JSON.parse(payload) as { status: string }).status)
    expect(statuses).toEqual(statuses.map((_, at) => (at % 2 === 0 ? 'active' : 'pending')))
    expect(statuses.at(-1)).toBe(this.#shown(this.browsers.find((held) => held.sessionId === sessionId)!).status)
    expect(told.map(({ type }) => type)).toEqual(
      statuses.map((status) => (status === 'active' ? 'session.created' : 'session.pending')),
    )
  }

  async #addNumber(): Promise<void> {
    const { id } = await this.server.client.phoneNumbers.createPhoneNumber({
      userId: this.userId,
      phoneNumber: `+1415555${2000 + ++numbers}`,
      verified: true,
    })
    this.#numberId = id
  }

  #leave(organizationId: string): void {
    this.#organizations = this.#organizations.filter((id) => id !== organizationId)
    for (const held of this.browsers) if (held.active === organizationId) held.active = null
  }
}

let numbers = 0

/** As if another program had changed them, and this one had just noticed. */
async function settings(server: TestServer, demands: { organization: boolean; secondFactor: boolean }): Promise<void> {
  await configure(server, {
    auth: { reverification: false },
    attributes: { phone_number: { enabled: true } },
    organizations: { enabled: true, personalAccountsEnabled: !demands.organization },
    signUp: { mfaRequired: demands.secondFactor },
  })
  await server.client.instance.updateOrganizationSettings({ enabled: true })
}
