import { toResponse, type Answer } from './answer.js'
import type { Page, Walk } from './pages.js'

/** A method's work under way. */
export interface Run<T> {
  result: Promise<T>
  /** The answer that came last, good or bad. */
  answer(): Answer | undefined
}

/** Starts a method's work: for one page of a list, given a walk, for the page where that stands. */
export type Start<T> = (walk?: Walk) => Run<T>

/**
 * What a method returns: a promise of its result that also gives the answer behind it.
 *
 * The request goes out by itself, once, at the end of the present microtask, whether or not anybody waits. A failure that
 * nobody waits for is not an unhandled rejection.
 */
export class APIPromise<T> extends Promise<T> {
  readonly #start: Start<T>
  #run: Run<T> | undefined
  #iterated = false

  static override get [Symbol.species](): PromiseConstructor {
    return Promise
  }

  constructor(start: Start<T>) {
    // The promise that this object is itself stays unused: `then` below answers for it.
    super((resolve) => resolve(undefined as T))
    this.#start = start
    // Not queueMicrotask, which test frameworks replace with one that stands still.
    void Promise.resolve().then(() => {
      if (!this.#iterated) this.#started()
    })
  }

  /** The result with the answer it was made of. When a method sends several requests, that is the last; of a list, the page. */
  async withResponse(): Promise<{ data: T; response: Response }> {
    const { result, answer } = this.#started()
    return { data: await result, response: responseOf(answer()) }
  }

  /**
   * The answer itself, its body unread, even one that cannot be translated.
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
 * What a method returns that lists something: a promise of one page, and every item from there on to the end of the list,
 * asked for page by page: `for await (const user of client.users.getUserList())`. A `limit` is the size of the pages.
 * Options of the call, such as `timeout`, hold for each page.
 */
export interface PagePromise<Item> extends APIPromise<Page<Item>>, AsyncIterable<Item> {
  [Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined>
}

async function* walkThrough(start: Start<unknown>): AsyncGenerator<unknown, void, undefined> {
  const walk: Walk = {}
  do {
    const page = (await start(walk).result) as Partial<Page<unknown>> | undefined
    if (!Array.isArray(page?.data)) throw new TypeError('Only what a list answers can be iterated over.')
    yield* page.data
  } while (walk.next)
}

function responseOf(answer: Answer | undefined): Response {
  // Nothing was asked where the answer was known before: see `matchesNothing`.
  return answer ? answer.toResponse() : toResponse('', { status: 204, statusText: 'Not asked' })
}
