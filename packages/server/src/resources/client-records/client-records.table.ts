import { integer, nullable, table, text } from '../../storage/table.js'
import type { RecordOf, RowOf } from '../../storage/table.js'

/** Browsers and apps. */
export const clients = table(
  'clients',
  { noun: 'client', prefix: 'client', counted: true },
  {
    lastActiveSessionId: nullable(text),
    signInId: nullable(text),
    signUpId: nullable(text),
    lastAuthenticationStrategy: nullable(text),
    /** Stands in the client's cookie, which is signed. Changes with every sign-in and sign-out. */
    rotatingToken: nullable(text),
    previousRotatingToken: nullable(text),
    rotatedAt: nullable(integer),
    /** The trace id of the request that did it. */
    rotatedBy: nullable(text),
    /** Of a browser in development, which shows a token instead of a cookie: the token's SHA-256, hex. */
    devBrowserHash: nullable(text),
  },
  {
    clients_by_updated_at: { on: ['updatedAt', 'id'] },
    clients_by_created_at: { on: ['instanceId', 'createdAt', 'id'] },
    clients_dev_browser: {
      on: ['instanceId', 'devBrowserHash'],
      unique: true,
      where: 'dev_browser_hash is not null',
    },
  },
)

declare module '../../storage/schema.js' {
  interface Schema {
    clients: RowOf<typeof clients>
  }
}

export type ClientRecord = RecordOf<typeof clients>

/** How a browser is found: by its id, or by the SHA-256 of the token that it shows in development, hex. */
export type ClientKey = { id: string } | { devBrowserHash: string }
