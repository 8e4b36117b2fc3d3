import type { PageMessage } from '@latchkey/types'

/** The one-time code that a message brings; null if it brings none. */
export function codeOf({ data }: Pick<PageMessage, 'data'>): string | null {
  const code = data?.['otp_code']
  return typeof code === 'string' ? code : null
}

/** The addresses that a message links to, each once. Of its HTML only `http` and `https` count. */
export function linksOf({ body }: Pick<PageMessage, 'body'>): string[] {
  const inHtml = [...body.matchAll(/<a\s[^>]*?\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')/gi)].map(([, a, b]) =>
    decode(a ?? b ?? ''),
  )
  const inText = body.includes('<a') ? [] : [...body.matchAll(/\bhttps?:\/\/[^\s<>"']+/g)].map(([link]) => link)
  return [...new Set([...inHtml, ...inText])].filter((link) => URL.canParse(link) && /^https?:/i.test(link))
}

/** What a message says, without the tags of its HTML. For people to read: it is not HTML that is safe to show. */
export function textOf({ body }: Pick<PageMessage, 'body'>): string {
  if (!/<[a-z!/]/i.test(body)) return body
  const text = body
    .replace(/<(script|style|head)\b[\s\S]*?<\/\1\s*>/gi, '')
    .replace(/\s+/g, ' ')
    .replace(/<(?:br|\/p|\/div|\/h\d|\/tr|\/li)\b[^>]*>\s*/gi, '\n')
    .replace(/<\/?[a-z!][^>]*>/gi, '')
  return decode(text).trim()
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'" }

function decode(text: string): string {
  return text.replace(/&(#?\w+);/g, (entity, name: string) => ENTITIES[name.toLowerCase()] ?? entity)
}
