/** What a number must have at least to change when it becomes a double. Most bodies have no such thing. */
const SUSPICIOUS = /[\d.]{16}|\d[eE][+-]?\d/
const NUMBER = /-?\d[\d.eE+-]*/y
const QUOTE = 0x22
const BACKSLASH = 0x5c

export interface InexactNumber {
  /** As it stands in the text. */
  number: string
  /** The name of the outermost field that contains it; undefined outside of any. */
  field: string | undefined
}

/**
 * Finds a number in JSON that JavaScript cannot keep: `1145141919810893824` would become another one, `1e400` null.
 *
 * @param text valid JSON
 */
export function findInexactNumber(text: string): InexactNumber | undefined {
  if (!SUSPICIOUS.test(text)) return undefined
  let depth = 0
  let field: string | undefined
  let name = { from: 0, to: 0 }
  // Of a list of objects the fields are those of the objects.
  const outermost = text.trimStart().startsWith('[') ? 2 : 1
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!
    if (character === '"') {
      const to = endOfText(text, at)
      name = { from: at, to }
      at = to - 1
    } else if (character === '{' || character === '[') depth += 1
    else if (character === '}' || character === ']') depth -= 1
    else if (character === ':' && depth === outermost) field = JSON.parse(text.slice(name.from, name.to)) as string
    else if (character === '-' || (character >= '0' && character <= '9')) {
      NUMBER.lastIndex = at
      const [number] = NUMBER.exec(text)!
      if (!isExact(number)) return { number, field }
      at += number.length - 1
    }
  }
  return undefined
}

/** Behind the quotation mark that ends a text. A regular expression would need a stack of the text's length. */
function endOfText(text: string, from: number): number {
  let at = from + 1
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1
  return at + 1
}

function isExact(token: string): boolean {
  const value = Number(token)
  return Number.isFinite(value) && decimalOf(token) === decimalOf(String(value))
}

/** Sign, digits and exponent, equal for each spelling of a number. */
function decimalOf(token: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(token) ?? []
  const digits = (whole + fraction).replace(/^0+/, '')
  let end = digits.length
  // As a regular expression it would try each zero of a long row anew.
  while (digits[end - 1] === '0') end -= 1
  const significant = digits.slice(0, end)
  if (significant === '') return '0'
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`
}
