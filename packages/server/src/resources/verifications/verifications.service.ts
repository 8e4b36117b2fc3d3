import { timingSafeEqual } from 'node:crypto'
import { errors } from '../../http/errors.js'
import type { Random } from '../../runtime.js'
import type { Queries } from '../../storage/database.js'
import type { VerificationRecord } from '../../storage/tables.js'
import { identificationErrors } from '../identifications/identification.errors.js'
import type { InstanceContext } from '../instances/instance-context.js'
import { CODE_LIFETIME } from './code-lifetime.js'
import { VerificationStore } from './verifications.store.js'

/** Wrong codes until a verification fails. */
const MAX_ATTEMPTS = 3

/** So many codes may be sent to one number within the window of milliseconds. */
const CODES_PER_WINDOW = 3
const WINDOW = 30_000

/** One-time codes: made, kept as digests, taken once. */
export class VerificationService {
  readonly #context: InstanceContext
  readonly #store: VerificationStore

  constructor(context: InstanceContext) {
    this.#context = context
    this.#store = new VerificationStore(context.database.read, context.instanceId)
  }

  async start(
    identification: { id: string; userId: string },
    strategy: VerificationRecord['strategy'],
    code: string,
    tx: Queries,
  ): Promise<VerificationRecord> {
    const { instanceId, clock, ids } = this.#context
    const now = clock.now()
    const id = ids.next('ver')
    const record: VerificationRecord = {
      id,
      instanceId,
      userId: identification.userId,
      identificationId: identification.id,
      strategy,
      codeHash: this.#digest(id, code),
      status: 'unverified',
      attempts: 0,
      expireAt: now + CODE_LIFETIME,
      createdAt: now,
      updatedAt: now,
    }
    await this.#store.insert(record, tx)
    return record
  }

  /**
   * Checks a code; what came of it is in the status of the verification. `wrong` is set when a wrong code was counted.
   *
   * @throws {ApiError} 404 `resource_not_found`, 400 `verification_already_verified`
   */
  async attempt(
    identificationId: string,
    id: string,
    code: string,
    tx: Queries,
  ): Promise<{ verification: VerificationRecord; wrong: boolean }> {
    const found = await this.#store.find(id, tx)
    if (found?.identificationId !== identificationId) throw errors.resourceNotFound('verification', id)
    const right = timingSafeEqual(Buffer.from(found.codeHash), Buffer.from(this.#digest(id, code)))
    const now = this.#context.clock.now()
    const tried = right
      ? await this.#store.spend(id, now, tx)
      : await this.#store.countFailure(id, MAX_ATTEMPTS, now, tx)
    if (tried) return { verification: tried, wrong: !right }
    return { verification: await this.#ended(id, tx), wrong: false }
  }

  /** @throws {ApiError} 429 `verification_code_too_many_requests` */
  async refuseTooMany(identificationId: string, tx: Queries): Promise<void> {
    const count = await this.#store.countSince(identificationId, this.#context.clock.now() - WINDOW, tx)
    if (count >= CODES_PER_WINDOW) throw identificationErrors.tooManyCodes(WINDOW / 1000)
  }

  async deleteOf(identificationId: string, tx: Queries): Promise<void> {
    await this.#store.deleteOfIdentification(identificationId, tx)
  }

  /** A verification that takes no more codes, and why. */
  async #ended(id: string, tx: Queries): Promise<VerificationRecord> {
    const verification = await this.#store.find(id, tx)
    if (!verification) throw errors.resourceNotFound('verification', id)
    if (verification.status === 'verified') throw identificationErrors.verificationAlreadyVerified()
    if (verification.status !== 'unverified') return verification
    return (
      (await this.#store.update(id, { status: 'expired', updatedAt: this.#context.clock.now() }, tx)) ?? verification
    )
  }

  /** A million codes are tried out at once against a plain hash: this one needs a key that is not in the database. */
  #digest(id: string, code: string): string {
    return this.#context.vault.digest('verification code', `${id} ${code}`)
  }
}

/** Six digits. */
export function generateCode(random: Random): string {
  // Of 48 random bits the remainder favours no code by more than one part in 200 million.
  const number = Buffer.from(random.bytes(6)).readUIntBE(0, 6) % 1_000_000
  return String(number).padStart(6, '0')
}
