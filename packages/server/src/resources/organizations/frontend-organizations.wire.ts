import { z } from 'zod'
import type { WireContext } from '../../instances/instance-context.js'
import { anyObject, component, milliseconds } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import type { ShownOrganization } from '../organization-records/organization-records.rules.js'

const schema = component(
  'FrontendOrganization',
  z.object({
    object: z.literal('organization'),
    id: z.string(),
    name: z.string(),
    slug: z.string(),
    image_url: z.string(),
    has_image: z.boolean(),
    members_count: z.int().min(0),
    pending_invitations_count: z.int().min(0).optional(),
    max_allowed_memberships: z.int().min(0),
    admin_delete_enabled: z.boolean(),
    exclusive_membership: z.boolean(),
    public_metadata: anyObject,
    created_at: milliseconds,
    updated_at: milliseconds,
  }),
)

/** An organization as its members see it. */
export const frontendOrganization = {
  schema,
  toJSON: (organization: ShownOrganization, { publicUrl, instance }: WireContext) =>
    toWire(schema, organization, {
      object: 'organization',
      image_url: `${publicUrl()}/images/${organization.imageId ?? `default/${organization.id}`}`,
      has_image: organization.imageId !== null,
      exclusive_membership: instance.settings.organizations.exclusiveMembership,
      pending_invitations_count: organization.extras?.pendingInvitationsCount,
    }),
}
