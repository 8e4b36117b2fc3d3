import type { Dialect } from '../database.js'

/** One step of the schema. Forward only; once released it never changes. */
export interface Migration {
  name: string
  statements(dialect: Dialect): string[]
}
