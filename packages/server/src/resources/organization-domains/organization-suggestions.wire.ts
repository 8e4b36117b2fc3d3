import { z } from 'zod'
import type { WireContext } from '../../instances/instance-context.js'
import { component, milliseconds } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import {
  publicOrganizationData,
  toPublicOrganizationJSON,
} from '../organization-invitations/organization-invitations.wire.js'
import type { OrganizationSuggestion } from './organization-domains.rules.js'

const schema = component(
  'OrganizationSuggestion',
  z.object({
    object: z.literal('organization_suggestion'),
    id: z.string(),
    public_organization_data: publicOrganizationData,
    status: z.enum(['pending', 'accepted']),
    created_at: milliseconds,
    updated_at: milliseconds,
  }),
)

export const organizationSuggestion = {
  schema,
  toJSON: (suggestion: OrganizationSuggestion, context: WireContext) =>
    toWire(schema, suggestion, {
      object: 'organization_suggestion',
      public_organization_data: toPublicOrganizationJSON(suggestion.organization, context),
    }),
}
