import type {
  OrganizationInvitationAcceptedEventJSON,
  OrganizationInvitationEventJSON,
  OrganizationInvitationJSON,
  OrganizationInvitationPublicUserDataJSON,
  PublicOrganizationDataJSON,
} from '@latchkey/types'
import { z } from 'zod'
import type { WireContext } from '../../instances/instance-context.js'
import { anyObject, component, milliseconds, type Shape } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import {
  invitationStatus,
  type Organization,
  type OrganizationInvitation,
  type PublicUser,
} from '../organization-records/organization-records.rules.js'

const publicInviterData = component(
  'OrganizationInvitationPublicUserData',
  z.object({
    user_id: z.string(),
    first_name: z.string().nullable(),
    last_name: z.string().nullable(),
    image_url: z.string(),
    has_image: z.boolean(),
    identifier: z.string(),
  } satisfies Shape<OrganizationInvitationPublicUserDataJSON>),
)

export const publicOrganizationData = component(
  'OrganizationInvitationPublicOrganizationData',
  z.object({
    id: z.string(),
    name: z.string(),
    slug: z.string(),
    image_url: z.string(),
    has_image: z.boolean(),
  } satisfies Shape<PublicOrganizationDataJSON>),
)

const fields = {
  object: z.literal('organization_invitation'),
  id: z.string(),
  email_address: z.string(),
  role: z.string(),
  role_name: z.string(),
  organization_id: z.string(),
  inviter_id: z.string().nullable(),
  public_inviter_data: publicInviterData.nullable(),
  status: z.enum(['pending', 'accepted', 'revoked', 'expired']),
  public_metadata: anyObject,
  private_metadata: anyObject,
  url: z.string().nullable(),
  expires_at: milliseconds,
  created_at: milliseconds,
  updated_at: milliseconds,
} satisfies Shape<Omit<OrganizationInvitationJSON, 'public_organization_data'>>

const schema = component('OrganizationInvitation', z.object(fields))

export const organizationInvitation = {
  schema,
  toJSON: (invitation: OrganizationInvitation, context: WireContext) =>
    toWire(schema, invitation, {
      object: 'organization_invitation',
      role: invitation.roleKey,
      public_inviter_data: invitation.inviter && toInviterJSON(invitation.inviter, context),
      status: invitationStatus(invitation, context.clock.now()),
    }),
}

/** In lists over several organizations. */
export const organizationInvitationWithOrganization = {
  schema: component(
    'OrganizationInvitationWithPublicOrganizationData',
    z.object({
      ...fields,
      public_organization_data: publicOrganizationData,
    } satisfies Shape<OrganizationInvitationJSON>),
  ),
  toJSON: (invitation: OrganizationInvitation, context: WireContext) => ({
    ...organizationInvitation.toJSON(invitation, context),
    public_organization_data: toPublicOrganizationJSON(invitation.organization, context),
  }),
}

/** The `data` of `organizationInvitation.created` and `.revoked`. */
export function invitationEvent(
  invitation: OrganizationInvitation,
  context: WireContext,
): OrganizationInvitationEventJSON {
  return {
    ...organizationInvitation.toJSON(invitation, context),
    data: { public_organization_data: toPublicOrganizationJSON(invitation.organization, context) },
  }
}

/** The `data` of `organizationInvitation.accepted`. */
export function acceptedInvitationEvent(
  invitation: OrganizationInvitation & { userId: string },
  context: WireContext,
): OrganizationInvitationAcceptedEventJSON {
  return {
    ...organizationInvitation.toJSON(invitation, context),
    user_id: invitation.userId,
    data: { public_organization_data: toPublicOrganizationJSON(invitation.organization, context) },
  }
}

/** What people who are not members see of an organization. */
export function toPublicOrganizationJSON(
  { id, name, slug, imageId }: Pick<Organization, 'id' | 'name' | 'slug' | 'imageId'>,
  { publicUrl }: WireContext,
) {
  const imageUrl = `${publicUrl()}/images/${imageId ?? `default/${id}`}`
  return { id, name, slug, image_url: imageUrl, has_image: imageId !== null }
}

function toInviterJSON(user: PublicUser, { publicUrl }: WireContext) {
  return toWire(publicInviterData, user, {
    user_id: user.id,
    image_url: `${publicUrl()}/images/${user.imageId ?? `default/${user.id}`}`,
    has_image: user.imageId !== null,
  })
}
