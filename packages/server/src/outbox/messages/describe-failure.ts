import type { MessageRecord } from './messages.table.js'

const MAX_LENGTH = 500
/** Of what the other side said: finding addresses takes time that grows with the square of a text without spaces. */
const READ = 4000
const ADDRESS = /[^\s<>()"',;:]+@[^\s<>()"',;:]+/g
const LINK = /\bhttps?:\/\/\S+/gi
/** A code, wherever a message has one: also one that an application wrote itself. */
const DIGITS = /\d{4,}/g
/** Digits by which somebody is recognised. */
const SHORTEST_END = 7
const HIDDEN = '…'

/**
 * Why a message was not sent, in one line, for logs and the database: without the secrets of the transport, addresses,
 * numbers, codes and links, which the other side may have repeated.
 */
export function describeFailure(error: unknown, message: MessageRecord, secrets: readonly string[]): string {
  let text = beginningOf(error instanceof Error ? error.message : String(error))
  for (const secret of secrets) if (secret !== '') text = text.replaceAll(secret, HIDDEN)
  text = text.replace(ADDRESS, HIDDEN).replace(LINK, HIDDEN)
  if (message.channel === 'sms') text = text.replace(anyEndOf(message.toAddress), HIDDEN)
  for (const value of valuesOf(message)) text = text.replace(anySpellingOf(value), HIDDEN)
  return text.replace(/\s+/g, ' ').slice(0, MAX_LENGTH)
}

/** In whole words, so that no half of a secret stays. */
function beginningOf(text: string): string {
  return text.length <= READ ? text : text.slice(0, READ).replace(/\S*$/, HIDDEN)
}

/** What the message was filled with, without the application's own values, and the numbers in what it says. */
function valuesOf({ data, subject, body, bodyPlain }: MessageRecord): Set<string> {
  const { app: _, theme: __, ...own } = data ?? {}
  const digits = [subject, body, bodyPlain].flatMap((text) => text?.match(DIGITS) ?? [])
  return new Set([...textsOf(own), ...digits])
}

/** Texts of a length that can be recognised. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return value.length > 3 ? [value] : []
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : []
}

/** Digits may be written in groups. */
function anySpellingOf(text: string): RegExp {
  return new RegExp(/^\d+$/.test(text) ? grouped(text) : text.replace(/[$()*+.?[\\\]^{|}/-]/g, '\\$&'), 'gi')
}

/** A number with and without its country and area: `+1 (415) 555-2671`, `555-2671`. */
function anyEndOf(number: string): RegExp {
  const digits = number.replace(/\D/g, '')
  const ends = Array.from({ length: Math.max(1, digits.length - SHORTEST_END + 1) }, (_, at) =>
    grouped(digits.slice(at)),
  )
  return new RegExp(`(?:\\+|%2B)?(?:${ends.join('|')})`, 'gi')
}

function grouped(digits: string): string {
  return [...digits].join('[\\s().-]{0,3}')
}
