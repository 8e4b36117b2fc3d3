import { randomBytes } from 'node:crypto'
import type { TestProject } from 'vitest/node'
import { administer } from '../../packages/server/src/storage/administer.test-support.js'
import { migrate } from '../../packages/server/src/storage/migrate.js'
import { openDatabase } from '../../packages/server/src/storage/open-database.js'
import { wantedDialects } from '../dialects.mjs'
import { startPostgres } from '../postgres.mjs'

declare module 'vitest' {
  interface ProvidedContext {
    /** A server on which tests create databases of their own; null where DIALECTS leaves PostgreSQL out. */
    postgresUrl: string | null
    /** A migrated database there, for tests to copy. */
    postgresTemplate: string
  }
}

/**
 * One PostgreSQL for the whole run, also in `LATCHKEY_TEST_POSTGRES_URL` for programs that tests start.
 * `LATCHKEY_TEST_POSTGRES` names a server to use instead.
 */
export default async function setup({ provide }: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (!wantedDialects().includes('postgres')) {
    provide('postgresUrl', null)
    return undefined
  }
  const given = process.env['LATCHKEY_TEST_POSTGRES']
  const server = given ? { url: given, stop: async () => {} } : await startPostgres({ inMemory: true })
  process.env['LATCHKEY_TEST_POSTGRES_URL'] = server.url
  provide('postgresUrl', server.url)
  const template = `test_template_${randomBytes(8).toString('hex')}`
  await administer(server.url, `create database ${template}`)
  await migrateDatabase(server.url, template)
  provide('postgresTemplate', template)
  return async () => {
    await administer(server.url, `drop database ${template} with (force)`)
    await server.stop()
  }
}

async function migrateDatabase(serverUrl: string, name: string): Promise<void> {
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  const database = await openDatabase({ location: url.href })
  try {
    await migrate(database, 0)
  } finally {
    await database.close()
  }
}
