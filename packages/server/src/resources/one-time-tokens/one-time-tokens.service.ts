import type { InstanceContext } from '../../instances/instance-context.js'
import { hashSecret } from '../../instances/secrets.js'
import type { Caller } from '../../kernel/caller.js'
import { OneTimeTokenStore } from './one-time-tokens.store.js'
import type { OneTimeTokenKind } from './one-time-tokens.table.js'

/** Milliseconds. The browser brings a token along at once. */
const LIFETIME = 60_000

/** Makes tokens for URLs, and takes each once. */
export class OneTimeTokenService {
  readonly #store: OneTimeTokenStore

  constructor(private readonly context: InstanceContext) {
    this.#store = new OneTimeTokenStore(context)
  }

  /**
   * @param payload JSON, kept encrypted
   * @param lifetime milliseconds
   */
  async create(kind: OneTimeTokenKind, payload: unknown, caller: Caller, lifetime = LIFETIME): Promise<string> {
    const { random, vault, clock } = this.context
    const token = Buffer.from(random.bytes(32)).toString('base64url')
    const fields = { kind, hash: hashSecret(token), payload: vault.seal(JSON.stringify(payload)) }
    await this.context.transaction(caller, (tx) =>
      this.#store.create({ ...fields, expiresAt: clock.now() + lifetime }, tx),
    )
    return token
  }

  /** @returns its payload; undefined for a token that is none, was taken before or has expired */
  async take(kind: OneTimeTokenKind, token: string, caller: Caller): Promise<unknown> {
    const { vault, clock } = this.context
    const taken = await this.context.transaction(caller, (tx) => this.#store.take(kind, hashSecret(token), tx))
    return taken && taken.expiresAt > clock.now() ? JSON.parse(vault.open(taken.payload)) : undefined
  }
}
