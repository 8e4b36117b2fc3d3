const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|::|<>|!=|<=|>=|\|\||[\w.]+|[^\s\w]/g
/** Parentheses around these matter: these bind weaker than a comparison, or stronger or weaker than each other. */
const OPERATORS = new Set(['and', 'or', 'not', '+', '-', '*', '/', '||'])
/** Types of two words that PostgreSQL casts to. */
const TWO_WORDS = new Map([
  ['character', 'varying'],
  ['double', 'precision'],
])

/**
 * The condition of a partial index in one form: SQLite keeps it as it was written, PostgreSQL writes it anew with casts
 * and parentheses. Lower case outside of quotes, one space between words, and only parentheses that matter. Write
 * `a or b`, not `in (a, b)`, which PostgreSQL turns into an array.
 */
export function normaliseWhere(where: string): string {
  const tokens = (where.match(TOKEN) ?? []).map((token) => {
    if (token.startsWith("'")) return token
    if (token.startsWith('"')) return token.replace(/^"([a-z_][a-z0-9_]*)"$/, '$1')
    return token === '!=' ? '<>' : token.toLowerCase()
  })
  return readGroup(withoutCasts(tokens)[Symbol.iterator]()).text
}

interface Part {
  text: string
  /** It stood in parentheses. */
  grouped: boolean
  /** Parentheses around it matter. */
  compound: boolean
}

/** Reads up to the closing parenthesis or the end. */
function readGroup(tokens: Iterator<string>): Part {
  const parts: Part[] = []
  for (let next = tokens.next(); !next.done && next.value !== ')'; next = tokens.next()) {
    const token = next.value
    const before = parts.at(-1)
    const follows = before && /^\w+$/.test(before.text) && !OPERATORS.has(before.text)
    if (token === '(') {
      const inner = readGroup(tokens)
      // Of a function, or a list.
      if (follows) before.text += `(${inner.text})`
      else parts.push({ ...inner, grouped: true })
    } else if (token === ',' && before) before.text += ','
    else parts.push({ text: token, grouped: false, compound: OPERATORS.has(token) && before?.text !== 'is' })
  }
  const [first] = parts
  if (first && parts.length === 1) return first
  return {
    text: parts.map(({ text, grouped, compound }) => (grouped && compound ? `(${text})` : text)).join(' '),
    grouped: false,
    compound: parts.some(({ grouped, compound }) => compound && !grouped),
  }
}

/** Leaves out `::text`, `::character varying(10)` and `::text[]`. */
function withoutCasts(tokens: readonly string[]): string[] {
  const kept: string[] = []
  for (let at = 0; at < tokens.length; at++) {
    if (tokens[at] !== '::') {
      kept.push(tokens[at]!)
      continue
    }
    at++
    if (tokens[at + 1] === TWO_WORDS.get(tokens[at]!)) at++
    if (tokens[at + 1] === '(') at = tokens.indexOf(')', at)
    if (tokens[at + 1] === '[') at += 2
  }
  return kept
}
