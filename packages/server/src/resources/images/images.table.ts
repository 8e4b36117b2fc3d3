import { bytes, nullable, reference, table, text } from '../../storage/table.js'
import type { RecordOf, RowOf } from '../../storage/table.js'

/** Uploaded pictures. Each has one owner and is deleted with it. A new kind of owner gets its own column here. */
export const images = table(
  'images',
  { noun: 'image', prefix: 'img', immutable: true },
  {
    userId: nullable(reference('users')),
    organizationId: nullable(reference('organizations')),
    oauthApplicationId: nullable(reference('oauth_applications')),
    contentType: text,
    content: bytes,
  },
  {
    images_user: { on: ['userId', 'createdAt'] },
    images_organization: { on: ['organizationId', 'createdAt'] },
    images_oauth_application: { on: ['oauthApplicationId', 'createdAt'] },
  },
)

declare module '../../storage/schema.js' {
  interface Schema {
    images: RowOf<typeof images>
  }
}

export type ImageRecord = RecordOf<typeof images>
