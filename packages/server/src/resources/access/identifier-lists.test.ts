import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'

const lists = [
  { list: 'allowlist_identifiers', object: 'allowlist_identifier', prefix: 'alid' },
  { list: 'blocklist_identifiers', object: 'blocklist_identifier', prefix: 'blid' },
]

describe.each(dialects)('on %s', (dialect) => {
  const server = useTestServer(dialect)
  const audited = async () =>
    (await server.server.admin.listAudit(server.instance.id, {}, { limit: 1000 })).map(({ action, targetId }) => [
      action,
      targetId,
    ])

  describe.each(lists)('$list', ({ list, object, prefix }) => {
    const add = (identifier: unknown, more = {}) => server.call('POST', `/${list}`, { identifier, ...more })

    it('take an identifier and answer it', async () => {
      const { status, body } = await add(' Ada@Example.COM ')

      expect(status).toBe(200)
      expect(body).toEqual({
        object,
        id: expect.stringMatching(new RegExp(`^${prefix}_[0-9A-Za-z]{27}$`)),
        identifier: 'ada@example.com',
        identifier_type: 'email_address',
        instance_id: server.instance.id,
        created_at: server.clock.now(),
        updated_at: server.clock.now(),
      })
      expect(await server.events()).toEqual([])
      expect(await audited()).toContainEqual([`${object}.created`, body.id])
    })

    it.each([
      ['ada@bücher.example', 'ada@xn--bcher-kva.example', 'email_address'],
      ['Example.com', 'example.com', 'email_address'],
      ['*@Example.com', '*@example.com', 'email_address'],
      ['*@*.Example.com', '*@*.example.com', 'email_address'],
      ['*@*.edu', '*@*.edu', 'email_address'],
      ['john*@example.com', 'john*@example.com', 'email_address'],
      ['+1 (415) 555-2671', '+14155552671', 'phone_number'],
      ['0x52908400098527886E0F7030069857D2E4169EE7', '0x52908400098527886e0f7030069857d2e4169ee7', 'web3_wallet'],
      ['DRpbCBMxVnDK7maPM5tGv6MvB3v1sRMC86PZ8okm21hy', 'DRpbCBMxVnDK7maPM5tGv6MvB3v1sRMC86PZ8okm21hy', 'web3_wallet'],
    ])('read %j as %j, a kind of %s', async (written, identifier, type) => {
      expect((await add(written)).body).toMatchObject({ identifier, identifier_type: type })
    })

    it.each([
      '',
      '*',
      '@example.com',
      '*@',
      '*@*',
      '*@*.',
      '*@com',
      '*@example.*',
      '*@a.*.example.com',
      '*.example.com',
      'ada',
      'ada@localhost',
      'two@at@example.com',
      '+1',
      '+*',
      '4155552671',
      '0x1234',
      'https://example.com',
      `${'a'.repeat(2000)}@example.com`,
    ])('refuse %j', async (identifier) => {
      expect(await add(identifier)).toMatchObject({
        status: 422,
        body: { errors: [{ code: 'form_param_format_invalid', meta: { param_name: 'identifier' } }] },
      })
    })

    it.each([
      [{}, 'form_param_missing'],
      [{ identifier: null }, 'form_param_nil'],
      [{ identifier: 7 }, 'form_param_type_invalid'],
      [{ identifier: ['ada@example.com'] }, 'form_param_type_invalid'],
      [{ identifier: 'ada@example.com', colour: 'red' }, 'form_param_unknown'],
    ])('refuse %j as a body', async (body, code) => {
      expect(await server.call('POST', `/${list}`, body)).toMatchObject({ status: 422, body: { errors: [{ code }] } })
    })

    it.each([
      ['ada@example.com', 'ADA@example.com'],
      ['example.com', '*@EXAMPLE.com'],
      ['*@*.example.com', '*@*.example.com'],
      ['+14155552671', '+1 415 555 2671'],
    ])('have %j once, also as %j', async (first, second) => {
      await add(first)
      expect(await add(second)).toMatchObject({ status: 400, body: { errors: [{ code: 'duplicate_record' }] } })
    })

    it('tell a domain from its subdomains and from an address', async () => {
      for (const identifier of ['*@example.com', '*@*.example.com', 'ada@example.com'])
        expect((await add(identifier)).status).toBe(200)
    })

    it('have an identifier once, however many add it at once', async () => {
      const answers = await Promise.all(Array.from({ length: 64 }, () => add('ada@example.com')))

      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
      expect(answers.filter(({ status }) => status === 400)).toHaveLength(63)
      const { body } = await server.call('GET', `/${list}?paginated=true`)
      expect(body.total_count).toBe(1)
      expect((await audited()).filter(([action]) => action === `${object}.created`)).toHaveLength(1)
    })

    it('lose an entry, which can then be added again', async () => {
      const { body } = await add('ada@example.com')

      expect(await server.call('DELETE', `/${list}/${body.id}`)).toMatchObject({
        status: 200,
        body: { object, id: body.id, deleted: true },
      })
      expect(await audited()).toContainEqual([`${object}.deleted`, body.id])
      expect((await server.call('DELETE', `/${list}/${body.id}`)).status).toBe(404)
      expect((await add('ada@example.com')).status).toBe(200)
    })

    it('are those of one instance', async () => {
      const { body } = await add('ada@example.com')
      const other = { key: (await server.server.createInstance()).secretKey }

      expect((await server.call('DELETE', `/${list}/${body.id}`, undefined, other)).status).toBe(404)
      expect((await server.call('POST', `/${list}`, { identifier: 'ada@example.com' }, other)).status).toBe(200)
      expect((await server.call('GET', `/${list}?paginated=true`, undefined, other)).body.total_count).toBe(1)
      expect((await server.call('GET', `/${list}?paginated=true`)).body.data).toEqual([body])
    })
  })

  describe('the allow-list', () => {
    it('is an array or a page, newest first', async () => {
      const added = []
      for (const identifier of ['one@example.com', 'two@example.com', 'three@example.com']) {
        added.unshift(await server.client.allowlistIdentifiers.createAllowlistIdentifier({ identifier, notify: false }))
        server.clock.advance(1)
      }

      expect(await server.client.allowlistIdentifiers.getAllowlistIdentifierList()).toEqual({
        data: added,
        totalCount: 3,
      })
      const { body } = await server.call('GET', '/allowlist_identifiers?limit=1&offset=1')
      expect(body).toMatchObject([{ identifier: 'two@example.com' }])
      expect((await server.call('GET', '/allowlist_identifiers?limit=0')).status).toBe(422)
      expect((await server.client.allowlistIdentifiers.deleteAllowlistIdentifier(added[0]!.id)).deleted).toBe(true)
    })
  })

  describe('notifying somebody of the allow-list', () => {
    const notify = (identifier: string) => server.call('POST', '/allowlist_identifiers', { identifier, notify: true })
    const sent = async () => (await server.messages()).map(({ channel, toAddress, slug }) => [channel, toAddress, slug])
    const invitation = async (id: string) =>
      (await server.client.invitations.getInvitationList()).data.find((each) => each.id === id)

    it('sends an invitation to an address, which ends with the entry', async () => {
      const { body } = await notify('ada@example.com')

      expect(body.invitation_id).toMatch(/^inv_/)
      expect(await invitation(body.invitation_id)).toMatchObject({ emailAddress: 'ada@example.com', status: 'pending' })
      expect(await sent()).toEqual([['email', 'ada@example.com', 'invitation']])
      expect((await server.call('GET', '/allowlist_identifiers')).body).toEqual([body])

      await server.call('DELETE', `/allowlist_identifiers/${body.id}`)
      const { body: revoked } = await server.call('GET', '/invitations?status=revoked')
      expect(revoked).toMatchObject([{ id: body.invitation_id }])
    })

    it('sends another invitation where there is one, and can be done for a user', async () => {
      await server.client.invitations.createInvitation({ emailAddress: 'ada@example.com' })
      await server.client.users.createUser({ emailAddress: ['bob@example.com'] })

      expect((await notify('ada@example.com')).body.invitation_id).toMatch(/^inv_/)
      expect((await notify('bob@example.com')).body.invitation_id).toMatch(/^inv_/)
    })

    it('sends a text message to a number', async () => {
      const { status, body } = await notify('+14155552671')

      expect([status, body.invitation_id]).toEqual([200, undefined])
      expect(await sent()).toEqual([['sms', '+14155552671', 'invitation']])
      expect((await server.events()).map(({ type }) => type)).toEqual(['sms.created'])
    })

    it('sends nothing to domains, wallets and test numbers', async () => {
      for (const identifier of [
        '*@example.com',
        'example.org',
        '*@*.example.com',
        '0x52908400098527886E0F7030069857D2E4169EE7',
        '+15555550100',
      ])
        expect(await notify(identifier)).toMatchObject({ status: 200 })
      expect(await sent()).toEqual([])
    })

    it('sends nothing for an entry that is there already', async () => {
      await server.call('POST', '/allowlist_identifiers', { identifier: 'ada@example.com' })
      expect((await notify('ada@example.com')).status).toBe(400)
      expect(await sent()).toEqual([])
    })
  })

  describe('the block-list', () => {
    it('is always a page, and whole unless a part is asked for', async () => {
      for (let index = 0; index < 12; index++)
        await server.client.blocklistIdentifiers.createBlocklistIdentifier({ identifier: `u${index}@example.com` })

      const { body } = await server.call('GET', '/blocklist_identifiers')
      expect(body.data).toHaveLength(12)
      expect(body.total_count).toBe(12)
      expect(
        await server.client.blocklistIdentifiers.getBlocklistIdentifierList({ limit: 5, offset: 10 }),
      ).toMatchObject({
        data: [{}, {}],
        totalCount: 12,
      })
      const [{ id }] = body.data
      expect((await server.client.blocklistIdentifiers.deleteBlocklistIdentifier(id)).deleted).toBe(true)
    })
  })
})
