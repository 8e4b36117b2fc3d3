import { z } from 'zod'
import type { WireContext } from '../../instances/instance-context.js'
import { anyObject, component, milliseconds } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import { invitationStatus, type OrganizationInvitation } from '../organization-records/organization-records.rules.js'
import { publicOrganizationData, toPublicOrganizationJSON } from './organization-invitations.wire.js'

const schema = component(
  'FrontendOrganizationInvitation',
  z.object({
    object: z.literal('organization_invitation'),
    id: z.string(),
    email_address: z.string(),
    role: z.string(),
    role_name: z.string(),
    organization_id: z.string(),
    public_organization_data: publicOrganizationData,
    status: z.enum(['pending', 'accepted', 'revoked', 'expired']),
    public_metadata: anyObject,
    url: z.null(),
    expires_at: milliseconds,
    created_at: milliseconds,
    updated_at: milliseconds,
  }),
)

/**
 * An invitation as people see it. Without its link, which proves that whoever has it reads the mail of the invited
 * address: those who invite do not.
 */
export const frontendInvitation = {
  schema,
  toJSON: (invitation: OrganizationInvitation, context: WireContext) =>
    toWire(schema, invitation, {
      object: 'organization_invitation',
      role: invitation.roleKey,
      public_organization_data: toPublicOrganizationJSON(invitation.organization, context),
      status: invitationStatus(invitation, context.clock.now()),
      url: null,
    }),
}
