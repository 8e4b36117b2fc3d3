import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createProgram } from '../../packages/cli/src/program.js'
import { FROM_FILES } from '../../packages/cli/src/settings.js'
import { root } from '../setup.mjs'

type Command = ReturnType<typeof createProgram>

export const program: Command = createProgram('0.0.0', {}, { result() {}, write: async () => {}, note() {} })

/** Every variable that the command line reads. */
export const variables: ReadonlySet<string> = new Set(
  [...optionsOf(program), 'encryption-key', 'other-encryption-keys'].flatMap((name) => {
    const variable = `LATCHKEY_${name.replaceAll('-', '_').toUpperCase()}`
    return FROM_FILES.includes(name) ? [variable, `${variable}_FILE`] : [variable]
  }),
)

function optionsOf(command: Command): string[] {
  return [...command.options.map((option) => option.name()), ...command.commands.flatMap(optionsOf)]
}

/** Files of the repository, from its root. */
export function filesOf(...patterns: string[]): string[] {
  return execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...patterns], {
    cwd: root,
    encoding: 'utf8',
  })
    .trim()
    .split('\n')
}

export function read(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}

/**
 * What is wrong with the words behind `latchkey`: a command that does not exist, or a flag that it does not have.
 *
 * @param words without `latchkey` itself
 */
export function faultOf(words: readonly string[]): string | undefined {
  let command = program
  for (const word of words) {
    const flag = /^(--[a-z-]+)/.exec(word)?.[1]
    if (flag !== undefined) {
      const known = [
        '--help',
        ...(command === program ? ['--version'] : []),
        ...command.options.map(({ long }) => long),
      ]
      if (!known.includes(flag)) return `"latchkey ${words.join(' ')}": ${command.name()} has no ${flag}`
      continue
    }
    const next = command.commands.find((child) => child.name() === word)
    if (next) command = next
    else if (command.commands.length > 0 && /^[a-z]/.test(word)) {
      return `"latchkey ${words.join(' ')}": ${command.name()} has no command ${word}`
    }
  }
  return undefined
}

/** The calls of `latchkey` in a page or script, each as the words behind it. */
export function callsIn(text: string): string[][] {
  const joined = text.replaceAll(/\\\n\s*/g, ' ')
  const inCode = joined.matchAll(/`([^`\n]*)`/g)
  const lines = [...inCode].map(([, code]) => code!).concat(joined.split('\n'))
  return lines.flatMap((line) => {
    const call = /^\s*(?:[$>]\s+|sudo(?: -u latchkey)?\s+|npx\s+|docker compose run --rm\s+)?latchkey\s+(.+)$/.exec(
      line,
    )?.[1]
    return call === undefined
      ? []
      : [
          call
            .split(/\s+(?:#|\||;|&&)|[;|]/)[0]!
            .trim()
            .split(/\s+/),
        ]
  })
}
