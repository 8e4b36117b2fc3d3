import { z } from 'zod'
import { component } from '../../kernel/component.js'
import type { CreationDefaults } from './creation-defaults.rules.js'

const schema = component(
  'OrganizationCreationDefaults',
  z.object({
    form: z.object({ name: z.string(), slug: z.string(), logo: z.null() }).nullable(),
    advisory: z
      .object({
        code: z.literal('organization_already_exists'),
        severity: z.literal('warning'),
        type: z.literal('warning'),
        message: z.string(),
        meta: z.object({ organization_name: z.string(), organization_domain: z.string() }),
      })
      .nullable(),
  }),
)

/** `type` and `message` are of the contract; the components read `code`, `severity` and `meta`. */
export const organizationCreationDefaults = {
  schema,
  toJSON: ({ name, slug, existing }: CreationDefaults): z.output<typeof schema> => ({
    form: name === null || slug === null ? null : { name, slug, logo: null },
    advisory: existing && {
      code: 'organization_already_exists',
      severity: 'warning',
      type: 'warning',
      message: `${existing.organizationName} has verified ${existing.domain} already`,
      meta: { organization_name: existing.organizationName, organization_domain: existing.domain },
    },
  }),
}
