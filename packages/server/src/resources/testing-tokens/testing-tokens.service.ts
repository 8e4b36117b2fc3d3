import { timingSafeEqual } from 'node:crypto'
import type { InstanceContext } from '../../instances/instance-context.js'

/** Seconds. */
const LIFETIME = 3600

export interface TestingToken {
  token: string
  /** Unix seconds. */
  expiresAt: number
}

/** Tokens that spare end-to-end tests the bot protection and rate limits of the Frontend API. Nothing is stored. */
export class TestingTokenService {
  constructor(private readonly context: InstanceContext) {}

  create(): TestingToken {
    const issuedAt = Math.floor(this.context.clock.now() / 1000)
    return { token: this.#token(issuedAt), expiresAt: issuedAt + LIFETIME }
  }

  /** Whether the text is a testing token of this instance, and not too old. */
  isValid(token: string): boolean {
    const [, seconds] = /^(\d{1,15})-c_/.exec(token) ?? []
    if (seconds === undefined) return false
    const expected = Buffer.from(this.#token(Number(seconds)))
    const given = Buffer.from(token)
    const age = this.context.clock.now() / 1000 - Number(seconds)
    return expected.length === given.length && timingSafeEqual(expected, given) && age >= 0 && age < LIFETIME
  }

  #token(issuedAt: number): string {
    const { vault, instanceId } = this.context
    return `${issuedAt}-c_${vault.digest('testing token', `${instanceId} ${issuedAt}`)}`
  }
}
