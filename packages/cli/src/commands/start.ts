import { existsSync } from 'node:fs'
import { CommandError } from '../command-error.js'
import { describeDatabase } from '../database-location.js'
import type { Environment } from '../environment.js'
import type { Output } from '../output.js'
import { readServeOptions, type ServeOptions } from '../serve-options.js'
import { serve } from '../serve.js'
import { mailWarnings, serveWarnings } from '../serve-warnings.js'
import { findSetting, type Flags } from '../settings.js'
import { describeSeed } from './dev.js'

/** `latchkey start`: creates nothing, and reports what is missing. */
export async function start(
  flags: Flags,
  environment: Environment,
  output: Output,
  variables: readonly string[],
): Promise<void> {
  const options = readServeOptions(flags, environment, 'info')
  for (const line of serveWarnings(options, environment, variables)) output.note(line)
  const problems = missing(options, findSetting('database', flags, environment) !== undefined)
  if (problems.length > 0) {
    throw new CommandError(
      [
        '"latchkey start" is for production and creates neither keys nor a database. Missing:',
        ...problems.map((problem) => `- ${problem}`),
      ].join('\n'),
    )
  }
  const { summary, seeded } = await serve(options, {
    command: 'start',
    migrate: false,
    keys: async () => ({ encryptionKey: options.encryptionKey!, secretKey: options.secretKey }),
  })
  if (seeded) output.note(describeSeed(seeded))
  for (const line of mailWarnings(options)) output.note(line)
  output.result({ lines: [`Latchkey is ready at ${summary.apiUrl}`], json: summary }, options.json)
}

function missing({ database, encryptionKey }: ServeOptions, isDatabaseGiven: boolean): string[] {
  const place = describeDatabase(database)
  const problems: string[] = []
  if (!isDatabaseGiven || database.kind === 'memory') {
    problems.push(
      'a persistent database: set --database to a path or postgres://…; :memory: is lost when the process ends',
    )
  } else if (database.kind === 'file' && !existsSync(database.path)) {
    problems.push(`a database: nothing exists at ${place}. Create it with: latchkey migrate --database ${place}`)
  }
  if (encryptionKey === undefined) {
    problems.push(
      'LATCHKEY_ENCRYPTION_KEY, 32 bytes as base64, the same on every node. Make one with: openssl rand -base64 32',
    )
  }
  return problems
}
