import { z } from 'zod'
import type { WireContext } from '../../instances/instance-context.js'
import { anyObject, component, milliseconds } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import type { Membership } from '../organization-records/organization-records.rules.js'
import { frontendOrganization } from '../organizations/frontend-organizations.wire.js'
import { publicUserData } from '../users/public-user-data.wire.js'

const schema = component(
  'FrontendOrganizationMembership',
  z.object({
    object: z.literal('organization_membership'),
    id: z.string(),
    role: z.string(),
    role_name: z.string(),
    permissions: z.array(z.string()),
    public_metadata: anyObject,
    organization: frontendOrganization.schema,
    public_user_data: publicUserData.schema,
    created_at: milliseconds,
    updated_at: milliseconds,
  }),
)

/** A membership as people see it. `permissions` has the system permissions too: the components decide by them. */
export const frontendMembership = {
  schema,
  toJSON: (membership: Membership, context: WireContext) =>
    toWire(schema, membership, {
      object: 'organization_membership',
      role: membership.role.key,
      role_name: membership.role.name,
      permissions: membership.role.permissions.map(({ key }) => key),
      organization: frontendOrganization.toJSON(membership.organization, context),
      public_user_data: publicUserData.toJSON(membership.user, context),
    }),
}
