import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'
import { outcomeOf, useMembers, type Person } from '../organizations/member-browsers.test-support.js'
import { nameOfDomain } from './creation-defaults.rules.js'

it.each([
  ['acme.com', 'Acme'],
  ['mail.acme-tools.co.uk', 'Acme Tools'],
  ['example.org', 'Example'],
])('the name made of %s is %s', (domain, name) => {
  expect(nameOfDomain(domain)).toBe(name)
})

describe.each(dialects)('what a form for a new organization begins with on %s', (dialect) => {
  const server = useTestServer(dialect)
  const { newPerson, newOrganization } = useMembers(server)
  const defaults = async (person: Person) => (await person.call('GET /me/organization_creation_defaults')).body.response

  it('is made of the domain of the address, unless it is a common one', async () => {
    expect(await defaults(await newPerson('ada@acme-tools.com'))).toEqual({
      form: { name: 'Acme Tools', slug: 'acme-tools', logo: null },
      advisory: null,
    })
    expect(await defaults(await newPerson('ada@gmail.com'))).toEqual({ form: null, advisory: null })
  })

  it('warns where an organization has verified the domain', async () => {
    await server.client.instance.updateOrganizationSettings({ domainsEnabled: true })
    const { id } = await newOrganization()
    await server.client.organizations.createOrganizationDomain({
      organizationId: id,
      name: 'acme-tools.com',
      enrollmentMode: 'manual_invitation',
    })
    const ada = await newPerson('ada@acme-tools.com')
    expect((await defaults(ada)).advisory).toMatchObject({
      code: 'organization_already_exists',
      severity: 'warning',
      meta: { organization_name: 'Acme', organization_domain: 'acme-tools.com' },
    })
    await server.client.instance.updateOrganizationSettings({ enabled: false })
    expect(outcomeOf(await ada.call('GET /me/organization_creation_defaults'))).toEqual([
      403,
      'organization_not_enabled_in_instance',
    ])
  })
})
