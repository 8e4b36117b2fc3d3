/** Milliseconds that a server which closes waits for its requests. */
const PATIENCE = 10_000

/** Counts what is under way, so that what it needs can be closed after it. */
export class UnderWay {
  #count = 0
  #closed: (() => void) | undefined

  get isClosing(): boolean {
    return this.#closed !== undefined
  }

  async run<T>(task: () => T | Promise<T>): Promise<T> {
    this.#count += 1
    try {
      return await task()
    } finally {
      this.#count -= 1
      if (this.#count === 0) this.#closed?.()
    }
  }

  /** Resolves once nothing is under way any more, and in any case after {@link PATIENCE}. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, PATIENCE)
      this.#closed = () => {
        clearTimeout(timer)
        resolve()
      }
      if (this.#count === 0) this.#closed()
    })
  }
}
