import { CommandError } from './command-error.js'
import { environment } from './environment.js'
import { standardOutput } from './output.js'
import { createProgram } from './program.js'
import { withoutSecrets } from './strict-command.js'

/** Server errors whose message says what is wrong and how to fix it. */
const EXPECTED = [
  'AdminError',
  'DamagedLogError',
  'DatabaseUnavailable',
  'ForeignDatabaseError',
  'SchemaError',
  'VaultError',
]

/**
 * Runs the command line. An error that the operator can fix is printed in one line. Any other error is a bug and is
 * printed with its stack.
 */
export async function main(version: string): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // The reader has closed the pipe, as `head` does.
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
  try {
    await createProgram(version, environment, standardOutput).parseAsync()
  } catch (error) {
    const expected = error instanceof CommandError || (error instanceof Error && EXPECTED.includes(error.name))
    const said = expected ? error.message : error instanceof Error ? error.stack : String(error)
    process.stderr.write(`${withoutSecrets(said ?? '')}\n`)
    // A listener or a database may still be open.
    process.exit(1)
  }
}
