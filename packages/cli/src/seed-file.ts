import { isNode, LineCounter, parseDocument } from 'yaml'
import { CommandError } from './command-error.js'
import { readTextFile, type Setting } from './settings.js'

export interface SeedFile {
  document: unknown
  /** The line, from 1, of the value at the path, or of its nearest parent in the file. */
  lineOf(path: readonly (string | number)[]): number
}

/** JSON or YAML; every JSON text is a YAML text too. */
export function readSeedFile(setting: Setting): SeedFile {
  const text = readTextFile(setting)
  const lines = new LineCounter()
  const parsed = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false })
  const [error] = parsed.errors
  if (error) throw new CommandError(`${setting.value}:${lines.linePos(error.pos[0]).line}: ${error.message}`)
  // Nothing, or comments alone.
  if (parsed.contents === null)
    throw new CommandError(`"${setting.source}" names a file that is empty: ${setting.value}`)
  return {
    document: parsed.toJS(),
    lineOf(path) {
      for (let length = path.length; length > 0; length--) {
        const node = parsed.getIn(path.slice(0, length), true)
        if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
      }
      return 1
    },
  }
}

/** Turns the server's path in the document into a file and line that an editor can jump to. */
export function seedError(error: unknown, { value: file }: Setting, { lineOf }: SeedFile): unknown {
  const { path, message } = error as { path?: unknown; message?: string }
  if (!Array.isArray(path)) return error
  const place = path as (string | number)[]
  return new CommandError(`${file}:${lineOf(place)}: ${place.length > 0 ? `${place.join('.')}: ` : ''}${message}`)
}
