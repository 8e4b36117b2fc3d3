import type { Generated } from 'kysely'

/**
 * Every table, by its name in SQL, with its row. Each `.table` file adds its own by declaration merging:
 *
 *     declare module '../../storage/schema.js' {
 *       interface Schema { jwt_templates: RowOf<typeof jwtTemplates> }
 *     }
 */
export interface Schema {
  schema_migrations: { name: string; applied_at: number; additive: Generated<number> }
}
