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

export interface UserAgent {
  isMobile: boolean
  /** Undefined for what people do not hold in their hands, such as a program. */
  kind: 'phone' | 'tablet' | 'computer' | undefined
  device: string | undefined
  browser: { name: string; version: string } | undefined
}

/** What a `User-Agent` says. The names are from lists of ours: nothing of what was sent, except a version's digits. */
export function parseUserAgent(userAgent: string | null): UserAgent {
  const agent = userAgent ?? ''
  const browser = BROWSERS.find(([, pattern]) => pattern.test(agent))
  const device = DEVICES.find(([, pattern]) => pattern.test(agent))?.[0]
  return {
    isMobile: /\b(?:Mobi|iPhone|Android)/.test(agent),
    kind: kindOf(agent, device),
    device,
    browser: browser && { name: browser[0], version: browser[1].exec(agent)![1]! },
  }
}

/** Tablets with Android leave out the word "Mobile". */
function kindOf(agent: string, device: string | undefined): UserAgent['kind'] {
  if (device === undefined) return undefined
  if (device === 'iPad') return 'tablet'
  if (device === 'iPhone') return 'phone'
  if (device === 'Android') return agent.includes('Mobi') ? 'phone' : 'tablet'
  return 'computer'
}

/** What people call the browser that asks, and their device: `Chrome on Macintosh`. */
export function browserNameOf(userAgent: string | null): string | undefined {
  const { browser, device } = parseUserAgent(userAgent)
  return [browser?.name, device].filter((name) => name !== undefined).join(' on ') || undefined
}
