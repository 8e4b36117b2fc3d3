/** Text that is HTML already. */
export class Html {
  constructor(readonly text: string) {}
}

/** HTML from a template. Values are escaped, unless they are HTML themselves; lists are joined. */
export function markup(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(String.raw({ raw: parts }, ...values.map(toText)))
}

export type HtmlValue = string | number | null | Html | readonly Html[]

function toText(value: HtmlValue): string {
  if (value === null) return ''
  if (value instanceof Html) return value.text
  return typeof value === 'object' ? value.map(toText).join('') : escapeHtml(String(value))
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!)
}

/**
 * A call of a function in the browser, as the content of a script element.
 *
 * @param run uses nothing from outside itself, since only its own text gets there
 */
export function callInBrowser<Argument>(run: (argument: Argument) => unknown, argument: Argument): Html {
  return new Html(`(${String(run)})(${forScript(argument)})`)
}

/** JSON that cannot end the script element it stands in. */
function forScript(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
