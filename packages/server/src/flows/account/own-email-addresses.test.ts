import { describe, expect, it } from 'vitest'
import { itWithContract } from '../../../../../tests/contract/contract.test-support.js'
import { typesAsDescribed } from '../../described-events.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { ADA, configure, lastCode, PASSWORD, problem, wrongFor } from '../sign-in/sign-in.test-support.js'
import { add, GRACE, impersonate, signedIn, signInAs } from './account.test-support.js'

const SECOND = 1000
const MINUTE = 60 * SECOND

describe.each(dialects)('own email addresses on %s', (dialect) => {
  const server = useTestServer(dialect)

  async function adding(address = GRACE) {
    const person = await signedIn(server)
    return { person, ...(await add(person, address)) }
  }

  it('are added unverified, proved by a code, and listed', async () => {
    const { person, id, added, prepare, attempt } = await adding()
    expect(added.body.response).toMatchObject({ object: 'email_address', email_address: GRACE, verification: null })
    expect(await server.messages()).toEqual([])

    const prepared = (await prepare()).body.response
    expect(prepared.verification).toMatchObject({
      object: 'verification_otp',
      status: 'unverified',
      strategy: 'email_code',
      attempts: 0,
      expire_at: server.clock.now() + 10 * MINUTE,
    })
    const proved = await attempt(await lastCode(server))
    expect(proved.body.response.verification).toMatchObject({ status: 'verified', strategy: 'email_code', attempts: 1 })
    expect(proved.body.client.sessions[0].user.email_addresses).toMatchObject([
      { email_address: ADA },
      { email_address: GRACE, verification: { status: 'verified' } },
    ])

    const listed = await person.call('GET /me/email_addresses')
    expect(listed.body.map(({ email_address }: { email_address: string }) => email_address)).toEqual([ADA, GRACE])
    expect((await person.call(`GET /me/email_addresses/${id}`)).body.response).toMatchObject({ id })
    expect((await server.client.users.getUser(person.userId)).emailAddresses[1]!.verification!.status).toBe('verified')
  })

  it('become the primary one of who has none', async () => {
    const user = await server.client.users.createUser({ username: 'ada_l', password: PASSWORD })
    await configure(server, { attributes: { username: { enabled: true } } })
    const person = await signInAs(server, user.id, 'ada_l')
    const { id, attempt, prepare } = await add(person, GRACE)
    expect((await server.client.users.getUser(user.id)).primaryEmailAddressId).toBeNull()
    await prepare()
    await attempt(await lastCode(server))
    expect((await server.client.users.getUser(user.id)).primaryEmailAddressId).toBe(id)
  })

  it.each([
    [{}, 422, 'form_param_missing'],
    [{ email_address: '' }, 422, 'form_param_format_invalid'],
    [{ email_address: 'nobody' }, 422, 'form_param_format_invalid'],
    [{ email_address: ADA.toUpperCase() }, 422, 'form_identifier_exists'],
  ])('are refused as %o', async (form, status, code) => {
    const { call } = await signedIn(server)
    expect(await call('POST /me/email_addresses', { form })).toMatchObject({
      status,
      body: problem(code, 'email_address'),
    })
  })

  it('are refused if somebody else has them', async () => {
    await server.client.users.createUser({ emailAddress: [GRACE] })
    const { added } = await adding()
    expect(added).toMatchObject({ status: 422, body: problem('form_identifier_exists', 'email_address') })
  })

  it('are unknown where the instance has none', async () => {
    await configure(server, {
      attributes: { email_address: { enabled: false }, username: { enabled: true } },
    })
    const user = await server.client.users.createUser({ username: 'ada_l', password: PASSWORD })
    const person = await signInAs(server, user.id, 'ada_l')
    const { added } = await add(person, GRACE)
    expect(added).toMatchObject({ status: 422, body: problem('form_param_unknown', 'email_address') })
  })

  it('of others do not exist', async () => {
    const other = await server.client.users.createUser({ emailAddress: [GRACE], password: PASSWORD })
    const path = `/me/email_addresses/${other.emailAddresses[0]!.id}`
    const { call } = await signedIn(server)
    for (const answer of [
      await call(`GET ${path}`),
      await call(`DELETE ${path}`),
      await call(`POST ${path}/prepare_verification`, { form: { strategy: 'email_code' } }),
      await call(`POST ${path}/attempt_verification`, { form: { code: '123456' } }),
    ])
      expect(answer).toMatchObject({ status: 404, body: problem('resource_not_found') })
    expect(await server.messages()).toEqual([])
  })

  it('are nothing to who is signed out', async () => {
    const { call } = (await signedIn(server)).browser
    await call('DELETE /client/sessions')
    expect(await call('GET /me/email_addresses')).toMatchObject({ status: 401, body: problem('signed_out') })
  })

  it('get another code after half a minute, and then the one before is not accepted', async () => {
    const { prepare, attempt } = await adding()
    await prepare()
    const first = await lastCode(server)
    const early = await prepare()
    expect(early).toMatchObject({ status: 429, body: problem('verification_code_too_many_requests') })
    expect(early.headers.get('retry-after')).toBe('30')
    server.clock.advance(30 * SECOND)
    expect((await prepare()).status).toBe(200)
    const second = await lastCode(server)
    if (first !== second) expect((await attempt(first)).body).toMatchObject(problem('form_code_incorrect', 'code'))
    expect((await attempt(second)).status).toBe(200)
  })

  it('count wrong codes, also towards the lockout, and fail after five', async () => {
    const { person, id, prepare, attempt } = await adding()
    await prepare()
    const code = await lastCode(server)
    for (let wrong = 0; wrong < 5; wrong++) {
      expect(await attempt(wrongFor(code))).toMatchObject({ status: 422, body: problem('form_code_incorrect', 'code') })
    }
    expect(await attempt(code)).toMatchObject({ status: 400, body: problem('verification_failed') })
    const { body } = await person.call(`GET /me/email_addresses/${id}`)
    expect(body.response.verification).toMatchObject({ status: 'failed', attempts: 5 })
    const user = await server.client.users.getUser(person.userId)
    expect(user.verificationAttemptsRemaining).toBe(5)
  })

  it('are not proved while the account is locked', async () => {
    const { person, prepare, attempt } = await adding()
    await prepare()
    await server.client.users.lockUser(person.userId)
    expect(await attempt(await lastCode(server))).toMatchObject({ status: 403, body: problem('user_locked') })
  })

  it('for tests take the code for tests, and get no mail', async () => {
    const { prepare, attempt } = await adding('grace+clerk_test@example.com')
    await prepare()
    expect(await server.messages()).toEqual([])
    expect((await attempt('424242')).body.response.verification.status).toBe('verified')
  })

  it('are added once where 32 add the same one at once', async () => {
    const person = await signedIn(server)
    const answers = await Promise.all(Array.from({ length: 32 }, () => add(person, GRACE)))
    expect(answers.filter(({ added }) => added.status === 200)).toHaveLength(1)
    expect((await person.call('GET /me/email_addresses')).body).toHaveLength(2)
  })

  it('can be proved by a code that the application had sent, and the other way round', async () => {
    const { person, id, attempt } = await adding()
    await server.client.emailAddresses.prepareVerification(id)
    expect((await attempt(await lastCode(server))).status).toBe(200)
    expect((await server.client.users.getUser(person.userId)).emailAddresses[1]!.verification!.status).toBe('verified')
  })

  it('show a code that came too late as expired', async () => {
    const { person, id, prepare, attempt } = await adding()
    await prepare()
    server.clock.advance(10 * MINUTE)
    const shown = await person.call(`GET /me/email_addresses/${id}`)
    expect(shown.body.response.verification.status).toBe('expired')
    expect(await attempt(await lastCode(server))).toMatchObject({ status: 400, body: problem('verification_expired') })
  })

  it('are not proved by a code that was never sent, nor twice, nor by none', async () => {
    const { prepare, attempt } = await adding()
    expect(await attempt('123456')).toMatchObject({ status: 400, body: problem('verification_missing') })
    expect((await attempt('')).body).toMatchObject({ errors: [{ meta: { param_name: 'code' } }] })
    await prepare()
    const code = await lastCode(server)
    await attempt(code)
    expect(await attempt(code)).toMatchObject({
      status: 400,
      body: problem('verification_already_verified'),
    })
    expect((await prepare()).body).toMatchObject(problem('verification_already_verified'))
  })

  it.each([
    [{}, 422, 'form_param_missing'],
    [{ strategy: 'phone_code' }, 422, 'form_param_value_invalid'],
    [{ strategy: 'email_link', redirect_url: 'http://localhost:3000' }, 400, 'verification_strategy_invalid'],
    [{ strategy: 'enterprise_sso' }, 400, 'verification_strategy_invalid'],
  ])('are not verified by %o', async (form, status, code) => {
    const { prepare } = await adding()
    expect(await prepare(form)).toMatchObject({ status, body: problem(code) })
    expect(await server.messages()).toEqual([])
  })

  it('are not proved once somebody else has', async () => {
    const { prepare, attempt } = await adding()
    await prepare()
    await server.client.users.createUser({ emailAddress: [GRACE] })
    expect(await attempt(await lastCode(server))).toMatchObject({
      status: 400,
      body: problem('identification_claimed'),
    })
    server.clock.advance(MINUTE)
    expect((await prepare()).body).toMatchObject(problem('identification_claimed'))
  })

  it('are proved once where 64 come with the right code at once', async () => {
    const { prepare, attempt } = await adding()
    const sent = await Promise.all(Array.from({ length: 64 }, () => prepare()))
    expect(sent.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(await server.messages()).toHaveLength(1)
    const code = await lastCode(server)
    const answers = await Promise.all(Array.from({ length: 64 }, () => attempt(code)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  it('that somebody else has look like any other under enumeration protection, but cannot be proved', async () => {
    await configure(server, { attackProtection: { enumerationProtection: true } })
    await server.client.users.createUser({ emailAddress: [GRACE] })
    const { person, added, prepare, attempt } = await adding()
    const free = await add(person, 'free@example.com')
    const shape = ({ status, body }: typeof added) => [status, Object.keys(body.response), body.response.verification]
    expect(shape(added)).toEqual(shape(free.added))
    expect(shape(await prepare())).toEqual(shape(await free.prepare()))
    const sent = await server.messages()
    expect(sent.map(({ toAddress }) => toAddress)).toEqual(['free@example.com'])
    expect((await attempt('123456')).body).toMatchObject(problem('form_code_incorrect', 'code'))
    const [own] = (await server.client.users.getUser(person.userId)).emailAddresses.slice(1)
    expect(own!.verification!.status).toBe('unverified')
  })

  it('cannot be removed right after a code was sent there, only to be added again for the next code', async () => {
    const { person, id, prepare } = await adding()
    await prepare()
    const remove = () => person.call(`DELETE /me/email_addresses/${id}`)
    expect(await remove()).toMatchObject({ status: 429, body: problem('verification_code_too_many_requests') })
    server.clock.advance(30 * SECOND)
    expect((await remove()).status).toBe(200)
  })

  it('are removed, and the next verified one becomes primary', async () => {
    const { person, id, prepare, attempt } = await adding()
    await prepare()
    await attempt(await lastCode(server))
    const primary = (await server.client.users.getUser(person.userId)).primaryEmailAddressId
    const removed = await person.call(`DELETE /me/email_addresses/${primary}`)
    expect(removed.body.response).toEqual({ object: 'email_address', id: primary, deleted: true })
    expect(removed.body.client.sessions[0].user).toMatchObject({ primary_email_address_id: id })
    const last = await person.call(`DELETE /me/email_addresses/${id}`)
    expect(last).toMatchObject({ status: 400, body: problem('last_required_identification_deletion_failed') })
  })

  it('stay where the user could not sign in without them', async () => {
    await configure(server, { attributes: { username: { enabled: true }, email_address: { required: false } } })
    const person = await signedIn(server, { username: 'ada_l' })
    const { emailAddresses } = await server.client.users.getUser(person.userId)
    const path = `DELETE /me/email_addresses/${emailAddresses[0]!.id}`
    await server.server.database.transaction((tx) =>
      tx.updateTable('users').set({ password_digest: null }).where('id', '=', person.userId).execute(),
    )
    expect(await person.call(path)).toMatchObject({ status: 400, body: problem('identification_deletion_failed') })
  })

  it('stay where they come from a connected account', async () => {
    const person = await signedIn(server)
    const [{ id }] = (await person.call('GET /me/email_addresses')).body
    await server.server.database.transaction((tx) =>
      tx
        .updateTable('email_addresses')
        .set({ linked_to: JSON.stringify([{ type: 'oauth_google', id: 'eac_1' }]) })
        .where('id', '=', id)
        .execute(),
    )
    expect(await person.call(`DELETE /me/email_addresses/${id}`)).toMatchObject({
      status: 400,
      body: problem('delete_linked_identification_disallowed'),
    })
  })

  it('that users may not change are neither added beside another nor removed', async () => {
    await configure(server, { attributes: { email_address: { immutable: true } } })
    const { person, added } = await adding()
    const immutable = { status: 403, body: problem('immutable_attribute_modification_not_allowed') }
    expect(added).toMatchObject(immutable)
    const [{ id }] = (await person.call('GET /me/email_addresses')).body
    expect(await person.call(`DELETE /me/email_addresses/${id}`)).toMatchObject(immutable)
  })

  it('that the block-list names are not added', async () => {
    await configure(server, { restrictions: { blocklist: true } })
    await server.client.blocklistIdentifiers.createBlocklistIdentifier({ identifier: '*@example.net' })
    const { added } = await adding('ada@example.net')
    expect(added).toMatchObject({ status: 403, body: problem('not_allowed_access') })
  })

  it('are not for somebody who acts for the user', async () => {
    const { person, id, prepare, attempt } = await adding()
    await impersonate(server, person)
    const { added } = await add(person, 'eve@example.com')
    for (const answer of [
      added,
      await prepare(),
      await attempt('123456'),
      await person.call(`DELETE /me/email_addresses/${id}`),
    ])
      expect(answer).toMatchObject({ status: 403, body: problem('resource_forbidden') })
    expect((await person.call('GET /me/email_addresses')).status).toBe(200)
  })

  it('are added five times in a minute where the instance has limits', async () => {
    await configure(server, { rateLimits: { enabled: true } })
    const person = await signedIn(server)
    const statuses: number[] = []
    for (let count = 0; count < 6; count++) statuses.push((await add(person, `ada${count}@example.com`)).added.status)
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429])
  })

  itWithContract('tell of what they did as webhooks are described', async () => {
    const { person, id, prepare, attempt } = await adding()
    await prepare()
    const before = (await server.events()).length
    await attempt(await lastCode(server))
    await person.call(`DELETE /me/email_addresses/${id}`)
    const types = typesAsDescribed(await server.events())
    expect(types.slice(before)).toEqual(['user.updated', 'user.updated'])
    expect(types).toContain('email.created')
  })
})
