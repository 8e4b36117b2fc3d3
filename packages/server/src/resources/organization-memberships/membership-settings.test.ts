import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'
import { useOrganizations } from '../organizations/organizations.test-support.js'

const refused = (status: number, code: string) => ({ status, body: { errors: [{ code }] } })

describe.each(dialects)('settings of memberships that only a seed sets, on %s', (dialect) => {
  const server = useTestServer(dialect)
  const { createUser, createOrganization } = useOrganizations(server)
  const set = (settings: object) =>
    server.server.admin.seed(server.instance.id, { instance: { organization_settings: settings } })
  const join = (organizationId: string, userId: string) =>
    server.call('POST', `/organizations/${organizationId}/memberships`, { user_id: userId, role: 'org:admin' })

  it('keep a user in one organization, also when two take them at once', async () => {
    await set({ exclusive_membership: true })
    const [first, second] = [await createOrganization(), await createOrganization()]
    const user = await createUser()
    const answers = await Promise.all([first, second].map(({ organization }) => join(organization.id, user.id)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422])
    const refusal = refused(422, 'exclusive_organization_membership')
    expect(answers.find(({ status }) => status === 422)).toMatchObject(refusal)
    expect(await server.call('POST', '/organizations', { name: 'Own', created_by: user.id })).toMatchObject(refusal)
  })

  it('keep a user from leaving the last organization, also when they leave two at once', async () => {
    await set({ personal_accounts_enabled: false })
    const [first, second] = [await createOrganization(), await createOrganization()]
    const user = await createUser()
    for (const { organization } of [first, second]) await join(organization.id, user.id)
    const answers = await Promise.all(
      [first, second].map(({ organization }) =>
        server.call('DELETE', `/organizations/${organization.id}/memberships/${user.id}`),
      ),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422])
    expect(answers.find(({ status }) => status === 422)).toMatchObject(refused(422, 'personal_accounts_not_allowed'))
  })

  it('limit how many organizations users without a limit of their own create', async () => {
    await set({ creation_limit: 1 })
    const { creator } = await createOrganization()
    const create = () => server.call('POST', '/organizations', { name: 'Next', created_by: creator.id })
    expect(await create()).toMatchObject(refused(403, 'org_creation_limit_exceeded'))
    await set({ creation_limit: 0 })
    expect((await create()).status).toBe(200)
  })
})
