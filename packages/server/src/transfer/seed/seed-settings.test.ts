import { describe, expect, it } from 'vitest'
import { callFrontend } from '../../browser.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'

describe.each(dialects)('the settings of a seed on %s', (dialect) => {
  const server = useTestServer(dialect)
  const apply = (instance: unknown) => server.server.admin.seed(server.instance.id, { instance })
  const environment = async () => (await callFrontend(server, 'GET /environment')).body

  it('say what people have and sign in with, and how they go on', async () => {
    await apply({
      auth: { single_session_mode: false, reverification: false, preferred_channels: { BR: 'whatsapp' } },
      sign_up: { legal_consent_enabled: true, mfa_required: true },
      passkey: { allow_autofill: false, satisfies_second_factor: false },
      attributes: {
        email_address: { required: false, first_factors: ['email_link'], verifications: ['email_link'] },
        phone_number: { required: true, used_for_second_factor: false, channels: ['whatsapp'] },
        first_name: { enabled: false },
        password: { required: false },
      },
    })
    expect(await environment()).toMatchObject({
      auth_config: {
        preferred_channels: { BR: 'whatsapp' },
        single_session_mode: false,
        reverification: false,
        first_name: 'off',
        last_name: 'on',
      },
      user_settings: {
        sign_up: { legal_consent_enabled: true, mfa: { required: true } },
        passkey_settings: { allow_autofill: false, show_sign_in_button: true, satisfies_second_factor: false },
        attributes: {
          email_address: { enabled: true, required: false, first_factors: ['email_link'], verify_at_sign_up: true },
          phone_number: { enabled: true, required: true, used_for_second_factor: false, channels: ['whatsapp'] },
          first_name: { enabled: false },
          last_name: { enabled: true },
          password: { enabled: true, required: false },
          username: { enabled: false },
        },
      },
    })
  })

  it('hold for the Backend API too, where it asks for identifiers', async () => {
    await apply({ attributes: { phone_number: { required: true }, first_name: { required: true } } })
    await expect(server.client.users.createUser({ emailAddress: ['ada@example.com'] })).rejects.toMatchObject({
      status: 422,
      errors: [{ meta: { paramNames: ['phone_number'] } }],
    })
  })

  it.each([
    [{ attributes: { shoe_size: {} } }, ['instance', 'attributes', 'shoe_size']],
    [{ attributes: { password: { first_factors: 'all' } } }, ['instance', 'attributes', 'password', 'first_factors']],
    [{ session: { claims_version: 3 } }, ['instance', 'session', 'claims_version']],
    [{ auth: { preferred_channels: { brazil: 'sms' } } }, ['instance', 'auth', 'preferred_channels', 'brazil']],
    [{ attributes: { phone_number: { channels: [] } } }, ['instance', 'attributes', 'phone_number', 'channels']],
    [{ auth: { single_session_mode: 'no' } }, ['instance', 'auth', 'single_session_mode']],
  ])('are refused at their place: %j', async (instance, path) => {
    await expect(apply(instance)).rejects.toMatchObject({ path })
  })
})
