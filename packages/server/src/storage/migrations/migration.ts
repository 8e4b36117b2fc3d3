import type { Dialect } from '../database.js'

/** One step of the schema. Forward only; once released it never changes. */
export interface Migration {
  name: string
  /**
   * Programs that do not know it can go on with the database, so that a rolling upgrade and its rollback work. Default
   * is false.
   */
  additive?: boolean
  statements(dialect: Dialect): readonly string[]
}

/** A migration as `npm run migration` writes it: the statements of both databases as text. */
export function frozen({
  name,
  additive,
  ...statements
}: { name: string; additive: boolean } & Record<Dialect, readonly string[]>): Migration {
  return { name, additive, statements: (dialect) => statements[dialect] }
}
