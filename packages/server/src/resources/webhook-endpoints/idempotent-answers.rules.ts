import { LRUCache } from 'lru-cache'

const MOST = 1000
const LONGEST_SCOPE = 1024
/** Milliseconds for which a repeated request gets the first answer. */
const KEPT_FOR = 12 * 60 * 60 * 1000

interface Answer {
  status: number
  body: string
  headers: [string, string][]
}

/**
 * Clients repeat a request whose answer they did not get, with the same `idempotency-key`: it is done once and answered
 * twice. Kept by this process; a client that reaches another one, or comes after a restart, does it again.
 */
export class IdempotentAnswers {
  readonly #answers = new LRUCache<string, Promise<Answer>>({ max: MOST, ttl: KEPT_FOR })

  /** @param scope undefined if the request has no key. A request that fails can be repeated. */
  async once(scope: string | undefined, act: () => Promise<Response>): Promise<Response> {
    if (scope === undefined || scope.length > LONGEST_SCOPE) return act()
    let answer = this.#answers.get(scope)
    if (!answer) {
      answer = act().then(async (response) => ({
        status: response.status,
        body: await response.text(),
        headers: [...response.headers],
      }))
      this.#answers.set(scope, answer)
      answer.catch(() => this.#answers.delete(scope))
    }
    const { status, body, headers } = await answer
    return new Response(status === 204 ? null : body, { status, headers })
  }
}
