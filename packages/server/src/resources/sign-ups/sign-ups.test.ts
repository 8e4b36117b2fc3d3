import { beforeEach, describe, expect, it } from 'vitest'
import { operator } from '../../kernel/caller.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { ENCRYPTION_KEY, servicesOf } from '../users/user-parts.test-support.js'

const DAY = 24 * 60 * 60 * 1000
const caller = operator('test')

describe.each(dialects)('sign-ups on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })
  let id: string

  beforeEach(async () => {
    const { context, signUps } = await servicesOf(server)
    const signUp = await context.transaction(caller, (tx) =>
      signUps.begin(
        {
          requiredFields: ['email_address', 'password'],
          optionalFields: ['first_name'],
          missingFields: ['password'],
          unverifiedFields: ['email_address'],
          verifications: {
            email_address: { next_action: 'needs_prepare', supported_strategies: ['email_code'] },
            phone_number: null,
            web3_wallet: null,
            external_account: null,
          },
          emailAddress: 'grace@example.com',
          unsafeMetadata: { newsLetter: true },
          locale: 'en-US',
        },
        tx,
      ),
    )
    id = signUp.id
  })

  /** As the flow does it. */
  const finish = async (changes: object) => {
    const { context, signUps } = await servicesOf(server)
    await context.transaction(caller, (tx) => signUps.change(id, changes, tx))
  }
  const patch = (body: object) => server.call('PATCH', `/sign_ups/${id}`, body)

  it('show how far they are', async () => {
    const { status, body } = await server.call('GET', `/sign_ups/${id}`)
    expect(status).toBe(200)
    expect(body).toEqual({
      object: 'sign_up_attempt',
      id: expect.stringMatching(/^sua_[0-9A-Za-z]{27}$/),
      status: 'missing_requirements',
      required_fields: ['email_address', 'password'],
      optional_fields: ['first_name'],
      missing_fields: ['password'],
      unverified_fields: ['email_address'],
      verifications: {
        email_address: { next_action: 'needs_prepare', supported_strategies: ['email_code'] },
        phone_number: null,
        web3_wallet: null,
        external_account: null,
      },
      username: null,
      email_address: 'grace@example.com',
      phone_number: null,
      web3_wallet: null,
      password_enabled: false,
      first_name: null,
      last_name: null,
      locale: 'en-US',
      public_metadata: {},
      unsafe_metadata: { newsLetter: true },
      custom_action: false,
      external_id: null,
      created_session_id: null,
      created_user_id: null,
      abandon_at: server.clock.now() + DAY,
      legal_accepted_at: null,
    })
  })

  it('never show the password, only that there is one', async () => {
    await finish({ passwordDigest: '$argon2id$secret', missingFields: [] })
    const { body } = await server.call('GET', `/sign_ups/${id}`)
    expect(body).toMatchObject({ password_enabled: true, missing_fields: [] })
    expect(JSON.stringify(body)).not.toContain('argon2id')
  })

  it('take the application’s id and say that its own step is done', async () => {
    const updated = await server.client.signUps.update({ signUpAttemptId: id, externalId: 'crm-1', customAction: true })
    expect(updated).toMatchObject({ id, externalId: 'crm-1', customAction: true })
    expect((await patch({ external_id: null, custom_action: null })).body).toMatchObject({
      external_id: null,
      custom_action: true,
    })
    expect((await patch({})).status).toBe(200)
    expect(await server.client.signUps.get(id)).toMatchObject({ externalId: null, customAction: true })
  })

  it('cannot be changed once they are complete', async () => {
    const user = await server.client.users.createUser({ username: 'grace_h' })
    await finish({ status: 'complete', createdUserId: user.id, createdSessionId: 'sess_1' })
    expect(await patch({ external_id: 'crm-1' })).toMatchObject({
      status: 403,
      body: { errors: [{ code: 'sign_up_cannot_be_updated' }] },
    })
    expect(await server.client.signUps.get(id)).toMatchObject({
      status: 'complete',
      createdUserId: user.id,
      createdSessionId: 'sess_1',
      externalId: null,
    })
    server.clock.advance(2 * DAY)
    expect((await server.client.signUps.get(id)).status).toBe('complete')
    await server.client.users.deleteUser(user.id)
    expect((await server.call('GET', `/sign_ups/${id}`)).status).toBe(404)
  })

  it('are abandoned after a day, and cannot be changed then', async () => {
    server.clock.advance(DAY - 1)
    expect((await patch({ custom_action: true })).body).toMatchObject({ status: 'missing_requirements' })
    server.clock.advance(1)
    expect((await server.client.signUps.get(id)).status).toBe('abandoned')
    expect(await patch({ custom_action: false })).toMatchObject({
      status: 403,
      body: { errors: [{ code: 'sign_up_cannot_be_updated' }] },
    })
  })

  it.each([
    [{ external_id: 7 }, 'form_param_type_invalid'],
    [{ external_id: 'x'.repeat(257) }, 'form_param_max_length_exceeded'],
    [{ custom_action: 'yes' }, 'form_param_type_invalid'],
    [{ first_name: 'Grace' }, 'form_param_unknown'],
  ])('refuse %j', async (body, code) => {
    expect(await patch(body)).toMatchObject({ status: 422, body: { errors: [{ code }] } })
  })

  it('are unknown to other instances', async () => {
    const { secretKey: key } = await server.server.createInstance()
    for (const [method, path, body] of [
      ['GET', `/sign_ups/${id}`, undefined],
      ['PATCH', `/sign_ups/${id}`, { external_id: 'x' }],
    ] as const) {
      expect(await server.call(method, path, body, { key })).toMatchObject({
        status: 404,
        body: { errors: [{ code: 'resource_not_found' }] },
      })
    }
    expect((await server.call('PATCH', '/sign_ups/sua_unknown', {})).status).toBe(404)
  })
})
