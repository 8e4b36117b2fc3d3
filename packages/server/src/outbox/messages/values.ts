import { inBrowser, type Caller } from '../../kernel/caller.js'
import type { Metadata } from '../../kernel/metadata.js'
import { parseUserAgent } from '../../kernel/user-agent.js'
import type { Language } from './languages/index.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const dates = new Map<string, Intl.DateTimeFormat>()

/** As templates show it: `30 August 2022, 12:14 UTC`. */
export function toTimeText(milliseconds: number, { dates: locale }: Language): string {
  let format = dates.get(locale)
  if (!format) {
    format = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' })
    dates.set(locale, format)
  }
  const time = new Date(milliseconds).toISOString().slice(11, 16)
  return `${format.format(milliseconds)}, ${time} UTC`
}

/** `30 days`, `1 hour`: in the largest unit that leaves nothing over. */
export function toDurationText(milliseconds: number, { dates: locale }: Language): string {
  const [unit, length] = (
    [
      ['day', DAY],
      ['hour', HOUR],
      ['minute', MINUTE],
    ] as const
  ).find(([, one]) => milliseconds >= one && milliseconds % one === 0) ?? ['minute', MINUTE]
  const format = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' })
  return format.format(Math.max(1, Math.ceil(milliseconds / length)))
}

/** Who asked for a message, where that is the person and not the application's server. */
export function requestOf(caller: Caller, now: number, language: Language): Metadata {
  const at = { requested_at: toTimeText(now, language) }
  if (!inBrowser(caller)) return at
  const { browser, device } = parseUserAgent(caller.userAgent)
  const by = [browser?.name, device].filter((part) => part !== undefined).join(', ')
  return {
    ...at,
    ...(caller.ipAddress === null ? {} : { requested_from: caller.ipAddress }),
    ...(by === '' ? {} : { requested_by: by }),
  }
}
