import { Command, type Option } from 'commander'
import { CommandError } from './command-error.js'
import { withoutPassword } from './database-location.js'
import { explainRefusal } from './refusal.js'

type ErrorOptions = Parameters<Command['error']>[1]

/** What must not be repeated where many can read it: keys and signing secrets, after what they begin with. */
const SECRET = /\b((?:sk_(?:test|live)|whsec|operator|ak|mt)_)[\w+/=-]{8,}/g

export function withoutSecrets(text: string): string {
  return text.replace(SECRET, '$1…')
}

/**
 * A command that takes each option once and nothing that is empty, and whose errors show no secret that was given in a
 * wrong place.
 */
export class StrictCommand extends Command {
  readonly #given = new Set<string>()

  override createCommand(name?: string): Command {
    return new StrictCommand(name)
  }

  /** For what commander itself refuses. */
  override error(message: string, options?: ErrorOptions): never {
    const isUnknown = options?.code === 'commander.unknownCommand'
    return super.error(withoutSecrets((isUnknown && this.#unknownBeginning()) || message), options)
  }

  /** For the beginning of a command: commander suggests what has similar letters, for `rotate` the command `create`. */
  #unknownBeginning(): string | undefined {
    const [given = ''] = this.args
    const meant = this.commands.map((command) => command.name()).filter((name) => given && name.startsWith(given))
    return meant.length === 0 ? undefined : `error: unknown command '${given}'\n(Did you mean ${meant.join(' or ')}?)`
  }

  override addOption(option: Option): this {
    super.addOption(option)
    return this.on(`option:${option.name()}`, () => {
      if (this.#given.has(option.name())) throw new CommandError(`"--${option.name()}" is given twice`)
      this.#given.add(option.name())
    })
  }

  override action(work: (this: this, ...given: never[]) => void | Promise<void>): this {
    return super.action(async (...given) => {
      try {
        this.#refuseEmpty()
        await work.apply(this, given as never[])
      } catch (error) {
        throw this.#explain(error)
      }
    })
  }

  /** An empty value comes from a variable of a script that was not set. */
  #refuseEmpty(): void {
    for (const option of this.options) {
      const value: unknown = this.getOptionValue(option.attributeName())
      if (typeof value === 'string' && value.trim() === '') throw new CommandError(`"--${option.name()}" is empty`)
    }
    for (const [index, argument] of this.registeredArguments.entries()) {
      if (this.args[index]?.trim() === '') throw new CommandError(`<${argument.name()}> is empty`)
    }
  }

  #explain(error: unknown): unknown {
    if (!(error instanceof Error)) return error
    const refusal = explainRefusal(error)
    if (refusal !== undefined) return new CommandError(refusal)
    const { code } = error as { code?: unknown }
    const database: unknown = this.getOptionValue('database')
    if (error.name === 'SchemaError' && code === 'behind' && typeof database === 'string') {
      error.message = error.message.replace(
        'latchkey migrate',
        `latchkey migrate --database ${withoutPassword(database)}`,
      )
    }
    error.message = withoutSecrets(error.message)
    return error
  }
}
