/** Tells those who wait for new events that there are some. */
export class Bell {
  readonly #waiting = new Set<() => void>()
  #closed = false

  /** Whether the server is closing: nobody waits any more. */
  get isClosed(): boolean {
    return this.#closed
  }

  close(): void {
    this.#closed = true
    this.ring()
  }

  ring(): void {
    for (const resolve of this.#waiting) resolve()
    this.#waiting.clear()
  }

  /** Resolves when it rings, after the time, or when the signal aborts. */
  wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted || this.#closed) return Promise.resolve()
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        this.#waiting.delete(done)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, milliseconds)
      this.#waiting.add(done)
      signal?.addEventListener('abort', done)
    })
  }
}
