import { beforeEach, describe, expect, it } from 'vitest'
import { operator } from '../../kernel/caller.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { useOrganizations } from '../organizations/organizations.test-support.js'
import { ENCRYPTION_KEY, servicesOf } from '../users/user-parts.test-support.js'

const DAY = 24 * 60 * 60 * 1000
const caller = operator('test')
const code = (name: string, status = 400) => ({ status, errors: [{ code: name }] })

describe.each(dialects)('proof by a TXT record on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })
  const { createOrganization, happened } = useOrganizations(server)
  let records: Record<string, string[]>
  let organizationId: string
  let domainId: string

  beforeEach(async () => {
    await server.client.instance.updateOrganizationSettings({ domainsEnabled: true })
    const { organization } = await createOrganization()
    const domain = await server.client.organizations.createOrganizationDomain({
      organizationId: organization.id,
      name: 'acme.test',
      enrollmentMode: 'manual_invitation',
    })
    records = {}
    organizationId = organization.id
    domainId = domain.id
  })

  const ownership = async () =>
    (await servicesOf(server, async (name) => records[name] ?? [])).organizationDomainOwnership
  const prepare = async () => {
    const service = await ownership()
    const domain = await service.prepare(organizationId, domainId, caller)
    return service.challengeOf(domain)!
  }
  const attempt = async () => (await ownership()).attempt(organizationId, domainId, caller)
  const shown = async () =>
    (await server.call('GET', `/organizations/${organizationId}/domains`)).body.data[0].ownership_verification

  it('is a value at a name below the domain, and succeeds once the record is there', async () => {
    const { name, value } = await prepare()
    expect(name).toBe('_latchkey-challenge.acme.test')
    expect(value).toMatch(/^latchkey-verification=[\w-]{32}$/)
    expect(await shown()).toMatchObject({ status: 'unverified', strategy: 'txt', attempts: 0, verified_at: null })

    records[name] = ['v=spf1 -all', `${value}x`]
    await attempt()
    expect(await shown()).toMatchObject({ status: 'unverified', attempts: 1 })
    records[name].push(value)
    server.clock.advance(1000)
    await attempt()
    const owned = { status: 'verified', strategy: 'txt', attempts: 2, expire_at: null, verified_at: server.clock.now() }
    expect(await shown()).toMatchObject(owned)

    // It stays proved, whatever becomes of the record.
    records = {}
    server.clock.advance(1000)
    await attempt()
    expect(await shown()).toMatchObject(owned)
    await expect(prepare()).rejects.toMatchObject(code('verification_already_verified'))
    const { audit } = await servicesOf(server)
    const actions = (await audit.list({ targetId: domainId }, { limit: 20 })).map(({ action }) => action)
    expect(actions.filter((action) => action === 'organization_domain.ownership_verified')).toHaveLength(1)
    expect(JSON.stringify(await happened())).not.toContain(value)
  })

  it('takes the last challenge only, as long as it lasts', async () => {
    const first = await prepare()
    const second = await prepare()
    records[first.name] = [first.value]
    await attempt()
    expect(await shown()).toMatchObject({ status: 'unverified' })
    records[second.name] = [second.value]
    server.clock.advance(7 * DAY)
    expect(await shown()).toMatchObject({ status: 'expired' })
    await expect(attempt()).rejects.toMatchObject(code('verification_expired'))
    const third = await prepare()
    records[third.name] = [third.value]
    await attempt()
    expect(await shown()).toMatchObject({ status: 'verified' })
  })

  it('needs a challenge, and an answer of DNS', async () => {
    await expect(attempt()).rejects.toMatchObject(code('verification_missing'))
    await prepare()
    const { organizationDomainOwnership } = await servicesOf(server, () => Promise.reject(new Error('ESERVFAIL')))
    const failing = organizationDomainOwnership.attempt(organizationId, domainId, caller)
    await expect(failing).rejects.toMatchObject(code('verification_failed'))
    expect(await shown()).toMatchObject({ status: 'unverified', attempts: 0 })
    const { organization: other } = await createOrganization()
    const elsewhere = organizationDomainOwnership.attempt(other.id, domainId, caller)
    await expect(elsewhere).rejects.toMatchObject(code('resource_not_found', 404))
  })

  it('gives way to the word of the application', async () => {
    const { name, value } = await prepare()
    await server.client.organizations.verifyOrganizationDomainOwnership({ organizationId, domainId })
    records[name] = [value]
    await attempt()
    expect(await shown()).toMatchObject({ status: 'verified', strategy: 'manual_override', attempts: null })
  })
})
