import { describe, expect, it } from 'vitest'
import { itWithContract } from '../../../../../tests/contract/contract.test-support.js'
import { callFrontend } from '../../browser.test-support.js'
import { typesAsDescribed } from '../../described-events.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { configure, lastCode, newAda, PASSWORD, problem } from '../sign-in/sign-in.test-support.js'
import { add, GRACE, impersonate, PNG, signedIn, signInAs, type Person } from './account.test-support.js'

describe.each(dialects)('the own account on %s', (dialect) => {
  const server = useTestServer(dialect)
  const patch = ({ call }: Person, form: Record<string, unknown>) => call('PATCH /me', { form })
  const immutable = { status: 403, body: problem('immutable_attribute_modification_not_allowed') }

  it('takes other names, and an empty one clears', async () => {
    const person = await signedIn(server)
    const named = await patch(person, { first_name: 'Ada', last_name: 'Lovelace', locale: 'en', tab_state: 'x' })
    expect(named.body.response).toMatchObject({
      object: 'user',
      first_name: 'Ada',
      last_name: 'Lovelace',
      locale: null,
    })
    expect(named.body.client.sessions[0].user).toMatchObject({ first_name: 'Ada' })
    const cleared = await patch(person, { last_name: '' })
    expect(cleared.body.response).toMatchObject({ first_name: 'Ada', last_name: null })
  })

  it('is not shown for a session that no text can name', async () => {
    const person = await signedIn(server)
    const ask = (id: string) => person.call('GET /me', { query: { _clerk_session_id: id } })
    expect(await ask(person.sessionId)).toMatchObject({ status: 200 })
    expect(await ask(`${person.sessionId}\0`)).toMatchObject({ status: 401, body: problem('signed_out') })
  })

  it('takes nothing that is the application’s to change', async () => {
    const person = await signedIn(server)
    await patch(person, {
      first_name: 'Ada',
      external_id: 'mine',
      public_metadata: { role: 'admin' },
      private_metadata: { role: 'admin' },
      password: 'another password',
      create_organizations_limit: 5,
      delete_self_enabled: true,
      banned: false,
      bypass_client_trust: true,
      created_at: '2020-01-01T00:00:00Z',
    })
    const user = await server.client.users.getUser(person.userId)
    expect(user).toMatchObject({ externalId: null, publicMetadata: {}, privateMetadata: {}, firstName: 'Ada' })
    expect(user.createOrganizationsLimit).toBeNull()
    expect((await server.client.users.verifyPassword({ userId: user.id, password: PASSWORD })).verified).toBe(true)
  })

  it.each([
    [{ username: 'ab' }, 422, 'form_username_invalid_length'],
    [{ username: 'a'.repeat(65) }, 422, 'form_username_invalid_length'],
    [{ username: 'ada lovelace' }, 422, 'form_username_invalid_character'],
    [{ username: '12345' }, 422, 'form_username_needs_non_number_char'],
    [{ username: 'Grace_H' }, 422, 'form_identifier_exists'],
    [{ first_name: 'x'.repeat(257) }, 422, 'form_param_max_length_exceeded'],
    [{ primary_email_address_id: 'idn_none' }, 422, 'form_resource_not_found'],
    [{ primary_phone_number_id: 'idn_none' }, 422, 'form_resource_not_found'],
    [{ primary_web3_wallet_id: 'idn_none' }, 422, 'form_resource_not_found'],
  ])('refuses %o', async (form, status, code) => {
    await configure(server, { attributes: { username: { enabled: true } } })
    await server.client.users.createUser({ username: 'grace_h' })
    const person = await signedIn(server)
    expect(await patch(person, form)).toMatchObject({ status, body: problem(code, Object.keys(form)[0]) })
  })

  it('has a username where the instance has such names, until it must have one', async () => {
    const person = await signedIn(server)
    expect((await patch(person, { username: 'ada_l' })).body).toMatchObject(problem('form_param_unknown', 'username'))
  })

  it('changes and removes its username', async () => {
    await configure(server, { attributes: { username: { enabled: true } } })
    const person = await signedIn(server)
    expect((await patch(person, { username: 'Ada_L' })).body.response.username).toBe('Ada_L')
    expect((await patch(person, { username: '' })).body.response.username).toBeNull()
    const only = await server.client.users.createUser({ username: 'grace_h', password: PASSWORD })
    const other = await signInAs(server, only.id, 'grace_h')
    expect((await patch(other, { username: '' })).body).toMatchObject(
      problem('last_required_identification_deletion_failed'),
    )
  })

  it('keeps what the instance requires, and what may not be changed once it is there', async () => {
    await configure(server, {
      attributes: { username: { enabled: true, required: true, immutable: true }, last_name: { immutable: true } },
    })
    const person = await signedIn(server)
    expect((await patch(person, { username: '' })).body).toMatchObject(problem('form_param_missing', 'username'))
    expect((await patch(person, { username: 'ada_l', last_name: 'Byron' })).status).toBe(200)
    expect(await patch(person, { username: 'ada_k' })).toMatchObject(immutable)
    expect(await patch(person, { last_name: 'Lovelace' })).toMatchObject(immutable)
    expect((await patch(person, { username: 'ada_l', first_name: 'Ada', last_name: 'Byron' })).status).toBe(200)
  })

  it('gives one of 64 a username that all of them want', async () => {
    await configure(server, { attributes: { username: { enabled: true, immutable: true } } })
    const person = await signedIn(server)
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, count) => patch(person, { username: `ada_${count}` })),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 403)).toHaveLength(63)
  })

  it('chooses another primary address, of which the one before is told', async () => {
    const person = await signedIn(server)
    const { id, prepare, attempt } = await add(person, GRACE)
    expect((await patch(person, { primary_email_address_id: id })).body).toMatchObject(
      problem('form_verification_needed', 'primary_email_address_id'),
    )
    await prepare()
    await attempt(await lastCode(server))
    expect((await patch(person, { primary_email_address_id: id })).body.response).toMatchObject({
      primary_email_address_id: id,
    })
    expect((await server.messages()).at(-1)).toMatchObject({ toAddress: 'ada@example.com' })
  })

  it('merges unsafe metadata, and takes them nowhere else', async () => {
    const person = await signedIn(server, { unsafeMetadata: { a: { b: 1, c: 2 }, d: [1] } })
    const merge = (unsafe: unknown) => person.call('PATCH /me/metadata', { form: { unsafe_metadata: unsafe } })
    const merged = await merge({ a: { b: null, e: 'x' }, d: [2] })
    expect(merged.body.response.unsafe_metadata).toEqual({ a: { c: 2, e: 'x' }, d: [2] })
    expect(await merge({ big: 'x'.repeat(8192) })).toMatchObject({
      status: 422,
      body: problem('form_param_exceeds_allowed_size', 'unsafe_metadata'),
    })
    expect((await person.call('PATCH /me/metadata', { form: {} })).body).toMatchObject(
      problem('form_param_missing', 'unsafe_metadata'),
    )
    expect((await merge('no object')).body).toMatchObject(problem('form_param_type_invalid', 'unsafe_metadata'))
    await person.call('PATCH /me/metadata', { form: { unsafe_metadata: {}, public_metadata: { role: 'admin' } } })
    expect((await server.client.users.getUser(person.userId)).publicMetadata).toEqual({})
  })

  it('takes unsafe metadata with the profile from browsers of earlier versions only', async () => {
    const person = await signedIn(server)
    const replaced = await patch(person, { unsafe_metadata: { a: 1 } })
    expect(replaced.body.response.unsafe_metadata).toEqual({ a: 1 })
    const refused = await person.call('PATCH /me', {
      form: { unsafe_metadata: { a: 2 } },
      query: { __clerk_api_version: '2026-05-12' },
    })
    expect(refused).toMatchObject({ status: 422, body: problem('form_param_unknown', 'unsafe_metadata') })
  })

  it('gets a picture, as a form or bare, and loses it', async () => {
    const person = await signedIn(server)
    const upload = (body: BodyInit, headers: Record<string, string> = {}) =>
      server.fetch(
        `http://127.0.0.1:4400/i/${server.instance.id}/v1/me/profile_image?__clerk_db_jwt=${person.browser.token}`,
        { method: 'POST', body, headers: { origin: person.browser.origin, ...headers } },
      )
    const form = new FormData()
    form.set('file', new File([PNG], 'ada.png', { type: 'image/png' }))
    const first = await (await upload(form)).json()
    expect(first.response).toMatchObject({ object: 'image', name: 'ada.png' })
    expect(first.client.sessions[0].user).toMatchObject({ has_image: true, image_url: first.response.public_url })

    const bytes = { 'content-type': 'application/octet-stream' }
    const second = await (await upload(PNG, bytes)).json()
    expect(second.response.id).not.toBe(first.response.id)
    expect((await upload(Buffer.from('no picture'), bytes)).status).toBe(400)
    expect((await upload('', bytes)).status).toBe(400)
    expect((await upload('{}', { 'content-type': 'application/json' })).status).toBe(415)

    const removed = await person.call('DELETE /me/profile_image')
    expect(removed.body.response).toMatchObject({ object: 'image', deleted: true })
    expect(removed.body.client.sessions[0].user.has_image).toBe(false)
    expect(await person.call('DELETE /me/profile_image')).toMatchObject({
      status: 404,
      body: problem('image_not_found'),
    })
  })

  it('is deleted by its user, and signed out everywhere', async () => {
    const person = await signedIn(server, { externalId: 'ada' })
    const elsewhere = await signInAs(server, person.userId)
    const deleted = await person.call('DELETE /me')
    expect(deleted.body.response).toEqual({ object: 'user', id: person.userId, deleted: true })
    expect(deleted.body.client).toMatchObject({ sessions: [], last_active_session_id: null })
    expect((await elsewhere.call('GET /me')).status).toBe(401)
    expect(await server.client.users.getCount()).toBe(0)
    expect((await person.call('DELETE /me')).status).toBe(401)
  })

  it('leaves the other session of the browser active when it is deleted', async () => {
    await configure(server, { auth: { singleSessionMode: false } })
    await server.client.users.createUser({ emailAddress: [GRACE], password: PASSWORD })
    const person = await signedIn(server)
    const { body } = await person.browser.create({ identifier: GRACE, password: PASSWORD })
    const deleted = await person.call('DELETE /me', { query: { _clerk_session_id: person.sessionId } })
    expect(deleted.body.client).toMatchObject({
      sessions: [{ id: body.response.created_session_id }],
      last_active_session_id: body.response.created_session_id,
    })
  })

  it.each([
    ['the own switch', { deleteSelfEnabled: false }, { delete_self: true }],
    ['the instance', {}, { delete_self: false }],
    ['both', { deleteSelfEnabled: false }, { delete_self: false }],
  ])('stays where deleting it is forbidden by %s, and browsers are told so', async (_by, user, actions) => {
    await server.server.admin.seed(server.instance.id, { instance: { actions } })
    const person = await signedIn(server, user)
    const { body } = await person.call('GET /me')
    expect(body.response.delete_self_enabled).toBe(false)
    expect((await person.browser.client()).sessions[0].user.delete_self_enabled).toBe(false)
    expect(await person.call('DELETE /me')).toMatchObject({
      status: 403,
      body: problem('user_delete_self_not_enabled'),
    })
    expect((await server.client.users.getUser(person.userId)).id).toBe(person.userId)
  })

  it('goes once both the instance and the user’s own switch allow it; the Backend API shows and sets the latter', async () => {
    const allow = (allowed: boolean) =>
      server.server.admin.seed(server.instance.id, { instance: { actions: { delete_self: allowed } } })
    await allow(false)
    const person = await signedIn(server)
    const own = async () => (await server.client.users.getUser(person.userId)).deleteSelfEnabled
    expect(await own()).toBe(true)
    await server.client.users.updateUser(person.userId, { deleteSelfEnabled: false })
    await allow(true)
    expect(await own()).toBe(false)
    expect((await person.call('DELETE /me')).status).toBe(403)
    await server.client.users.updateUser(person.userId, { deleteSelfEnabled: true })
    expect((await person.call('GET /me')).body.response.delete_self_enabled).toBe(true)
    expect((await person.call('DELETE /me')).status).toBe(200)
  })

  it('stays where an organization would be left without anybody who can manage it', async () => {
    await configure(server, { organizations: { enabled: true } })
    const person = await signedIn(server)
    const organization = await server.client.organizations.createOrganization({
      name: 'Analytical Engines',
      createdBy: person.userId,
    })
    expect(await person.call('DELETE /me')).toMatchObject({
      status: 400,
      body: problem('organization_minimum_permissions_needed'),
    })
    const other = await server.client.users.createUser({ emailAddress: [GRACE] })
    await server.client.organizations.createOrganizationMembership({
      organizationId: organization.id,
      userId: other.id,
      role: 'org:admin',
    })
    expect((await person.call('DELETE /me')).status).toBe(200)
  })

  it('lets somebody who acts for the user change names and metadata, but nothing to take it over with', async () => {
    await configure(server, { attributes: { username: { enabled: true } } })
    const person = await signedIn(server)
    const { primaryEmailAddressId } = await server.client.users.getUser(person.userId)
    await impersonate(server, person)
    for (const answer of [
      await patch(person, { username: 'eve_1' }),
      await patch(person, { primary_email_address_id: primaryEmailAddressId }),
      await person.call('DELETE /me'),
    ])
      expect(answer).toMatchObject({ status: 403, body: problem('resource_forbidden') })
    expect((await patch(person, { first_name: 'Ada' })).status).toBe(200)
  })

  it('is changed in the name of the user, and the trail says by whom', async () => {
    const person = await signedIn(server)
    await patch(person, { first_name: 'Ada' })
    await impersonate(server, person)
    await patch(person, { first_name: 'Augusta' })
    const { admin } = server.server
    const entries = await admin.latestAudit(server.instance.id, { action: 'user.updated', targetId: person.userId }, 2)
    const [own, impersonated] = entries.map(({ actorId, impersonatorId }) => ({ actorId, impersonatorId }))
    expect(own).toEqual({ actorId: person.userId, impersonatorId: null })
    expect(impersonated).toEqual({ actorId: person.userId, impersonatorId: expect.any(String) })
    const found = await admin.latestAudit(server.instance.id, { actorId: impersonated!.impersonatorId! }, 100)
    expect(found.map(({ action }) => action)).toContain('user.updated')
  })

  it('is changed by nobody who is signed out', async () => {
    await newAda(server)
    const answer = await callFrontend(server, 'PATCH /me', { form: { first_name: 'Eve' } })
    expect(answer).toMatchObject({ status: 401, body: problem('signed_out') })
  })

  itWithContract('tells of what it did as webhooks are described', async () => {
    const person = await signedIn(server)
    await patch(person, { first_name: 'Ada' })
    await person.call('PATCH /me/metadata', { form: { unsafe_metadata: { a: 1 } } })
    await person.call('DELETE /me')
    const types = typesAsDescribed(await server.events())
    expect(types.slice(-4)).toEqual(['user.updated', 'user.updated', 'session.removed', 'user.deleted'])
  })

  it.each([
    ['PATCH /me', { username: 'lovelace' }],
    ['POST /me/email_addresses/', { email_address: 'other@example.com' }],
    ['DELETE /me', undefined],
  ])('%s asks for a fresh factor once the last one is ten minutes old', async (route, form) => {
    await configure(server, { attributes: { username: { enabled: true } } })
    const { call } = await signedIn(server)
    server.clock.advance(10 * 60_000 + 1)
    const refused = await call(route, form ? { form } : {})
    expect(refused).toMatchObject({ status: 403, body: { errors: [{ code: 'session_reverification_required' }] } })
    expect((await call('PATCH /me', { form: { first_name: 'Augusta' } })).status).toBe(200)
  })
})
