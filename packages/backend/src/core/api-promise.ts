import { toResponse, type Answer } from './answer.js'
import type { Page, Walk } from './pages.js'

/** A method's work under way. */
export interface Run<T> {
  result: Promise<T>
  /** The last answer received, whether it succeeded or failed. */
  answer(): Answer | undefined
}

/** Starts a method's work. With a walk, it requests the page the walk has reached. */
export type Start<T> = (walk?: Walk) => Run<T>

/**
 * What a method returns: a promise of its result, which also gives access to the HTTP answer.
 *
 * The request is sent once, at the end of the current microtask, even if nothing awaits the promise. A failure that
 * nothing awaits is not an unhandled rejection.
 */
export class APIPromise<T> extends Promise<T> {
  readonly #start: Start<T>
  #run: Run<T> | undefined
  #iterated = false

  static override get [Symbol.species](): PromiseConstructor {
    return Promise
  }

  constructor(start: Start<T>) {
    // The inherited promise is never used: `then`, `catch` and `finally` delegate to the request's.
    super((resolve) => resolve(undefined as T))
    this.#start = start
    // Not queueMicrotask: fake timers of test frameworks replace it with one that never runs.
    void Promise.resolve().then(() => {
      if (!this.#iterated) this.#started()
    })
  }

  /**
   * The result, and the answer it was read from. If a method sends several requests, this is the last answer; for a
   * list, it is the page.
   */
  async withResponse(): Promise<{ data: T; response: Response }> {
    const { result, answer } = this.#started()
    return { data: await result, response: responseOf(answer()) }
  }

  /**
   * The answer with its body unread. Also works for an answer that cannot be translated.
   *
   * @throws {ClerkAPIResponseError} as the method does, for a status from 300 on and where there is no answer.
   */
  async asResponse(): Promise<Response> {
    const { result, answer } = this.#started()
    try {
      await result
    } catch (error) {
      const { status = 0 } = answer() ?? {}
      if (status < 200 || status > 299) throw error
    }
    return responseOf(answer())
  }

  // oxlint-disable-next-line unicorn/no-thenable -- a promise has one
  override then<A = T, B = never>(
    onfulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onrejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#started().result.then(onfulfilled, onrejected)
  }

  override catch<B = never>(onrejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<T | B> {
    return this.#started().result.catch(onrejected)
  }

  override finally(onfinally?: (() => void) | null): Promise<T> {
    return this.#started().result.finally(onfinally)
  }

  /** Every item of a list: see {@link PagePromise}. */
  [Symbol.asyncIterator](): AsyncGenerator<unknown, void, undefined> {
    this.#iterated = true
    return walkThrough(this.#start as Start<unknown>)
  }

  #started(): Run<T> {
    if (!this.#run) {
      this.#run = this.#start()
      this.#run.result.catch(() => {})
    }
    return this.#run
  }
}

/**
 * What a list method returns. Awaited, it is one page. Iterated, as in
 * `for await (const user of client.users.getUserList())`, it yields every item from there to the end of the list and
 * requests page after page; `limit` is then the page size. Options of the call, such as `timeout`, apply to each page.
 */
export interface PagePromise<Item> extends APIPromise<Page<Item>>, AsyncIterable<Item> {
  [Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined>
}

async function* walkThrough(start: Start<unknown>): AsyncGenerator<unknown, void, undefined> {
  const walk: Walk = {}
  do {
    const page = (await start(walk).result) as Partial<Page<unknown>> | undefined
    if (!Array.isArray(page?.data)) throw new TypeError('Only methods that return a list can be iterated over.')
    yield* page.data
  } while (walk.next)
}

function responseOf(answer: Answer | undefined): Response {
  // No request was sent, because the result was already known: see `matchesNothing`.
  return answer ? answer.toResponse() : toResponse('', { status: 204, statusText: 'Not asked' })
}
