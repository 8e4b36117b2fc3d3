import type { OrganizationMembershipJSON, OrganizationMembershipPublicUserDataJSON } from '@latchkey/types'
import { z } from 'zod'
import type { WireContext } from '../../instances/instance-context.js'
import { anyObject, component, milliseconds, type Shape } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import type { Membership, PublicUser } from '../organization-records/organization-records.rules.js'
import { organization } from '../organizations/organizations.wire.js'

const publicUserData = component(
  'OrganizationMembershipPublicUserData',
  z.object({
    user_id: z.string(),
    identifier: z.string(),
    first_name: z.string().nullable(),
    last_name: z.string().nullable(),
    username: z.string().nullable(),
    profile_image_url: z.string(),
    image_url: z.string(),
    has_image: z.boolean(),
    banned: z.boolean(),
    deprovisioned: z.boolean().optional(),
  } satisfies Shape<OrganizationMembershipPublicUserDataJSON>),
)

const schema = component(
  'OrganizationMembership',
  z.object({
    object: z.literal('organization_membership'),
    id: z.string(),
    role: z.string(),
    role_name: z.string(),
    permissions: z.array(z.string()),
    public_metadata: anyObject,
    private_metadata: anyObject,
    organization: organization.schema,
    public_user_data: publicUserData,
    created_at: milliseconds,
    updated_at: milliseconds,
  } satisfies Shape<OrganizationMembershipJSON>),
)

/** `permissions` has the system permissions too; tokens leave them out. */
export const organizationMembership = {
  schema,
  toJSON: (membership: Membership, context: WireContext) =>
    toWire(schema, membership, {
      object: 'organization_membership',
      role: membership.role.key,
      role_name: membership.role.name,
      permissions: membership.role.permissions.map(({ key }) => key),
      organization: organization.toJSON(membership.organization, context),
      public_user_data: toPublicUserJSON(membership.user, context),
    }),
}

function toPublicUserJSON(user: PublicUser, { publicUrl }: WireContext) {
  const imageUrl = `${publicUrl()}/images/${user.imageId ?? `default/${user.id}`}`
  return toWire(publicUserData, user, {
    user_id: user.id,
    profile_image_url: imageUrl,
    image_url: imageUrl,
    has_image: user.imageId !== null,
    deprovisioned: undefined,
  })
}
