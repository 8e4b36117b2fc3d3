import { describe, expect, it } from 'vitest'
import { publishableKeyOf } from '../../instances/instance.js'
import { API_URL, dialects, useTestServer } from '../../server.test-support.js'

describe.each(dialects)('the page for old SDKs on %s', (dialect) => {
  const server = useTestServer(dialect)

  const get = async (query: Record<string, string>) => {
    if (!(await server.server.admin.defaultInstance())) await server.newInstance({ isDefault: true })
    const response = await server.fetch(`${API_URL}/v1/public/interstitial?${new URLSearchParams(query)}`)
    return { status: response.status, type: response.headers.get('content-type'), text: await response.text() }
  }

  it('loads the browser package from this server for an instance that it has', async () => {
    const { frontendHost, id } = server.instance
    const publishableKey = publishableKeyOf(server.instance)
    const byKey = await get({ publishable_key: publishableKey })
    expect(byKey).toMatchObject({ status: 200, type: 'text/html; charset=utf-8' })
    expect(byKey.text).toContain(`src="${API_URL}/i/${id}/npm/@clerk/clerk-js@5/dist/clerk.browser.js"`)
    expect(byKey.text).toContain(`data-clerk-publishable-key="${publishableKey}"`)
    expect(byKey.text).toContain(`data-clerk-proxy-url="${API_URL}/i/${id}"`)
    expect((await get({ frontend_api: frontendHost })).text).toBe(byKey.text)
    expect((await get({ frontendApi: frontendHost })).text).toBe(byKey.text)
  })

  it('is got by our SDK without a key', async () => {
    await get({ publishable_key: publishableKeyOf(server.instance) })
    const html = await server.client.interstitial.get({ publishableKey: publishableKeyOf(server.instance) })
    expect(html).toMatch(/^<!doctype html>/)
  })

  it('loads it from the host of the key, from a proxy, or from the domain', async () => {
    const key = `pk_live_${Buffer.from('clerk.example.com$').toString('base64')}`
    expect((await get({ publishable_key: key })).text).toContain('src="https://clerk.example.com/npm/')
    const proxied = await get({ publishable_key: key, proxy_url: 'https://example.com/__clerk' })
    expect(proxied.text).toContain('src="https://example.com/__clerk/npm/')
    const satellite = { publishable_key: key, domain: 'other.example', use_domain_for_script: 'true' }
    expect((await get(satellite)).text).toContain('src="https://clerk.other.example/npm/')
    expect((await get({ ...satellite, use_domain_for_script: 'false' })).text).toContain(
      'data-clerk-domain="other.example"',
    )
  })

  it.each([
    [{}, 'missing_query_parameter'],
    [{ publishable_key: 'pk_test_x' }, 'malformed_publishable_key'],
    [{ publishable_key: '"><script>' }, 'malformed_publishable_key'],
    [{ frontend_api: '"><script>' }, 'malformed_publishable_key'],
  ])('is refused for %j with %s', async (query, code) => {
    const { status, text } = await get(query as Record<string, string>)
    expect(status).toBe(400)
    expect(JSON.parse(text)).toMatchObject({ errors: [{ code }] })
  })

  it('contains no parameter as markup or script', async () => {
    const evil = '"></script><script>alert(1)</script>'
    const publishableKey = publishableKeyOf(server.instance)
    for (const name of ['proxy_url', 'domain', 'sign_in_url']) {
      const { status, text } = await get({ publishable_key: publishableKey, [name]: evil })
      expect(status).toBe(200)
      expect(text).not.toContain('alert(1)')
    }
    const inUrl = await get({ publishable_key: publishableKey, sign_in_url: `https://a.example/?${evil}` })
    expect(inUrl.text).not.toContain('</script><script>alert')
    const scheme = await get({ publishable_key: publishableKey, sign_in_url: 'javascript:alert(1)' })
    expect(scheme.text).not.toContain('javascript:')
  })
})
