import { boolean, integer, json, nullable, sealed, table, text } from '../../storage/table.js'
import type { RecordOf, RowOf } from '../../storage/table.js'

export const jwtTemplates = table(
  'jwt_templates',
  { noun: 'JWT template', prefix: 'jtmp' },
  {
    name: text,
    claims: json<Record<string, unknown>>(),
    /** Seconds. */
    lifetime: integer,
    /** Seconds. */
    allowedClockSkew: integer,
    customSigningKey: boolean,
    signingAlgorithm: text,
    signingKey: nullable(sealed),
  },
  { jwt_templates_name: { on: ['instanceId', 'name'], unique: true } },
)

declare module '../../storage/schema.js' {
  interface Schema {
    jwt_templates: RowOf<typeof jwtTemplates>
  }
}

export type JwtTemplateRecord = RecordOf<typeof jwtTemplates>
