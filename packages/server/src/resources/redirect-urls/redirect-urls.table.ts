import { table, text } from '../../storage/table.js'
import type { RecordOf, RowOf } from '../../storage/table.js'

export const redirectUrls = table(
  'redirect_urls',
  { noun: 'redirect URL', prefix: 'ru' },
  { url: text },
  {
    redirect_urls_url: { on: ['instanceId', 'url'], unique: true },
    redirect_urls_instance: { on: ['instanceId', 'createdAt'] },
  },
)

declare module '../../storage/schema.js' {
  interface Schema {
    redirect_urls: RowOf<typeof redirectUrls>
  }
}

export type RedirectUrlRecord = RecordOf<typeof redirectUrls>
