import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'

describe.each(dialects)('the lists of a seed on %s', (dialect) => {
  const server = useTestServer(dialect)
  const apply = (document: unknown) => server.server.admin.seed(server.instance.id, document)

  it('are brought about, and stay as they are a second time', async () => {
    const own = server.instance.id
    const seed = {
      allowlist_identifiers: ['*@example.com', { id: `alid_${own}`, identifier: 'ada@example.org' }],
      blocklist_identifiers: ['+14155552671'],
      satellite_domains: ['LocalHost:4000', { id: `dmn_${own}`, name: 'other.test' }],
      redirect_urls: ['my-app://back', { id: `ru_${own}`, url: 'https://example.com/back' }],
    }
    await apply(seed)
    const read = async () => ({
      allowed: (await server.client.allowlistIdentifiers.getAllowlistIdentifierList()).data,
      blocked: (await server.client.blocklistIdentifiers.getBlocklistIdentifierList()).data,
      urls: (await server.client.redirectUrls.getRedirectUrlList()).data,
      domains: (await server.client.domains.list()).data,
    })
    const first = await read()

    expect(first.allowed.map(({ identifier }) => identifier).sort()).toEqual(['*@example.com', 'ada@example.org'])
    expect(first.allowed.map(({ id }) => id)).toContain(`alid_${own}`)
    expect(first.blocked).toMatchObject([{ identifier: '+14155552671', identifierType: 'phone_number' }])
    expect(first.urls.map(({ url }) => url).sort()).toEqual(['https://example.com/back', 'my-app://back'])
    expect(first.urls.map(({ id }) => id)).toContain(`ru_${own}`)

    expect(
      first.domains
        .slice(1)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['localhost:4000', 'other.test'])
    expect(first.domains.map(({ id }) => id)).toContain(`dmn_${own}`)

    await apply(seed)
    expect(await read()).toEqual(first)
  })

  it.each([
    [{ allowlist_identifiers: ['ada@example.com', 'nobody'] }, ['allowlist_identifiers', 1, 'identifier']],
    [{ blocklist_identifiers: [{ identifier: '*' }] }, ['blocklist_identifiers', 0, 'identifier']],
    [{ blocklist_identifiers: [{ identifier: 'x@example.com', colour: 1 }] }, ['blocklist_identifiers', 0, 'colour']],
    [{ satellite_domains: ['https://example.com'] }, ['satellite_domains', 0, 'name']],
    [{ redirect_urls: ['javascript:alert(1)'] }, ['redirect_urls', 0, 'url']],
  ])('name the place of a mistake in %j', async (seed, path) => {
    await expect(apply(seed)).rejects.toMatchObject({ name: 'SeedError', path })
  })
})
