/** A clock that stands still until it is told to advance. */
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

  /** @throws {RangeError} when `milliseconds` is no whole number of them, or below 0 */
  advance(milliseconds: number): void {
    if (!Number.isSafeInteger(milliseconds) || milliseconds < 0) {
      throw new RangeError(`"milliseconds" must be a whole number from 0 on, got ${milliseconds}`)
    }
    this.#now += milliseconds
  }
}
