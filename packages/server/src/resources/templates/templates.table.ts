import { boolean, integer, nullable, table, text, word } from '../../storage/table.js'
import type { RecordOf, RowOf } from '../../storage/table.js'

/** What an instance changed in the wording and the delivery of its messages. Null is what the server has. */
export const templates = table(
  'templates',
  { noun: 'template', prefix: 'tmpl' },
  {
    templateType: word<'email' | 'sms'>(),
    slug: text,
    name: nullable(text),
    subject: nullable(text),
    /** The source that an editor works on. Returned as it came, never read. */
    markup: nullable(text),
    body: nullable(text),
    fromEmailName: nullable(text),
    replyToEmailName: nullable(text),
    /** Otherwise only the event tells of the message, and the application delivers it. */
    deliveredByClerk: boolean,
    /** Since when it is switched off: neither message nor event. Null while it is on. */
    disabledAt: nullable(integer),
  },
  { templates_slug: { on: ['instanceId', 'templateType', 'slug'], unique: true } },
)

declare module '../../storage/schema.js' {
  interface Schema {
    templates: RowOf<typeof templates>
  }
}

export type TemplateRecord = RecordOf<typeof templates>
