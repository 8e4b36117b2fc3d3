import type { TestProject } from 'vitest/node'
import { startPostgres } from '../postgres.mjs'

declare module 'vitest' {
  interface ProvidedContext {
    /** A server on which tests create databases of their own; null where DIALECTS leaves PostgreSQL out. */
    postgresUrl: string | null
  }
}

/**
 * One PostgreSQL for the whole run, also in `LATCHKEY_TEST_POSTGRES_URL` for programs that tests start.
 * `LATCHKEY_TEST_POSTGRES` names a server to use instead.
 */
export default async function setup({ provide }: TestProject): Promise<(() => Promise<void>) | undefined> {
  const wanted = process.env['DIALECTS']?.split(',').includes('postgres') ?? true
  if (!wanted) {
    provide('postgresUrl', null)
    return undefined
  }
  const given = process.env['LATCHKEY_TEST_POSTGRES']
  const server = given ? { url: given, stop: async () => {} } : await startPostgres()
  process.env['LATCHKEY_TEST_POSTGRES_URL'] = server.url
  provide('postgresUrl', server.url)
  return () => server.stop()
}
