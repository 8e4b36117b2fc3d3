/** A clock that stands still until it is advanced. */
export class StillClock {
  #now: number

  /** @param now Unix milliseconds */
  constructor(now: number) {
    this.#now = now
  }

  /** Unix milliseconds. */
  now(): number {
    return this.#now
  }

  /** @throws {RangeError} when `milliseconds` is not a whole number, or is negative */
  advance(milliseconds: number): void {
    if (!Number.isSafeInteger(milliseconds) || milliseconds < 0) {
      throw new RangeError(`"milliseconds" must be a whole number of at least 0, got ${milliseconds}`)
    }
    this.#now += milliseconds
  }
}

/** A clock that goes on with the machine's, and can be advanced besides. */
export class RunningClock extends StillClock {
  readonly #started = performance.now()

  override now(): number {
    return super.now() + Math.floor(performance.now() - this.#started)
  }
}
