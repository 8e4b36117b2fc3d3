import { describe, expect, it } from 'vitest'
import { itWithContract } from '../../../../../tests/contract/contract.test-support.js'
import type { SettingsChange } from '../../instances/settings/settings.js'
import { typesAsDescribed } from '../../described-events.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { configure, lastCode, PASSWORD, problem, wrongFor } from '../sign-in/sign-in.test-support.js'
import { add, impersonate, OTHER_PHONE, PHONE, signedIn, signInAs, type Person } from './account.test-support.js'

/** Without stepping up, which whoever has a second factor would have to do before each change. */
const PHONES: SettingsChange = {
  attributes: { phone_number: { enabled: true } },
  auth: { reverification: false },
}

describe.each(dialects)('own phone numbers on %s', (dialect) => {
  const server = useTestServer(dialect)

  async function person(more: SettingsChange = {}) {
    await configure(server, { ...PHONES, ...more })
    return signedIn(server)
  }

  async function proved(owner: Person, number = PHONE, more: object = {}) {
    const adding = await add(owner, number, more)
    await adding.prepare()
    return { ...adding, proved: await adding.attempt(await lastCode(server)) }
  }

  const update = ({ call }: Person, id: string, form: object) =>
    call(`PATCH /me/phone_numbers/${id}`, { form: { ...form } })

  it('are added unverified, proved by a code, listed, and removed', async () => {
    const owner = await person()
    const { id, added, prepare, attempt } = await add(owner, '+1 (415) 555-2671')
    expect(added.body.response).toMatchObject({ object: 'phone_number', phone_number: PHONE, verification: null })
    expect((await prepare()).body.response.verification).toMatchObject({ status: 'unverified', strategy: 'phone_code' })
    const code = await lastCode(server)
    expect((await attempt(wrongFor(code))).body).toMatchObject(problem('form_code_incorrect', 'code'))
    const { body } = await attempt(code)
    expect(body.response).toMatchObject({ verification: { status: 'verified' }, backup_codes: null })
    expect(body.client.sessions[0].user).toMatchObject({ primary_phone_number_id: id })
    expect((await owner.call('GET /me/phone_numbers')).body).toMatchObject([{ id }])
    expect((await owner.call(`GET /me/phone_numbers/${id}`)).body.response).toMatchObject({ phone_number: PHONE })
    const removed = await owner.call(`DELETE /me/phone_numbers/${id}`)
    expect(removed.body.response).toEqual({ object: 'phone_number', id, deleted: true })
    expect(removed.body.client.sessions[0].user).toMatchObject({ primary_phone_number_id: null, phone_numbers: [] })
  })

  it.each([
    [{}, 'form_param_missing'],
    [{ phone_number: '' }, 'form_param_format_invalid'],
    [{ phone_number: '12' }, 'form_param_format_invalid'],
  ])('are refused as %o', async (form, code) => {
    const { call } = await person()
    expect(await call('POST /me/phone_numbers', { form })).toMatchObject({
      status: 422,
      body: problem(code, 'phone_number'),
    })
  })

  it('are unknown where the instance has none', async () => {
    const { added } = await add(await signedIn(server), PHONE)
    expect(added).toMatchObject({ status: 422, body: problem('form_param_unknown', 'phone_number') })
  })

  it('of others do not exist, and cannot be added', async () => {
    const other = await server.client.users.createUser({ phoneNumber: [PHONE], password: PASSWORD })
    const owner = await person()
    const path = `/me/phone_numbers/${other.phoneNumbers[0]!.id}`
    for (const answer of [
      await owner.call(`GET ${path}`),
      await owner.call(`PATCH ${path}`, { form: { reserved_for_second_factor: true } }),
      await owner.call(`DELETE ${path}`),
      await owner.call(`POST ${path}/prepare_verification`, { form: { strategy: 'phone_code' } }),
      await owner.call(`POST ${path}/attempt_verification`, { form: { code: '123456' } }),
    ])
      expect(answer).toMatchObject({ status: 404, body: problem('resource_not_found') })
    expect((await add(owner, PHONE)).added.body).toMatchObject(problem('form_identifier_exists', 'phone_number'))
  })

  it('get nothing, and look the same, if somebody else has them under enumeration protection', async () => {
    await server.client.users.createUser({ phoneNumber: [PHONE] })
    const owner = await person({ attackProtection: { enumerationProtection: true } })
    const { added, prepare, attempt } = await add(owner, PHONE)
    expect(added.status).toBe(200)
    expect((await prepare()).body.response.verification).toMatchObject({ status: 'unverified', attempts: 0 })
    expect(await server.messages()).toEqual([])
    expect((await attempt('123456')).body).toMatchObject(problem('form_code_incorrect', 'code'))
  })

  it('become the second factor, with backup codes that are shown once', async () => {
    const owner = await person()
    const { id } = await proved(owner)
    const reserved = await update(owner, id, { reserved_for_second_factor: true })
    expect(reserved.body.response).toMatchObject({ reserved_for_second_factor: true, default_second_factor: true })
    expect(reserved.body.response.backup_codes).toHaveLength(10)
    expect(reserved.body.client.sessions[0].user).toMatchObject({ two_factor_enabled: true, backup_code_enabled: true })
    expect((await owner.call(`GET /me/phone_numbers/${id}`)).body.response.backup_codes).toBeNull()
    expect((await update(owner, id, { reserved_for_second_factor: true })).body.response.backup_codes).toBeNull()

    const released = await update(owner, id, { reserved_for_second_factor: false })
    expect(released.body.response).toMatchObject({ reserved_for_second_factor: false, default_second_factor: false })
    expect(released.body.client.sessions[0].user).toMatchObject({
      two_factor_enabled: false,
      backup_code_enabled: false,
    })
  })

  it('that were added for it become the second factor once they are proved', async () => {
    const owner = await person()
    const { added, proved: answer } = await proved(owner, PHONE, { reserved_for_second_factor: true })
    expect(added.body.response).toMatchObject({ reserved_for_second_factor: true, default_second_factor: false })
    expect(added.body.client.sessions[0].user.two_factor_enabled).toBe(false)
    expect(answer.body.response).toMatchObject({ reserved_for_second_factor: true, default_second_factor: true })
    expect(answer.body.response.backup_codes).toHaveLength(10)
    expect(answer.body.client.sessions[0].user.two_factor_enabled).toBe(true)
  })

  it('have one default among the second factors', async () => {
    const owner = await person()
    const first = await proved(owner, PHONE, { reserved_for_second_factor: true })
    const second = await proved(owner, OTHER_PHONE)
    expect(await update(owner, second.id, { default_second_factor: true })).toMatchObject({
      status: 422,
      body: problem('form_conditional_param_disallowed', 'default_second_factor'),
    })
    const both = { reserved_for_second_factor: true, default_second_factor: true }
    expect((await update(owner, second.id, both)).body.response.default_second_factor).toBe(true)
    const listed = await owner.call('GET /me/phone_numbers')
    expect(listed.body.map((row: { default_second_factor: boolean }) => row.default_second_factor)).toEqual([
      false,
      true,
    ])
    expect(await update(owner, second.id, { default_second_factor: false })).toMatchObject({
      status: 422,
      body: problem('form_disable_default_second_factor_not_allowed', 'default_second_factor'),
    })
    expect((await update(owner, first.id, { default_second_factor: false })).status).toBe(200)
    await owner.call(`DELETE /me/phone_numbers/${second.id}`)
    expect((await owner.call(`GET /me/phone_numbers/${first.id}`)).body.response.default_second_factor).toBe(true)
  })

  it('serve as second factors only verified, and where the instance has such factors', async () => {
    const owner = await person()
    const { id } = await add(owner, PHONE)
    expect(await update(owner, id, { reserved_for_second_factor: true })).toMatchObject({
      status: 400,
      body: problem('identification_update_second_factor_unverified'),
    })
    expect((await update(owner, id, { reserved_for_second_factor: 'perhaps' })).body).toMatchObject(
      problem('form_param_type_invalid', 'reserved_for_second_factor'),
    )
  })

  it('do not serve as second factors where the instance has none by phone', async () => {
    await configure(server, {
      attributes: { phone_number: { enabled: true, usedForSecondFactor: false, secondFactors: [] } },
    })
    const owner = await signedIn(server)
    const refused = {
      status: 422,
      body: problem('form_conditional_param_disallowed', 'reserved_for_second_factor'),
    }
    expect((await add(owner, PHONE, { reserved_for_second_factor: true })).added).toMatchObject(refused)
    const { id } = await proved(owner)
    expect(await update(owner, id, { reserved_for_second_factor: true })).toMatchObject(refused)
  })

  it('stay identifiers where the user has no other', async () => {
    await configure(server, {
      attributes: { phone_number: { enabled: true }, email_address: { required: false } },
    })
    const user = await server.client.users.createUser({ phoneNumber: [PHONE], password: PASSWORD })
    const owner = await signInAs(server, user.id, PHONE)
    const { id } = user.phoneNumbers[0]!
    expect(await update(owner, id, { reserved_for_second_factor: true })).toMatchObject({
      status: 400,
      body: problem('identification_update_failed'),
    })
    expect(await owner.call(`DELETE /me/phone_numbers/${id}`)).toMatchObject({
      status: 400,
      body: problem('last_required_identification_deletion_failed'),
    })
  })

  it('activate a session that waits for a second factor, and stay it where one is required', async () => {
    const owner = await person({ signUp: { mfaRequired: true } })
    const { id, proved: answer } = await proved(owner)
    expect(answer.body.client.sessions[0]).toMatchObject({ status: 'pending', tasks: [{ key: 'setup-mfa' }] })
    const reserved = await update(owner, id, { reserved_for_second_factor: true })
    expect(reserved.body.client.sessions[0]).toMatchObject({ status: 'active' })
    const told = (await server.events()).filter(({ type }) => type.startsWith('session.'))
    const { id: sessionId } = reserved.body.client.sessions[0]
    expect(told.map(({ type, subjectId }) => [type, subjectId])).toEqual([
      ['session.pending', sessionId],
      ['session.created', sessionId],
    ])
    expect(told[1]!.payload).toMatchObject({ status: 'active', user: { id: owner.userId } })
    const needed = { status: 400, body: problem('second_factor_deletion_not_allowed') }
    expect(await update(owner, id, { reserved_for_second_factor: false })).toMatchObject(needed)
    expect(await owner.call(`DELETE /me/phone_numbers/${id}`)).toMatchObject(needed)
    const other = await proved(owner, OTHER_PHONE)
    await update(owner, other.id, { reserved_for_second_factor: true })
    expect((await owner.call(`DELETE /me/phone_numbers/${id}`)).status).toBe(200)
  })

  it('leave one of two second factors where both are given up at once', async () => {
    const owner = await person({ signUp: { mfaRequired: true } })
    const ids: string[] = []
    for (const number of [PHONE, OTHER_PHONE]) {
      ids.push((await proved(owner, number, { reserved_for_second_factor: true })).id)
    }
    const answers = await Promise.all(
      ids.flatMap((id) => [
        update(owner, id, { reserved_for_second_factor: false }),
        owner.call(`DELETE /me/phone_numbers/${id}`),
      ]),
    )
    expect(answers.some(({ body }) => body.errors?.[0].code === 'second_factor_deletion_not_allowed')).toBe(true)
    expect((await server.client.users.getUser(owner.userId)).twoFactorEnabled).toBe(true)
  })

  it('are not for somebody who acts for the user', async () => {
    const owner = await person()
    const { id, prepare, attempt } = await add(owner, PHONE)
    await impersonate(server, owner)
    for (const answer of [
      (await add(owner, OTHER_PHONE)).added,
      await prepare(),
      await attempt('123456'),
      await update(owner, id, { reserved_for_second_factor: false }),
      await owner.call(`DELETE /me/phone_numbers/${id}`),
    ])
      expect(answer).toMatchObject({ status: 403, body: problem('resource_forbidden') })
  })

  itWithContract('tell of what they did as webhooks are described', async () => {
    const owner = await person()
    const { id } = await proved(owner)
    await update(owner, id, { reserved_for_second_factor: true })
    const types = typesAsDescribed(await server.events())
    expect(types.filter((type) => type !== 'email.created').slice(-2)).toEqual(['user.updated', 'user.updated'])
    // A mail tells the user of the first second factor.
    expect(types).toContain('email.created')
    expect(types).toContain('sms.created')
  })
})
