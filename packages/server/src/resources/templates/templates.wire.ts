import type { TemplateJSON } from '@latchkey/types'
import { z } from 'zod'
import type { WireContext } from '../../instances/instance-context.js'
import { anyObject, component, milliseconds, type Shape } from '../../kernel/component.js'
import { systemTemplates, type SystemTemplate } from '../../outbox/messages/system-templates.js'
import { availableVariables } from './templates.rules.js'
import type { TemplateRecord } from './templates.table.js'

const schema = component(
  'Template',
  z.object({
    object: z.literal('template'),
    id: z.string(),
    instance_id: z.string().nullable(),
    resource_type: z.string(),
    template_type: z.string(),
    name: z.string(),
    slug: z.string(),
    position: z.int().min(0),
    can_revert: z.boolean(),
    can_delete: z.boolean(),
    can_edit_body: z.boolean(),
    can_toggle: z.boolean(),
    subject: z.string().nullable(),
    markup: z.string(),
    body: z.string(),
    available_variables: z.array(z.string()),
    required_variables: z.array(z.string()),
    from_email_name: z.string(),
    reply_to_email_name: z.string(),
    delivered_by_clerk: z.boolean(),
    enabled: z.boolean(),
    flagged_as_suspicious: z.boolean(),
    updated_at: milliseconds,
    created_at: milliseconds,
  } satisfies Shape<TemplateJSON>),
)

/** What the server has, and what the instance changed of it. */
export interface ShownTemplate {
  system: SystemTemplate
  row: TemplateRecord | undefined
}

export const template = {
  schema,
  toJSON: ({ system, row }: ShownTemplate, { instance }: WireContext): TemplateJSON => {
    const isMail = system.channel === 'email'
    return {
      object: 'template',
      id: row?.id ?? `tmpl_${system.channel}_${system.slug}`,
      instance_id: row?.instanceId ?? null,
      resource_type: row ? 'user' : 'system',
      template_type: system.channel,
      name: row?.name ?? system.name,
      slug: system.slug,
      position: systemTemplates.filter(({ channel }) => channel === system.channel).indexOf(system),
      can_revert: row !== undefined,
      can_delete: false,
      can_edit_body: isMail,
      can_toggle: !isMail && system.isNotice === true,
      subject: row?.subject ?? system.subject,
      markup: row?.markup ?? '',
      body: row?.body ?? system.body,
      available_variables: availableVariables(system),
      required_variables: [...system.required],
      from_email_name: isMail ? (row?.fromEmailName ?? instance.settings.fromEmailName) : '',
      reply_to_email_name: row?.replyToEmailName ?? '',
      delivered_by_clerk: row?.deliveredByClerk ?? true,
      enabled: row?.disabledAt == null,
      flagged_as_suspicious: false,
      updated_at: row?.updatedAt ?? instance.createdAt,
      created_at: row?.createdAt ?? instance.createdAt,
    }
  },
}

export interface Preview {
  subject: string | null
  body: string
  fromEmailName: string
  replyToEmailName: string
}

export const templatePreview = {
  schema: component('TemplatePreview', anyObject),
  toJSON: ({ subject, body, fromEmailName, replyToEmailName }: Preview) => ({
    subject,
    body,
    from_email_name: fromEmailName,
    reply_to_email_name: replyToEmailName,
  }),
}
