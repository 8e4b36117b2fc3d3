import type { SessionActivityJSON } from '@latchkey/types'
import type { Caller } from '../../kernel/caller.js'
import type { Ids } from '../../kernel/runtime.js'

const BROWSERS: readonly [name: string, pattern: RegExp][] = [
  ['Microsoft Edge', /\bEdg(?:e|A|iOS)?\/(\d[\d.]*)/],
  ['Opera', /\bOPR\/(\d[\d.]*)/],
  ['Samsung Internet', /\bSamsungBrowser\/(\d[\d.]*)/],
  ['Firefox', /\b(?:Firefox|FxiOS)\/(\d[\d.]*)/],
  ['Chrome', /\b(?:Headless)?(?:Chrome|CriOS)\/(\d[\d.]*)/],
  ['Safari', /\bVersion\/(\d[\d.]*).*Safari\//],
]

const DEVICES: readonly [name: string, pattern: RegExp][] = [
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Android', /\bAndroid\b/],
  ['Windows', /\bWindows\b/],
  ['Macintosh', /\bMacintosh\b/],
  ['Linux', /\bLinux\b/],
]

/** What people call the browser that asks, and their device: `Chrome on Macintosh`. */
export function browserNameOf(userAgent: string | null): string | undefined {
  const named = [BROWSERS, DEVICES].map((list) => list.find(([, pattern]) => pattern.test(userAgent ?? ''))?.[0])
  return named.filter((name) => name !== undefined).join(' on ') || undefined
}

/** What a session was last used with, as far as the request shows it. Null for the server's own work. */
export function activityOf({ userAgent, ipAddress }: Caller, ids: Ids): SessionActivityJSON | null {
  if (userAgent === null && ipAddress === null) return null
  const agent = userAgent ?? ''
  const browser = BROWSERS.find(([, pattern]) => pattern.test(agent))
  const device = DEVICES.find(([, pattern]) => pattern.test(agent))
  return {
    object: 'session_activity',
    id: ids.next('sess_activity'),
    is_mobile: /\b(?:Mobi|iPhone|Android)/.test(agent),
    ...(device ? { device_type: device[0] } : {}),
    ...(browser ? { browser_name: browser[0], browser_version: browser[1].exec(agent)![1]! } : {}),
    ...(ipAddress === null ? {} : { ip_address: ipAddress }),
  }
}
