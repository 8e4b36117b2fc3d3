import { LRUCache } from 'lru-cache'

const MOST = 1000
/** Characters of them together: an answer may show an event with a whole mail in it. */
const MOST_TOGETHER = 16 * 1024 * 1024
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
  readonly #answers = new LRUCache<string, Answer>({
    max: MOST,
    maxSize: MOST_TOGETHER,
    sizeCalculation: ({ body }) => body.length + 1,
    ttl: KEPT_FOR,
  })
  readonly #underWay = new Map<string, Promise<Answer>>()

  /** @param scope undefined if the request has no key. A request that fails can be repeated. */
  async once(scope: string | undefined, act: () => Promise<Response>): Promise<Response> {
    if (scope === undefined || scope.length > LONGEST_SCOPE) return act()
    const { status, body, headers } = this.#answers.get(scope) ?? (await this.#first(scope, act))
    return new Response(status === 204 ? null : body, { status, headers })
  }

  /** Done once for all that ask at the same time. */
  #first(scope: string, act: () => Promise<Response>): Promise<Answer> {
    const started = this.#underWay.get(scope)
    if (started) return started
    const answer = act()
      .then(async (response) => {
        const kept = { status: response.status, body: await response.text(), headers: [...response.headers] }
        this.#answers.set(scope, kept)
        return kept
      })
      .finally(() => this.#underWay.delete(scope))
    this.#underWay.set(scope, answer)
    return answer
  }
}
