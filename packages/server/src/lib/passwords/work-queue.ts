/** Thrown instead of waiting longer, or if the queue is full; the caller answers 503. */
export class QueueFull extends Error {
  override name = 'QueueFull'
}

/** Thrown in place of a task that nobody waits for any more. */
export class TaskAbandoned extends Error {
  override name = 'TaskAbandoned'

  constructor() {
    super('Nobody waits for this task any more')
  }
}

interface Waiting {
  start(): void
}

export interface WorkQueueOptions {
  /** Tasks that run at a time. */
  concurrency: number
  /** Tasks that may wait: a bound on memory. */
  limit: number
  /** Milliseconds that a task waits for its turn. */
  patience: number
}

/** Runs a few tasks at a time, the others in the order they came. */
export class WorkQueue {
  #running = 0
  readonly #waiting = new Set<Waiting>()

  constructor(private readonly options: WorkQueueOptions) {}

  /**
   * @param signal takes the task out of the line, unless it has been started
   * @throws {QueueFull} when `limit` tasks wait already, or its turn did not come in time; the task is then never started
   * @throws {TaskAbandoned} when the signal aborted before its turn
   */
  async run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (signal?.aborted) throw new TaskAbandoned()
    if (this.#running >= this.options.concurrency) await this.#turn(signal)
    else this.#running += 1
    try {
      return await task()
    } finally {
      // The free place goes straight to the next task in the queue, so that no new task can take it in between.
      const [next] = this.#waiting
      if (next) next.start()
      else this.#running -= 1
    }
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    const { limit, patience } = this.options
    if (this.#waiting.size >= limit) throw new QueueFull(`${limit} tasks are waiting already`)
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.delete(waiting)
        clearTimeout(timer)
        signal?.removeEventListener('abort', abandon)
      }
      const abandon = () => {
        leave()
        reject(new TaskAbandoned())
      }
      const waiting: Waiting = {
        start() {
          leave()
          resolve()
        },
      }
      const timer = setTimeout(() => {
        leave()
        reject(new QueueFull(`The turn of the task did not come within ${patience} ms`))
      }, patience)
      this.#waiting.add(waiting)
      signal?.addEventListener('abort', abandon, { once: true })
    })
  }
}
