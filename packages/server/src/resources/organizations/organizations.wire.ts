import type { OrganizationJSON } from '@latchkey/types'
import { z } from 'zod'
import type { WireContext } from '../../instances/instance-context.js'
import { anyObject, component, milliseconds, type Shape } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import type { ShownOrganization } from '../organization-records/organization-records.rules.js'

const schema = component(
  'Organization',
  z.object({
    object: z.literal('organization'),
    id: z.string(),
    name: z.string(),
    slug: z.string(),
    image_url: z.string(),
    has_image: z.boolean(),
    members_count: z.int().min(0).optional(),
    missing_member_with_elevated_permissions: z.boolean().optional(),
    pending_invitations_count: z.int().min(0).optional(),
    max_allowed_memberships: z.int().min(0),
    admin_delete_enabled: z.boolean(),
    public_metadata: anyObject,
    private_metadata: anyObject,
    created_by: z.string().optional(),
    role_set_key: z.string().nullable(),
    last_active_at: milliseconds.optional(),
    created_at: milliseconds,
    updated_at: milliseconds,
  } satisfies Shape<Omit<OrganizationJSON, 'logo_url'>>),
)

export const organization = {
  schema,
  toJSON: (organization: ShownOrganization, { publicUrl }: WireContext) =>
    toWire(schema, organization, {
      object: 'organization',
      image_url: `${publicUrl()}/images/${organization.imageId ?? `default/${organization.id}`}`,
      has_image: organization.imageId !== null,
      created_by: organization.createdBy ?? undefined,
      last_active_at: organization.lastActiveAt ?? undefined,
      members_count: organization.extras?.membersCount,
      missing_member_with_elevated_permissions: organization.extras?.missingMemberWithElevatedPermissions,
      pending_invitations_count: organization.extras?.pendingInvitationsCount,
    }),
}

/** `logo_url` is what `image_url` was once called. */
export const organizationWithLogo = {
  schema: component('OrganizationWithLogo', schema.extend({ logo_url: z.string() })),
  toJSON: (record: ShownOrganization, context: WireContext) => {
    const json = organization.toJSON(record, context)
    return { ...json, logo_url: json.image_url }
  },
}
