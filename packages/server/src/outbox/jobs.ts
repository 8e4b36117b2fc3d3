import type { Clock, Logger } from '../kernel/runtime.js'

/**
 * Periodic work, such as removing expired rows. Every node runs it, so a run must tolerate another one at the same
 * time.
 */
export interface Job {
  name: string
  /** Milliseconds between two runs. */
  every: number
  /** @param now Unix milliseconds */
  run(now: number): Promise<void>
}

/** Milliseconds after the start to the first run at the latest: a server may be started anew more often than a job is due. */
const FIRST_RUN = 5 * 60_000

/** Runs the jobs until it is stopped. A failed run is logged; the job runs again at the next interval. */
export class Jobs {
  readonly #timers: NodeJS.Timeout[] = []
  readonly #running = new Map<string, Promise<void>>()

  constructor(private readonly options: { jobs: readonly Job[]; clock: Clock; logger: Logger }) {}

  start(): void {
    for (const job of this.options.jobs) {
      const run = () => this.#run(job)
      this.#timers.push(setInterval(run, job.every).unref())
      if (job.every > FIRST_RUN) this.#timers.push(setTimeout(run, FIRST_RUN).unref())
    }
  }

  /** Waits for the current runs. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    await Promise.all(this.#running.values())
  }

  #run(job: Job): void {
    // If a run takes longer than the interval, no second one starts.
    if (this.#running.has(job.name)) return
    const run = job
      .run(this.options.clock.now())
      .catch((error: unknown) => this.options.logger.warn({ err: error, job: job.name }, 'A periodic job failed'))
      .finally(() => this.#running.delete(job.name))
    this.#running.set(job.name, run)
  }
}
