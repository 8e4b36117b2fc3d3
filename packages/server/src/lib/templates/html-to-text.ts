/** What is not text, with all that is in it. */
const UNSEEN = new Set(['head', 'style', 'script', 'title', 'template', 'noscript', 'svg'])
const BREAKS = new Set(['br', 'tr', 'li', 'dd', 'dt'])
const PARAGRAPHS = new Set([
  'p',
  'div',
  'table',
  'ul',
  'ol',
  'dl',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'blockquote',
  'hr',
])
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  copy: '©',
  hellip: '…',
  mdash: '—',
  ndash: '–',
  zwnj: '',
}

/**
 * A closing tag, or a tag of an element that needs no closing one. Ends before another tag: otherwise each `<p` of a text
 * without a `>` would be followed to the end of it.
 */
const HTML = /<\/[a-z][a-z0-9]{0,30}\s{0,30}>|<(?:br|hr|img|p|!doctype)\b[^<>]*>/i

/** Whether a text is meant as HTML. */
export function isHtml(text: string): boolean {
  return HTML.test(text)
}

/** Where a tag ends is where its first `>` outside of quotes is. A `<` there begins another one. */
const TAG = /<(\/?)([a-z][a-z0-9]*)(?![a-z0-9])((?:[^<>"']|"[^"]*"|'[^']*')*)>/iy

/**
 * The text of a mail's HTML for programs that show none: lines, links with their addresses, no markup. In time that grows
 * with the length alone, whatever the HTML is like.
 */
export function htmlToText(html: string): string {
  let text = ''
  let unseen: string | undefined
  let link: { href: string; from: number } | undefined
  for (let at = 0; at < html.length;) {
    const open = html.indexOf('<', at)
    const words = html.slice(at, open < 0 ? html.length : open)
    if (unseen === undefined) text += words.replace(/\s+/g, ' ')
    if (open < 0) break
    if (html.startsWith('<!--', open)) {
      const close = html.indexOf('-->', open)
      at = close < 0 ? html.length : close + 3
      continue
    }
    const tag = readTag(html, open)
    if (!tag) {
      if (unseen === undefined && !/^<[!/?]/.test(html.slice(open, open + 2))) text += '<'
      at = open + 1
      continue
    }
    at = tag.end
    const { name, closes, attributes } = tag
    if (unseen !== undefined) {
      if (closes && name === unseen) unseen = undefined
      continue
    }
    if (UNSEEN.has(name) || isHidden(attributes)) {
      if (!closes) unseen = name
    } else if (name === 'a' && !closes) link = { href: attribute(attributes, 'href'), from: text.length }
    else if (name === 'a' && link) {
      if (/^https?:/i.test(link.href) && text.slice(link.from).trim() !== link.href) text += `: ${link.href}`
      link = undefined
    } else if (name === 'img') text += attribute(attributes, 'alt')
    else if (PARAGRAPHS.has(name)) text += '\n\n'
    else if (BREAKS.has(name)) text += '\n'
    else if (name === 'td' || name === 'th') text += ' '
  }
  return decode(text)
    .split('\n')
    .map((line) => line.trim())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

/** Longer tags are no tags. */
const MAX_TAG = 4000

function readTag(html: string, open: number) {
  const piece = html.slice(open, open + MAX_TAG)
  TAG.lastIndex = 0
  const match = TAG.exec(piece)
  if (!match) return undefined
  const [whole, slash, name, attributes] = match
  return { name: name!.toLowerCase(), closes: slash === '/', attributes: attributes!, end: open + whole.length }
}

function isHidden(attributes: string): boolean {
  return /\bstyle\s*=\s*["'][^"']*display\s*:\s*none/i.test(attributes)
}

function attribute(attributes: string, name: string): string {
  const match = new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'i').exec(attributes)
  return decode(match?.[1] ?? match?.[2] ?? '')
}

function decode(text: string): string {
  return text.replace(/&(?:#(\d{1,6})|#x([\da-f]{1,5})|([a-z]+));/gi, (entity, decimal, hexadecimal, name) => {
    if (name !== undefined) return ENTITIES[(name as string).toLowerCase()] ?? entity
    const code = decimal === undefined ? parseInt(hexadecimal as string, 16) : Number(decimal)
    // The joiner that pads previews shows nothing.
    return code === 847 || code > 0x10ffff ? '' : String.fromCodePoint(code)
  })
}
