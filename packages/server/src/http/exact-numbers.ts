/** What a number must have at least to change when it becomes a double. Most bodies have no such thing. */
const SUSPICIOUS = /[\d.]{16}|\d[eE][+-]?\d/
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|[{}[\],:]/g

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
  let last = ''
  // Of a list of objects the fields are those of the objects.
  const outermost = text.trimStart().startsWith('[') ? 2 : 1
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') depth += 1
    else if (token === '}' || token === ']') depth -= 1
    else if (token === ':' && depth === outermost) field = JSON.parse(last) as string
    else if (/^[-\d]/.test(token) && !isExact(token)) return { number: token, field }
    last = token
  }
  return undefined
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
  const significant = digits.replace(/0+$/, '')
  if (significant === '') return '0'
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`
}
