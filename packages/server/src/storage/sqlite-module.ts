import { createRequire } from 'node:module'

/** The part of Node's `node:sqlite` that is used here; `@photostructure/sqlite` has the same. */
export interface SqliteStatement {
  all(...parameters: never[]): unknown[]
  run(...parameters: never[]): { changes: number | bigint }
}

export interface SqliteConnection {
  prepare(sql: string): SqliteStatement
  exec(sql: string): void
  readonly isTransaction: boolean
  close(): void
}

export interface SqliteModule {
  DatabaseSync: new (location: string, options?: { readOnly?: boolean }) => SqliteConnection
  backup(source: SqliteConnection, file: string, options?: { rate?: number }): Promise<unknown>
}

/** Node's own SQLite where it is stable (24 and later), else the package that brings the same interface to Node 20 and 22. */
export const SQLITE_MODULE =
  Number(process.versions.node.split('.')[0]) >= 24 ? 'node:sqlite' : '@photostructure/sqlite'

export function loadSqlite(): SqliteModule {
  return createRequire(import.meta.url)(SQLITE_MODULE) as SqliteModule
}
