import type { Environment } from './environment.js'
import { parseProxies } from './proxy-settings.js'
import type { ServeOptions } from './serve-options.js'

/** Of the tests and scripts of the repository, which people who work on it have set for all their programs. */
const OF_THE_REPOSITORY = /^LATCHKEY_(CONTRACT|LONG_TESTS|TEST_\w+)$/
/** Kubernetes sets these in each container where a service is called "latchkey". */
const OF_KUBERNETES = /^LATCHKEY_(SERVICE_\w+|PORT_\d+_\w+)$/

/** What `dev` and `start` say before they serve, on standard error. Without the values: they may be secrets. */
export function serveWarnings(
  { trustedProxies }: Pick<ServeOptions, 'trustedProxies'>,
  environment: Environment,
  known: readonly string[],
): string[] {
  const everybody = trustedProxies && parseProxies(trustedProxies).find((proxy) => /\/0+$/.test(proxy))
  return [
    ...misspelt(environment, known),
    ...(everybody === undefined
      ? []
      : [
          `"${trustedProxies!.source}" trusts everybody with ${everybody}: whoever reaches the server can claim any address. Name the proxies alone.`,
        ]),
  ]
}

/** What `start` says beside. People cannot sign up or reset a password where no mail goes out. */
export function mailWarnings({ messages }: Pick<ServeOptions, 'messages'>): string[] {
  if (messages['mail.smtpUrl']) return []
  return [
    'No mail server is set: codes, links and notices stay queued, unless an application takes them from webhooks. Set LATCHKEY_SMTP_URL and LATCHKEY_MAIL_FROM.',
  ]
}

/** @param known the names of all variables */
function misspelt(environment: Environment, known: readonly string[]): string[] {
  return Object.keys(environment)
    .filter((name) => name.startsWith('LATCHKEY_') && !known.includes(name))
    .filter((name) => !OF_THE_REPOSITORY.test(name) && !OF_KUBERNETES.test(name))
    .toSorted()
    .map((name) => {
      const similar = mostSimilar(name, known)
      return `${name} is no setting.${similar === undefined ? '' : ` Did you mean ${similar}?`}`
    })
}

/** Letters that may differ. */
const MOST_DIFFERENCES = 3

function mostSimilar(name: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((candidate) => ({ candidate, distance: differences(name, candidate) }))
    .filter(({ distance }) => distance <= MOST_DIFFERENCES)
    .toSorted((one, other) => one.distance - other.distance)
  return best?.candidate
}

/** How many letters must be added, removed or replaced to make one text of the other. */
function differences(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let j = 1; j <= other.length; j++) {
      const replaced = row[j - 1]! + (one[i - 1] === other[j - 1] ? 0 : 1)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, replaced))
    }
    row = next
  }
  return row[other.length]!
}
