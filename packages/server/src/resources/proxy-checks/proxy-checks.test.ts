import { beforeEach, describe, expect, it } from 'vitest'
import { API_URL, dialects, useTestServer } from '../../server.test-support.js'

let count = 0

describe.each(dialects)('proxies on %s', (dialect) => {
  /** What stands between: by host, how a request becomes another one. Hosts that are not there do not answer. */
  const proxies = new Map<string, (request: Request) => Request | Response>()
  const fetched: string[] = []
  const server = useTestServer(dialect, {
    fetch: async (input, init) => {
      const request = new Request(input, init)
      fetched.push(request.url)
      const forward = proxies.get(new URL(request.url).host)
      if (!forward) throw new TypeError('fetch failed')
      const next = forward(request)
      return next instanceof Response ? next : server.server.fetch(next)
    },
  })
  let production = { id: '', key: '', name: '', domainId: '' }
  const call = (method: string, path: string, body?: object) => server.call(method, path, body, { key: production.key })
  const error = (code: string, param?: string) => ({
    status: 422,
    body: { errors: [{ code, ...(param === undefined ? {} : { meta: { param_name: param } }) }] },
  })

  /** As a proxy at `/__clerk` forwards a request. */
  const forwarding =
    (more: Record<string, string> = {}, key = production.key) =>
    (request: Request) => {
      const { pathname, search } = new URL(request.url)
      return new Request(`${API_URL}${pathname.replace(/^\/__clerk/, '')}${search}`, {
        headers: {
          'clerk-secret-key': key,
          'clerk-proxy-url': `https://${production.name}/__clerk`,
          'x-forwarded-for': '198.51.100.7',
          ...more,
        },
      })
    }

  beforeEach(async () => {
    proxies.clear()
    fetched.length = 0
    const name = `proxied${++count}.example`
    const { id, secretKey: key } = await server.server.createInstance({
      environmentType: 'production',
      frontendHost: `clerk.${name}`,
    })
    production = { id, key, name, domainId: '' }
    production.domainId = (await call('GET', '/domains')).body.data[0].id
    proxies.set(name, forwarding())
  })

  describe('are checked', () => {
    const check = (body: object) => call('POST', '/proxy_checks', body)

    it('for a domain, and once for each URL', async () => {
      const proxyUrl = `https://${production.name}/__clerk`
      const { status, body } = await check({ domain_id: production.domainId, proxy_url: `${proxyUrl}/` })

      expect(status).toBe(200)
      expect(body).toEqual({
        object: 'proxy_check',
        id: expect.stringMatching(/^prxchk_/),
        domain_id: production.domainId,
        last_run_at: server.clock.now(),
        proxy_url: proxyUrl,
        successful: true,
        created_at: server.clock.now(),
        updated_at: server.clock.now(),
      })
      expect(fetched).toEqual([`${proxyUrl}/v1/proxy-health?domain_id=${production.domainId}`])

      server.clock.advance(1000)
      const again = (await check({ proxy_url: proxyUrl })).body
      expect(again).toEqual({ ...body, last_run_at: server.clock.now(), updated_at: server.clock.now() })
      const elsewhere = await check({ proxy_url: `https://${production.name}/other` })
      expect(elsewhere).toMatchObject(error('invalid_proxy_configuration', 'proxy_url'))
      expect(
        (await server.server.admin.listAudit(production.id, { action: 'proxy_check.run' }, { limit: 9 })).length,
      ).toBe(3)
    })

    it('at the URL that the domain has, unless another is given', async () => {
      const proxyUrl = `https://${production.name}/__clerk`
      expect(await check({ domain_id: production.domainId })).toMatchObject(
        error('form_conditional_param_missing', 'proxy_url'),
      )
      await call('PATCH', `/domains/${production.domainId}`, { proxy_url: proxyUrl })
      expect((await check({ domain_id: production.domainId })).body).toMatchObject({ proxy_url: proxyUrl })
    })

    it('once at a time, however many ask', async () => {
      const answers = await Promise.all(
        Array.from({ length: 64 }, () =>
          check({ domain_id: production.domainId, proxy_url: `https://${production.name}/__clerk` }),
        ),
      )
      expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
    })

    it.each<[string, () => ((request: Request) => Request | Response) | undefined]>([
      ['does not answer', () => undefined],
      ['sends no secret key', () => forwarding({ 'clerk-secret-key': '' })],
      ['sends a key that is invalid', () => forwarding({}, 'sk_live_nobody')],
      ['sends the key of another instance', () => forwarding({}, server.instance.secretKey)],
      ['does not say its URL', () => forwarding({ 'clerk-proxy-url': '' })],
      ['does not say where requests come from', () => forwarding({ 'x-forwarded-for': '' })],
      ['leads elsewhere', () => () => new Response('<html>Welcome</html>')],
      ['answers for another domain', () => () => Response.json({ status: 'healthy', domain_id: 'dmn_1' })],
      ['is healthy by its own word', () => () => Response.json({ status: 'healthy', x_forwarded_for: '::1' })],
      ['fails', () => () => new Response('', { status: 502 })],
      ['answers no end', () => () => new Response('x'.repeat(2_000_000))],
    ])('and one that %s is none', async (_, proxy) => {
      const forward = proxy()
      if (forward) proxies.set(production.name, forward)
      else proxies.delete(production.name)
      const body = { domain_id: production.domainId, proxy_url: `https://${production.name}/__clerk` }

      expect(await check(body)).toMatchObject(error('invalid_proxy_configuration', 'proxy_url'))
    })

    it.each([
      [{}, 'form_conditional_param_missing'],
      [{ domain_id: 'dmn_nobody' }, 'form_resource_not_found'],
      [{ proxy_url: 'https://example.com/__clerk' }, 'invalid_proxy_configuration'],
      [{ proxy_url: 'https://169.254.169.254/__clerk' }, 'invalid_proxy_configuration'],
      [{ proxy_url: '/__clerk' }, 'form_param_format_invalid'],
      [{ proxy_url: 'javascript:alert(1)' }, 'form_param_format_invalid'],
      [{ proxy_url: 1 }, 'form_param_type_invalid'],
    ])('and %j is refused before anything is asked', async (body, code) => {
      expect(await check(body)).toMatchObject(error(code))
      expect(fetched).toEqual([])
    })

    it('never without https, or at a name that only ends like the domain', async () => {
      const { name } = production
      expect(await check({ proxy_url: `http://${name}/__clerk` })).toMatchObject(error('form_param_format_invalid'))
      expect(await check({ proxy_url: `https://ada:secret@${name}/` })).toMatchObject(
        error('form_param_format_invalid'),
      )
      expect(await check({ proxy_url: `https://not${name}/` })).toMatchObject(error('invalid_proxy_configuration'))
      expect(await check({ proxy_url: `https://${name}.evil.example/` })).toMatchObject(
        error('invalid_proxy_configuration'),
      )
      expect(fetched).toEqual([])
    })

    it('in development at any URL', async () => {
      proxies.set('localhost:3000', forwarding({}, server.instance.secretKey))
      const { status, body } = await server.call('POST', '/proxy_checks', {
        proxy_url: 'http://localhost:3000/__clerk',
      })
      expect([status, body.successful]).toEqual([200, true])
      const verified = await server.client.proxyChecks.verify({
        domainId: body.domain_id,
        proxyUrl: 'http://localhost:3000/__clerk',
      })
      expect(verified).toMatchObject({ id: body.id, successful: true })
    })

    it.each([
      'http://169.254.169.254/__clerk',
      'http://[fe80::1]/__clerk',
      'http://0.0.0.0/__clerk',
      'http://localhost:6379/__clerk',
      'http://localhost:22/__clerk',
    ])('but at none where no proxy is: %s', async (url) => {
      expect(await server.call('POST', '/proxy_checks', { proxy_url: url })).toMatchObject(
        error('invalid_proxy_configuration', 'proxy_url'),
      )
      expect(fetched).toEqual([])
    })

    it('and are unknown to other instances', async () => {
      expect(await server.call('POST', '/proxy_checks', { domain_id: production.domainId })).toMatchObject(
        error('form_resource_not_found', 'domain_id'),
      )
    })
  })

  describe('of a domain', () => {
    it('take the place of DNS once they work', async () => {
      const proxyUrl = `https://app.${production.name}/__clerk`
      const change = (value: string | null) => call('PATCH', `/domains/${production.domainId}`, { proxy_url: value })
      expect(await change(proxyUrl)).toMatchObject(error('invalid_proxy_configuration', 'proxy_url'))

      proxies.set(`app.${production.name}`, forwarding())
      expect((await change(proxyUrl)).body).toMatchObject({
        proxy_url: proxyUrl,
        frontend_api_url: proxyUrl,
        cname_targets: null,
      })
      expect((await change(null)).body).toMatchObject({ frontend_api_url: `https://clerk.${production.name}` })
      expect((await call('GET', '/domains')).body.data[0]).not.toHaveProperty('proxy_url')
    })

    it('are left behind by another name', async () => {
      const path = `/domains/${production.domainId}`
      await call('PATCH', path, { proxy_url: `https://${production.name}/__clerk` })
      const { body } = await call('PATCH', path, { name: `renamed${count}.example` })

      expect(body).toMatchObject({ frontend_api_url: `https://clerk.renamed${count}.example` })
      expect(body).not.toHaveProperty('proxy_url')
    })

    it('can come with a satellite, also where nobody can add records', async () => {
      const name = `my-app-${count}.vercel.app`
      const body = { name, is_satellite: true, proxy_url: `https://${name}/__clerk` }
      expect(await call('POST', '/domains', body)).toMatchObject(error('invalid_proxy_configuration', 'proxy_url'))

      proxies.set(name, forwarding())
      const { status, body: satellite } = await call('POST', '/domains', body)
      expect([status, satellite.frontend_api_url]).toEqual([200, body.proxy_url])
      expect(await call('PATCH', `/domains/${satellite.id}`, { proxy_url: null })).toMatchObject(
        error('proxy_url_required_for_provider_domain'),
      )
      expect((await call('DELETE', `/domains/${satellite.id}`)).status).toBe(200)
    })
  })

  describe('may ask the Frontend API how they are', () => {
    const ask = async (headers: Record<string, string>, domainId = production.domainId) => {
      const response = await server.fetch(`${API_URL}/v1/proxy-health?domain_id=${domainId}`, { headers })
      return { status: response.status, body: (await response.json()) as Record<string, unknown> }
    }

    it('and hear it with their secret key', async () => {
      const headers = { 'clerk-secret-key': production.key, 'clerk-proxy-url': 'https://x', 'x-forwarded-for': '::1' }
      expect(await ask(headers)).toEqual({
        status: 200,
        body: { status: 'healthy', x_forwarded_for: '::1', domain_id: production.domainId },
      })
      expect(await ask(headers, 'dmn_other')).toMatchObject({ status: 200, body: { status: 'unhealthy' } })
      expect(await ask(headers, '')).toMatchObject({ status: 200, body: { status: 'unhealthy' } })
      expect(await ask({})).toMatchObject({
        status: 400,
        body: { errors: [{ code: 'proxy_request_missing_secret_key' }] },
      })
      expect(await ask({ ...headers, 'clerk-secret-key': 'sk_live_x' })).toMatchObject({
        status: 401,
        body: { errors: [{ code: 'proxy_request_invalid_secret_key' }] },
      })
    })
  })
})
