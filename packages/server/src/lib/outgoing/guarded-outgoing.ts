import { checkUrl, type DestinationRules } from './destination.js'
import { GuardedPoster, type PosterOptions } from './guarded-post.js'
import { createOutgoing, type OutgoingAnswer } from './outgoing.js'

/** Gets what is at a URL that a holder of a secret key has named. @throws {DestinationRefused} */
export type GuardedOutgoing = (
  url: string,
  init: { headers: Record<string, string> },
) => Promise<Pick<OutgoingAnswer, 'status' | 'text'>>

/** As for webhooks of whoever has a secret key: private networks too, but no metadata service and no database. */
const RULES: DestinationRules = { allowPrivate: true }
/** Milliseconds. */
const TIMEOUT = 5000

/**
 * Calls go where webhooks may go: the URL is judged, the addresses of its name, and the address of the socket.
 *
 * @param options.fetch makes the calls instead; then the URL alone is judged
 */
export function createGuardedOutgoing(options: PosterOptions & { fetch?: typeof fetch | undefined } = {}): {
  get: GuardedOutgoing
  close(): void
} {
  const poster = new GuardedPoster(options)
  const fetched = options.fetch && createOutgoing(options.fetch)
  return {
    get: async (url, { headers }) => {
      checkUrl(url, RULES)
      if (fetched) return fetched(url, { headers })
      return poster.get({ url, headers, rules: RULES, timeout: TIMEOUT, group: 'get' })
    },
    close: () => poster.close(),
  }
}
