import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'
import { servicesOf } from '../users/user-parts.test-support.js'
import type { AccessQuestion } from './access.rules.js'
import type { AccessIdentifier } from './access.service.js'

const signUp: AccessQuestion = { act: 'sign_up', by: 'person', invited: false }
const signIn: AccessQuestion = { act: 'sign_in', by: 'person', madeByBackend: false }

const email = (canonical: string): AccessIdentifier => ({ type: 'email_address', identifier: canonical, canonical })
const phone = (canonical: string): AccessIdentifier => ({ type: 'phone_number', identifier: canonical, canonical })

describe.each(dialects)('access to an instance on %s', (dialect) => {
  const server = useTestServer(dialect)
  const restrict = (change: object) => server.call('PATCH', '/instance/restrictions', change)
  const allow = (identifier: string) => server.call('POST', '/allowlist_identifiers', { identifier })
  const block = (identifier: string) => server.call('POST', '/blocklist_identifiers', { identifier })
  const setMode = (mode: string) => server.server.admin.seed(server.instance.id, { instance: { sign_up: { mode } } })
  const createUser = (...addresses: string[]) => server.call('POST', '/users', { email_address: addresses })
  const check = async (question: AccessQuestion, ...identifiers: AccessIdentifier[]) =>
    (await servicesOf(server)).access.check(question, identifiers)
  const refused = (code: string, ...identifiers: string[]) => ({
    status: 403,
    errors: [{ code, ...(identifiers.length > 0 ? { meta: { identifiers } } : {}) }],
  })

  it('is free until somebody restricts it', async () => {
    await block('ada@example.com')
    await expect(check(signUp, email('ada@example.com'))).resolves.toBeUndefined()
  })

  it('is for those on the allow-list, and an empty one has nobody', async () => {
    await restrict({ allowlist: true })
    await expect(check(signUp, email('ada@example.com'))).rejects.toMatchObject(
      refused('not_allowed_access', 'ada@example.com'),
    )

    await allow('*@example.com')
    await allow('+14155552671')
    await expect(check(signUp, email('ada@example.com'), phone('+14155552671'))).resolves.toBeUndefined()
    await expect(check(signIn, phone('+14155552671'))).resolves.toBeUndefined()
    await expect(check(signUp, email('ada@mail.example.com'))).rejects.toMatchObject({ status: 403 })
    await expect(check(signUp, email('ada@example.com'), phone('+14155552672'))).rejects.toMatchObject(
      refused('not_allowed_access', '+14155552672'),
    )
  })

  it('is not for those on the block-list, under any subaddress', async () => {
    await restrict({ blocklist: true })
    await block('ada@example.com')
    await block('*@*.example.org')

    await expect(check(signUp, email('ada+x@example.com'))).rejects.toMatchObject(
      refused('not_allowed_access', 'ada+x@example.com'),
    )
    await expect(check(signIn, email('bob@mail.example.org'))).rejects.toMatchObject({ status: 403 })
    await expect(check(signUp, email('bob@example.org'))).resolves.toBeUndefined()

    await restrict({ allowlist_blocklist_disabled_on_sign_in: true })
    await expect(check(signIn, email('bob@mail.example.org'))).resolves.toBeUndefined()
  })

  it('asks only the lists of its own instance', async () => {
    const other = await server.server.createInstance()
    await server.call('POST', '/allowlist_identifiers', { identifier: '*@example.com' }, { key: other.secretKey })
    await restrict({ allowlist: true })

    await expect(check(signUp, email('ada@example.com'))).rejects.toMatchObject({ status: 403 })
  })

  it('is not for addresses at disposable domains, where the instance says so', async () => {
    await expect(check(signUp, email('ada@mailinator.com'))).resolves.toBeUndefined()
    await restrict({ block_disposable_email_domains: true })

    await expect(check(signUp, email('ada@x.mailinator.com'))).rejects.toMatchObject(
      refused('form_email_address_blocked', 'ada@x.mailinator.com'),
    )
    await expect(check(signIn, email('ada@mailinator.com'))).resolves.toBeUndefined()
    await expect(check(signUp, email('ada+clerk_test@mailinator.com'))).resolves.toBeUndefined()
  })

  it('depends on the sign-up mode', async () => {
    await setMode('restricted')
    await expect(check(signUp, email('ada@example.com'))).rejects.toMatchObject(refused('sign_up_mode_restricted'))
    await expect(
      check({ act: 'sign_up', by: 'person', invited: true }, email('ada@example.com')),
    ).resolves.toBeUndefined()
    await expect(check(signIn, email('ada@example.com'))).resolves.toBeUndefined()

    await setMode('waitlist')
    await expect(check(signUp, email('ada@example.com'))).rejects.toMatchObject(refused('sign_up_restricted_waitlist'))
  })

  it('has no allow-list in a mode that asks nobody for it', async () => {
    const error = (param: string) => ({
      status: 422,
      body: { errors: [{ code: 'sign_up_mode_restricted_invalid_value', meta: { param_name: param } }] },
    })
    await setMode('waitlist')
    expect(await restrict({ allowlist: true })).toMatchObject(error('allowlist'))
    expect(
      await server.call('PATCH', '/beta_features/instance_settings', { restricted_to_allowlist: true }),
    ).toMatchObject(error('restricted_to_allowlist'))
    expect((await restrict({ blocklist: true })).body).toMatchObject({ allowlist: false, blocklist: true })

    await setMode('public')
    expect((await restrict({ allowlist: true })).status).toBe(200)
    await expect(setMode('restricted')).rejects.toMatchObject({ name: 'SeedError', path: ['instance', 'sign_up'] })
    await expect(setMode('closed')).rejects.toMatchObject({ name: 'SeedError', path: ['instance', 'sign_up', 'mode'] })
  })

  it('is given to users whom the Backend API makes, whatever the lists, the mode and the domain are', async () => {
    await restrict({ allowlist: true, blocklist: true, block_disposable_email_domains: true })
    await block('ada@mailinator.com')
    const { body: user } = await createUser('ada@mailinator.com')

    expect(user.id).toMatch(/^user_/)
    expect(
      (await server.call('POST', '/email_addresses', { user_id: user.id, email_address: 'bob@mailinator.com' })).status,
    ).toBe(200)
  })

  describe('with one account for a mailbox', () => {
    const taken = (address: string) => ({
      status: 403,
      body: { errors: [{ code: 'not_allowed_access', meta: { identifiers: [address] } }] },
    })

    it('lets the first account have it under any address, and the same account more of them', async () => {
      await restrict({ block_email_subaddresses: true })
      const { status, body: user } = await createUser('ada+first@example.com')
      expect(status).toBe(200)

      expect(await createUser('ada@example.com')).toMatchObject(taken('ada@example.com'))
      expect(await createUser('Ada+second@example.com')).toMatchObject(taken('Ada+second@example.com'))
      expect((await createUser('adah@example.com')).status).toBe(200)
      expect(
        (await server.call('POST', '/email_addresses', { user_id: user.id, email_address: 'ada@example.com' })).status,
      ).toBe(200)
      await expect(check(signUp, email('ada=x@example.com'))).rejects.toMatchObject(
        refused('not_allowed_access', 'ada=x@example.com'),
      )
    })

    it('refuses an address of it to other users in every way they could get one', async () => {
      await createUser('ada@example.com')
      const { body: bob } = await createUser('bob@example.com')
      const add = { user_id: bob.id, email_address: 'ada+bob@example.com' }
      const { body: early } = await server.call('POST', '/email_addresses', add)
      await restrict({ block_email_subaddresses: true })

      expect(
        await server.call('POST', '/email_addresses', { ...add, email_address: 'ada+x@example.com' }),
      ).toMatchObject(taken('ada+x@example.com'))
      expect(
        await server.call('PUT', `/users/${bob.id}/email_address`, { email_address: 'ada+x@example.com' }),
      ).toMatchObject(taken('ada+x@example.com'))
      expect(await server.call('PATCH', `/email_addresses/${early.id}`, { verified: true })).toMatchObject({
        status: 400,
        body: { errors: [{ code: 'identification_claimed' }] },
      })
      expect((await server.call('GET', `/users/${bob.id}`)).body.email_addresses).toHaveLength(2)
    })

    it('compares dots at Gmail where the instance says so, with or without subaddresses', async () => {
      await createUser('a.da@gmail.com')
      expect((await createUser('ad.a@gmail.com')).status).toBe(200)

      await restrict({ ignore_dots_for_gmail_addresses: true })
      expect(await createUser('ada@googlemail.com')).toMatchObject(taken('ada@googlemail.com'))
      expect((await createUser('ada+x@gmail.com')).status).toBe(200)
      expect((await createUser('a.da@example.com', 'ada@example.com')).status).toBe(200)

      await restrict({ ignore_dots_for_gmail_addresses: false, block_email_subaddresses: true })
      expect(await createUser('a.d.a+y@gmail.com')).toMatchObject(taken('a.d.a+y@gmail.com'))
    })

    it('does not count addresses for tests, those nobody has verified, and those of users who are gone', async () => {
      await restrict({ block_email_subaddresses: true })
      const { body: ada } = await createUser('ada+clerk_test@example.com')
      expect((await createUser('ada+2+clerk_test@example.com')).status).toBe(200)
      expect((await createUser('ada@example.com')).status).toBe(200)
      expect((await createUser('ada+3+clerk_test@example.com')).status).toBe(200)

      await server.call('POST', '/email_addresses', { user_id: ada.id, email_address: 'eve+x@example.com' })
      const { body: eve } = await createUser('eve@example.com')
      expect(eve.id).toMatch(/^user_/)
      await server.call('DELETE', `/users/${eve.id}`)
      expect((await createUser('eve+y@example.com')).status).toBe(200)
    })

    it('answers as ever when the very address is taken', async () => {
      await restrict({ block_email_subaddresses: true })
      await createUser('ada+x@example.com')
      expect(await createUser('ada+x@example.com')).toMatchObject({
        status: 422,
        body: { errors: [{ code: 'form_identifier_exists' }] },
      })
    })

    it('gives it to one of many at once', async () => {
      await restrict({ block_email_subaddresses: true })
      const answers = await Promise.all(
        Array.from({ length: 64 }, (_, index) => createUser(`ada+${index}@example.com`)),
      )

      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
      expect(answers.filter(({ body }) => body.errors?.[0].code === 'not_allowed_access')).toHaveLength(63)
      expect(await server.events()).toHaveLength(1)
    })
  })
})
