/** Thrown instead of waiting if the queue is full; the caller answers 503. */
export class QueueFull extends Error {
  override name = 'QueueFull'

  constructor(limit: number) {
    super(`${limit} tasks are waiting already`)
  }
}

/** Runs at most `concurrency` tasks at a time, the others in the order they came, `limit` waiting at most. */
export class WorkQueue {
  private running = 0
  private readonly waiting: (() => void)[] = []

  constructor(
    private readonly concurrency: number,
    private readonly limit: number,
  ) {}

  /** @throws {QueueFull} when `limit` tasks wait already; the task is then never started. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.running >= this.concurrency) {
      if (this.waiting.length >= this.limit) throw new QueueFull(this.limit)
      await new Promise<void>((resolve) => this.waiting.push(resolve))
    } else {
      this.running += 1
    }
    try {
      return await task()
    } finally {
      // The free place goes straight to the next task in the queue, so that no new task can take it in between.
      const next = this.waiting.shift()
      if (next) next()
      else this.running -= 1
    }
  }
}
