import { beforeEach } from 'vitest'
import type { TestServer } from '../../server.test-support.js'

/** Switches organizations on before each test, with what most tests begin with. */
export function useOrganizations(server: TestServer) {
  let users = 0
  beforeEach(async () => {
    await server.client.instance.updateOrganizationSettings({ enabled: true })
  })

  const createUser = () => server.client.users.createUser({ username: `user_${users++}_${Date.now() % 1000}` })

  return {
    createUser,
    /** An organization whose only member is the user who created it. */
    createOrganization: async (params: { name?: string; slug?: string; maxAllowedMemberships?: number } = {}) => {
      const creator = await createUser()
      const organization = await server.client.organizations.createOrganization({
        name: 'Acme',
        createdBy: creator.id,
        ...params,
      })
      return { organization, creator }
    },
    addMember: async (organizationId: string, role = 'org:member') => {
      const user = await createUser()
      await server.client.organizations.createOrganizationMembership({ organizationId, userId: user.id, role })
      return user
    },
    /** What happened to organizations and their members, as webhooks tell it. */
    happened: async () => (await server.events()).filter(({ type }) => type.startsWith('organization')),
  }
}
