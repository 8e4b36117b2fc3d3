import { z } from 'zod'
import type { WireContext } from '../../instances/instance-context.js'
import { component, milliseconds } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import type { MembershipRequest } from '../organization-records/organization-records.rules.js'
import { publicUserData } from '../users/public-user-data.wire.js'

const schema = component(
  'OrganizationMembershipRequest',
  z.object({
    object: z.literal('organization_membership_request'),
    id: z.string(),
    organization_id: z.string(),
    status: z.enum(['pending', 'accepted', 'rejected']),
    public_user_data: publicUserData.schema,
    created_at: milliseconds,
    updated_at: milliseconds,
  }),
)

export const membershipRequest = {
  schema,
  toJSON: (request: MembershipRequest, context: WireContext) =>
    toWire(schema, request, {
      object: 'organization_membership_request',
      public_user_data: publicUserData.toJSON(request.user, context),
    }),
}
