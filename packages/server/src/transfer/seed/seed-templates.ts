import { z } from 'zod'
import type { Caller } from '../../kernel/caller.js'
import type { Camelized } from '../../kernel/wire.js'
import { at } from './seed-error.js'
import type { SeedServices } from './seed-services.js'

export const template = z.strictObject({
  template_type: z.enum(['email', 'sms']),
  slug: z.string(),
  name: z.string().max(256).optional(),
  subject: z.string().optional(),
  body: z.string().optional(),
  markup: z.string().optional(),
  from_email_name: z.string().max(256).optional(),
  reply_to_email_name: z.string().max(256).optional(),
  delivered_by_clerk: z.boolean().optional(),
  /** Of a notice: with false there is neither a message nor an event. */
  enabled: z.boolean().optional(),
})

type SeedTemplate = Camelized<z.output<typeof template>>

/** Changes the templates that are still the server's. One with nothing but switches keeps the server's wording. */
export async function seedTemplates(
  templates: readonly SeedTemplate[] = [],
  services: SeedServices,
  caller: Caller,
): Promise<void> {
  for (const [index, { templateType, slug, ...input }] of templates.entries()) {
    try {
      const { row } = await services.templates.get(templateType, slug)
      if (row) continue
      const { deliveredByClerk, enabled, ...wording } = input
      const isWorded = Object.values(wording).some((value) => value !== undefined)
      if (isWorded || (deliveredByClerk === undefined && enabled === undefined)) {
        await services.templates.upsert(templateType, slug, { ...wording, deliveredByClerk }, caller)
      } else if (deliveredByClerk !== undefined) {
        await services.templates.toggleDelivery(templateType, slug, deliveredByClerk, caller)
      }
      if (enabled !== undefined) await services.templates.toggle(templateType, slug, enabled, caller)
    } catch (error) {
      throw at(['templates', index], error)
    }
  }
}
