import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, type CreatedInstance } from '@latchkey/server'
import { afterAll, beforeAll } from 'vitest'
import type { Environment } from '../environment.js'
import type { Output, Result } from '../output.js'
import { createProgram } from '../program.js'
import type { StrictCommand } from '../strict-command.js'

export const ENCRYPTION_KEY = Buffer.alloc(32, 5).toString('base64')

/** The commands, in this process, in a folder with a database that has one instance. */
export function useCommands() {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-commands-'))
  const database = join(folder, 'app.db')
  const own = { folder, database, instance: undefined as unknown as CreatedInstance }
  const environment = { LATCHKEY_ENCRYPTION_KEY: ENCRYPTION_KEY, LATCHKEY_DATABASE: database }
  beforeAll(async () => {
    const server = await createServer({ database, encryptionKey: ENCRYPTION_KEY })
    own.instance = await server.createInstance({ isDefault: true })
    await server.close()
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  async function run(parameters: readonly string[], more: Environment = {}) {
    const results: Result[] = []
    const notes: string[] = []
    const output: Output = {
      result: (result) => void results.push(result),
      write: async () => {},
      note: (line) => void notes.push(line),
    }
    const program = createProgram('0.0.0', { ...environment, ...more }, output)
    await throwing(program).parseAsync([...parameters], { from: 'user' })
    return { lines: results[0]?.lines ?? [], json: results[0]?.json, notes }
  }

  return {
    own,
    run,
    /** What a refused command says. */
    refusal: (parameters: readonly string[], more: Environment = {}): Promise<string> =>
      run(parameters, more).then(
        () => 'It was done',
        (error: Error) => error.message,
      ),
  }
}

/** Ends the command with an error, not the process. */
function throwing(command: ReturnType<StrictCommand['createCommand']>) {
  command.commands.forEach(throwing)
  return command.exitOverride().configureOutput({ writeErr: () => {} })
}
