/** Characters that are shown of a name. */
const MAX_LENGTH = 100
const ZERO_WIDTH_SPACE = '\u200B'

/**
 * A name that a stranger chose, fit for somebody else's mail: without control characters and signs that turn the
 * direction of the text, cut short, and with no word that a mail program would make a link of.
 */
export function safeName(name: string): string {
  const visible = name
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim()
  const characters = [...visible]
  const short = characters.length > MAX_LENGTH ? `${characters.slice(0, MAX_LENGTH - 1).join('')}…` : visible
  return short.replace(/(?<=[\p{L}\p{N}])([.:@])(?=[\p{L}\p{N}/])/gu, `$1${ZERO_WIDTH_SPACE}`)
}
