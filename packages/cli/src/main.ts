import { CommandError } from './command-error.js'
import { environment } from './environment.js'
import { standardOutput } from './output.js'
import { createProgram } from './program.js'

/** Errors of the server that say what is wrong and what mends it. */
const EXPECTED = ['AdminError', 'SchemaError', 'VaultError']

/** Runs the command line. What the operator can mend is said in a line; anything else is a defect and keeps its stack. */
export async function main(version: string): Promise<void> {
  try {
    await createProgram(version, environment, standardOutput).parseAsync()
  } catch (error) {
    const expected = error instanceof CommandError || (error instanceof Error && EXPECTED.includes(error.name))
    process.stderr.write(`${expected ? error.message : error instanceof Error ? error.stack : String(error)}\n`)
    // A listener or a database may be open still.
    process.exit(1)
  }
}
