/** Thrown instead of waiting if the queue is full; the caller answers 503. */
export class QueueFull extends Error {
  override name = 'QueueFull'

  constructor(limit: number) {
    super(`${limit} tasks are waiting already`)
  }
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

/** Runs at most `concurrency` tasks at a time, the others in the order they came, `limit` waiting at most. */
export class WorkQueue {
  #running = 0
  readonly #waiting = new Set<Waiting>()

  constructor(
    private readonly concurrency: number,
    private readonly limit: number,
  ) {}

  /**
   * @param signal takes the task out of the line, unless it has been started
   * @throws {QueueFull} when `limit` tasks wait already; the task is then never started.
   * @throws {TaskAbandoned} when the signal aborted before its turn
   */
  async run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (signal?.aborted) throw new TaskAbandoned()
    if (this.#running >= this.concurrency) await this.#turn(signal)
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
    if (this.#waiting.size >= this.limit) throw new QueueFull(this.limit)
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.delete(waiting)
        reject(new TaskAbandoned())
      }
      const waiting: Waiting = {
        start: () => {
          this.#waiting.delete(waiting)
          signal?.removeEventListener('abort', leave)
          resolve()
        },
      }
      this.#waiting.add(waiting)
      signal?.addEventListener('abort', leave, { once: true })
    })
  }
}
