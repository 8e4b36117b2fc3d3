import { beforeEach, describe, expect, it } from 'vitest'
import { publishableKeyOf } from '../../instances/instance.js'
import { InstanceStore } from '../../instances/instances.store.js'
import { API_URL, dialects, useTestServer } from '../../server.test-support.js'

let count = 0

describe.each(dialects)('domains on %s', (dialect) => {
  const server = useTestServer(dialect)
  const error = (status: number, code: string, param?: string) => ({
    status,
    body: { errors: [{ code, ...(param === undefined ? {} : { meta: { param_name: param } }) }] },
  })

  describe('of a development instance', () => {
    it('are the instance’s own and satellites, reached at the URL of the server', async () => {
      await server.call('PATCH', '/instance', { development_origin: 'http://localhost:3000' })
      const satellite = await server.client.domains.add({ name: 'LocalHost:4000', is_satellite: true })

      const frontendApiUrl = `${API_URL}/i/${server.instance.id}`
      expect(satellite).toEqual({
        object: 'domain',
        id: expect.stringMatching(/^dmn_[0-9A-Za-z]{27}$/),
        name: 'localhost:4000',
        isSatellite: true,
        frontendApiUrl,
        accountsPortalUrl: null,
        developmentOrigin: '',
        cnameTargets: null,
      })
      expect(await server.client.domains.list()).toEqual({
        data: [
          {
            object: 'domain',
            id: expect.stringMatching(/^dmn_/),
            name: server.instance.frontendHost,
            isSatellite: false,
            frontendApiUrl,
            accountsPortalUrl: frontendApiUrl,
            developmentOrigin: 'http://localhost:3000',
            cnameTargets: null,
          },
          satellite,
        ],
        totalCount: 2,
      })
      expect(await server.client.domains.update({ domainId: satellite.id, name: 'satellite.test' })).toMatchObject({
        name: 'satellite.test',
      })
      expect(await server.client.domains.delete(satellite.id)).toMatchObject({ id: satellite.id, deleted: true })
      expect((await server.client.domains.list()).totalCount).toBe(1)
      expect(
        (await server.server.admin.listAudit(server.instance.id, { targetId: satellite.id }, { limit: 10 })).map(
          ({ action, changed }) => [action, changed],
        ),
      ).toEqual([
        ['domain.created', []],
        ['domain.updated', ['name']],
        ['domain.deleted', []],
      ])
      expect(await server.events()).toEqual([])
    })

    it('have neither a proxy nor another name, and cannot be changed for another home page', async () => {
      const { id } = (await server.call('GET', '/domains')).body.data[0]
      const patch = (body: object, domainId = id) => server.call('PATCH', `/domains/${domainId}`, body)
      const { body: satellite } = await server.call('POST', '/domains', { name: 'localhost:4000', is_satellite: true })

      const proxyUrl = 'https://example.com/__clerk'
      expect(await patch({ proxy_url: proxyUrl })).toMatchObject(error(400, 'domain_update_forbidden', 'proxy_url'))
      expect(await patch({ proxy_url: proxyUrl }, satellite.id)).toMatchObject(error(400, 'domain_update_forbidden'))
      expect(await patch({ name: 'example.com' })).toMatchObject(error(400, 'domain_update_forbidden', 'name'))
      expect(await patch({ is_secondary: true })).toMatchObject(error(400, 'domain_update_forbidden', 'is_secondary'))
      expect((await patch({ name: null, proxy_url: null })).body).toMatchObject({ id, is_satellite: false })
      expect(
        await server.call('POST', '/domains', { name: 'example.com', is_satellite: true, proxy_url: proxyUrl }),
      ).toMatchObject(error(422, 'form_conditional_param_disallowed', 'proxy_url'))
      expect(await server.call('POST', '/instance/change_domain', { home_url: 'https://example.com' })).toMatchObject(
        error(400, 'request_invalid_for_environment'),
      )
      expect(await server.call('DELETE', `/domains/${id}`)).toMatchObject(
        error(403, 'operation_not_allowed_on_primary_domain'),
      )
    })

    it.each([
      [{ name: 'example.com', is_satellite: false }, 'primary_domain_already_exists', 'is_satellite'],
      [{ name: 'https://example.com', is_satellite: true }, 'form_param_format_invalid', 'name'],
      [{ name: 'example.com/path', is_satellite: true }, 'form_param_format_invalid', 'name'],
      [{ name: 'exa mple.com', is_satellite: true }, 'form_param_format_invalid', 'name'],
      [{ name: '-.com', is_satellite: true }, 'form_param_format_invalid', 'name'],
      [{ name: `${'a.'.repeat(200)}com`, is_satellite: true }, 'form_param_format_invalid', 'name'],
      [{ name: '', is_satellite: true }, 'form_param_format_invalid', 'name'],
      [{ name: 'x.accounts.dev', is_satellite: true }, 'reserved_domain', 'name'],
      [{ name: 'clerk.example.com', is_satellite: true }, 'reserved_subdomain', 'name'],
      [{ name: 'example.com' }, 'form_param_missing', 'is_satellite'],
      [{ is_satellite: true }, 'form_param_missing', 'name'],
      [{ name: 'example.com', is_satellite: 'true' }, 'form_param_type_invalid', 'is_satellite'],
      [{ name: 'example.com', is_satellite: true, colour: 1 }, 'form_param_unknown', 'colour'],
    ])('refuse %j', async (body, code, param) => {
      expect(await server.call('POST', '/domains', body)).toMatchObject(error(422, code, param))
    })

    it('have a name once in an instance, however many add it at once', async () => {
      const add = (key?: string) =>
        server.call('POST', '/domains', { name: 'localhost:4000', is_satellite: true }, key ? { key } : {})
      const answers = await Promise.all(Array.from({ length: 64 }, () => add()))

      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
      expect(answers.filter(({ body }) => body.errors?.[0].code === 'form_already_exists')).toHaveLength(63)
      const other = await server.server.createInstance()
      const { body } = await add(other.secretKey)
      expect(body.name).toBe('localhost:4000')
      expect((await server.call('DELETE', `/domains/${body.id}`)).status).toBe(404)
      expect((await server.call('PATCH', `/domains/${body.id}`, { name: 'x.test' })).status).toBe(404)
    })
  })

  describe('of a production instance', () => {
    let production = { id: '', key: '', name: '' }
    const call = (method: string, path: string, body?: object) =>
      server.call(method, path, body, { key: production.key })
    const instance = async (id = production.id) => (await new InstanceStore(server.server.database).find(id))!
    const newProduction = async () => {
      const name = `site${++count}.example`
      const { id, secretKey: key } = await server.server.createInstance({
        environmentType: 'production',
        frontendHost: `clerk.${name}`,
      })
      return { id, key, name }
    }
    const primary = async () => (await call('GET', '/domains')).body.data[0]

    beforeEach(async () => {
      production = await newProduction()
    })

    it('name the records that lead to the server', async () => {
      const { name } = production
      const { body: satellite } = await call('POST', '/domains', {
        name: `www.other${count}.example`,
        is_satellite: true,
      })

      expect(await primary()).toEqual({
        object: 'domain',
        id: expect.stringMatching(/^dmn_/),
        name,
        is_satellite: false,
        frontend_api_url: `https://clerk.${name}`,
        accounts_portal_url: `https://accounts.${name}`,
        development_origin: '',
        cname_targets: [
          { host: `clerk.${name}`, value: 'api.test', required: true },
          { host: `accounts.${name}`, value: 'api.test', required: true },
        ],
      })
      const host = `clerk.www.other${count}.example`
      expect(satellite).toMatchObject({
        frontend_api_url: `https://${host}`,
        accounts_portal_url: null,
        cname_targets: [{ host, value: 'api.test', required: true }],
      })
    })

    it('have no port, and no name whose records are a hosting provider’s', async () => {
      const add = (name: string) => call('POST', '/domains', { name, is_satellite: true })
      expect(await add('example.com:3000')).toMatchObject(error(422, 'form_param_format_invalid', 'name'))
      expect(await add('localhost')).toMatchObject(error(422, 'form_param_format_invalid', 'name'))
      for (const name of ['co.uk', 'fly.dev']) {
        expect(await add(name)).toMatchObject(error(422, 'form_param_format_invalid', 'name'))
      }
      expect(await add('my-app.vercel.app')).toMatchObject(error(422, 'proxy_url_required_for_provider_domain'))
      expect(await add(production.name)).toMatchObject(error(422, 'form_already_exists', 'name'))
    })

    it('are one instance’s: no other gets the same host, as a satellite or as its own', async () => {
      const name = `shared${count}.example`
      expect((await call('POST', '/domains', { name, is_satellite: true })).status).toBe(200)
      const { key } = await newProduction()

      expect(await server.call('POST', '/domains', { name, is_satellite: true }, { key })).toMatchObject(
        error(422, 'form_already_exists', 'name'),
      )
      expect(
        await server.call('POST', '/instance/change_domain', { home_url: `https://${name}` }, { key }),
      ).toMatchObject(error(422, 'home_url_taken', 'home_url'))
      await expect(
        server.server.createInstance({ environmentType: 'production', frontendHost: `clerk.${name}` }),
      ).rejects.toMatchObject({ name: 'AdminError' })
    })

    it.each([
      ['POST', '/instance/change_domain'],
      ['POST', '/beta_features/change_domain'],
      ['PUT', '/beta_features/domain'],
    ])('change with the home page by %s %s: sessions end, publishable key and issuer are new', async (method, path) => {
      const before = await instance()
      const sessions = await seedSessions()

      const answer = await call(method, path, { home_url: `https://www.moved${++count}.example/welcome` })
      expect([answer.status, answer.body]).toEqual([202, ''])
      expect(answer.headers.get('x-clerk-trace-id')).toMatch(/^[0-9a-f]{32}$/)

      const after = await instance()
      expect(after.frontendHost).toBe(`clerk.moved${count}.example`)
      expect(publishableKeyOf(after)).not.toBe(publishableKeyOf(before))
      expect(await primary()).toMatchObject({
        name: `moved${count}.example`,
        frontend_api_url: `https://clerk.moved${count}.example`,
      })
      for (const id of sessions) expect((await call('GET', `/sessions/${id}`)).body.status).toBe('revoked')
      const rows = await server.server.database.read
        .selectFrom('events')
        .select(['type', 'subject_id'])
        .where('instance_id', '=', production.id)
        .where('type', '=', 'session.revoked')
        .execute()
      expect(rows.map((row) => row.subject_id).sort()).toEqual(sessions.toSorted())
      const audited = await server.server.admin.listAudit(production.id, {}, { limit: 100 })
      expect(audited.map(({ action, changed }) => [action, ...changed])).toEqual(
        expect.arrayContaining([
          ['domain.updated', 'name', 'frontend_host'],
          ['instance.updated', 'frontend_host'],
        ]),
      )
    })

    it('keep the subdomain of a secondary application', async () => {
      await call('POST', '/instance/change_domain', {
        home_url: `https://app.two${++count}.example`,
        is_secondary: true,
      })
      expect(await primary()).toMatchObject({ name: `app.two${count}.example` })
      expect((await instance()).frontendHost).toBe(`clerk.app.two${count}.example`)

      const { id } = await primary()
      expect((await call('PATCH', `/domains/${id}`, { is_secondary: true })).body.name).toBe(`app.two${count}.example`)
      expect((await call('PATCH', `/domains/${id}`, { is_secondary: false })).body.name).toBe(`two${count}.example`)
      expect((await instance()).frontendHost).toBe(`clerk.two${count}.example`)
    })

    it('can be renamed, which is the same', async () => {
      const [session] = await seedSessions()
      const { id } = await primary()
      const rename = (name: string) => call('PATCH', `/domains/${id}`, { name })

      const name = `new${++count}.example`
      expect((await rename(`WWW.${name}`)).body).toMatchObject({ id, name })
      expect((await instance()).frontendHost).toBe(`clerk.${name}`)
      expect((await call('GET', `/sessions/${session}`)).body.status).toBe('revoked')

      const [next] = await seedSessions()
      expect((await rename(name)).body.name).toBe(name)
      expect((await call('GET', `/sessions/${next}`)).body.status).toBe('active')
    })

    it.each([
      [{ home_url: 'www.example.com' }, 'form_param_format_invalid'],
      [{ home_url: 'ftp://example.com' }, 'form_param_format_invalid'],
      [{ home_url: 'https://localhost' }, 'form_param_format_invalid'],
      [{ home_url: 'https://192.0.2.1' }, 'form_param_format_invalid'],
      [{ home_url: 'https://example.com:8443' }, 'form_param_format_invalid'],
      [{ home_url: 'https://co.uk' }, 'form_param_format_invalid'],
      [{ home_url: 'https://co.uk', is_secondary: true }, 'form_param_format_invalid'],
      [{ home_url: 'https://www.co.uk', is_secondary: true }, 'form_param_format_invalid'],
      [{ home_url: 'https://my-app.vercel.app' }, 'known_hosting_domain'],
      [{ home_url: 'https://x.clerk.accounts.dev' }, 'reserved_domain'],
      [{ home_url: 'https://accounts.example.com' }, 'reserved_subdomain'],
      [{}, 'form_param_missing'],
      [{ home_url: null }, 'form_param_nil'],
      [{ home_url: 'https://example.com', is_secondary: 'no' }, 'form_param_type_invalid'],
    ])('do not change for %j', async (body, code) => {
      const before = await instance()
      expect(await call('POST', '/instance/change_domain', body)).toMatchObject(error(422, code))
      expect(await instance()).toEqual(before)
    })

    it('do not change for their own home page, which would end sessions for nothing', async () => {
      expect(
        await call('POST', '/instance/change_domain', { home_url: `https://www.${production.name}` }),
      ).toMatchObject(error(422, 'home_url_taken'))
    })

    it('go to one of two instances that want the same at once', async () => {
      const other = await newProduction()
      const body = { home_url: `https://wanted${++count}.example` }
      const answers = await Promise.all(
        [production.key, other.key].map((key) => server.call('POST', '/instance/change_domain', body, { key })),
      )
      expect(answers.map(({ status }) => status).sort()).toEqual([202, 422])
    })

    /** Of a user that a seed brings: the API opens none in production. @returns their ids */
    async function seedSessions(): Promise<string[]> {
      const own = `${production.id}_${++count}`
      const sessions = [{ id: `sess_1_${own}` }, { id: `sess_2_${own}` }]
      const users = [{ id: `user_${own}`, username: `user_${count}`, sessions }]
      await server.server.admin.seed(production.id, { users })
      return sessions.map(({ id }) => id)
    }
  })
})
