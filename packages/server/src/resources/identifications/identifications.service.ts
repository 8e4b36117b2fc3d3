import { isDeepStrictEqual } from 'node:util'
import { errors } from '../../http/errors.js'
import { TEST_CODE } from '../../identifiers/index.js'
import type { Queries } from '../../storage/database.js'
import { unlessTaken } from '../../storage/queries.js'
import type { UserRecord, VerificationRecord } from '../../storage/tables.js'
import type { InstanceContext } from '../instances/instance-context.js'
import type { UserLockout } from '../users/user-lockout.js'
import type { User } from '../users/user.js'
import { refuseDisabled } from '../users/users.rules.js'
import type { UserChanges } from '../users/user-changes.js'
import { unverified, verifiedByAdmin, type VerificationColumns } from '../verifications/verification.serializer.js'
import { generateCode, type VerificationService } from '../verifications/verifications.service.js'
import {
  columnsOf,
  hasOtherIdentifier,
  remainsUsable,
  type IdentificationKind,
  type IdentificationRecord,
  type IdentificationStatus,
} from './identification.js'
import { identificationErrors } from './identification.errors.js'
import type { IdentificationStore } from './identifications.store.js'

/** Of one kind: as many as a user can be made with. Each is shown with the user, and told of in every event. */
const MAX_IDENTIFICATIONS = 100

export interface IdentificationOptions {
  context: InstanceContext
  verifications: VerificationService
  /** Called for each change: a user is made with addresses, and an address changes its user. */
  ofUsers(): { users: UserChanges; lockout: UserLockout }
}

/** What creating and updating share. Null is as good as absent. */
export interface IdentificationInput {
  verified?: boolean | null | undefined
  primary?: boolean | null | undefined
}

/** A change of one of the user's identifications, before the user is told. */
export interface IdentificationChange<Row, Input> {
  /** As the user was before. */
  before: User
  /** The one that was added or changed; undefined when one was removed. */
  row?: Row
  created: boolean
  input: Input
  /** To the user's row. */
  changes: Partial<UserRecord>
}

/** The rules that e-mail addresses and phone numbers have in common: who may claim one, verifying it, which one is primary. */
export abstract class IdentificationService<
  Row extends IdentificationRecord,
  Parsed,
  Input extends IdentificationInput,
> {
  protected abstract readonly store: IdentificationStore<Row>

  constructor(
    protected readonly options: IdentificationOptions,
    protected readonly kind: IdentificationKind,
  ) {}

  abstract parse(input: string, param?: string): Parsed

  /** The columns of a new row that hold the parsed value. */
  protected abstract valuesOf(parsed: Parsed): Partial<Row> & { canonical: string }
  protected abstract isTest(row: Row): boolean
  protected abstract sendCode(row: Row, code: string, tx: Queries): Promise<void>
  /** What follows from a change beside the row itself and the primary one. @returns changes to the user's row */
  protected abstract settle(change: IdentificationChange<Row, Input>, tx: Queries): Promise<Partial<UserRecord>>

  /** @throws {ApiError} 404 `resource_not_found` */
  async get(id: string, queries?: Queries): Promise<Row> {
    const row = await this.store.find(id, queries)
    if (!row) throw errors.resourceNotFound(this.kind.noun, id)
    return row
  }

  /** @throws {ApiError} 422 `form_identifier_exists` when somebody has verified or reserved it */
  async addTo(userId: string, parsed: Parsed, status: IdentificationStatus, tx: Queries, id?: string): Promise<Row> {
    const { instanceId, clock, ids } = this.options.context
    const now = clock.now()
    const common = {
      id: id ?? ids.next('idn'),
      instanceId,
      userId,
      ...columnsOf(status),
      linkedTo: [],
      createdAt: now,
      updatedAt: now,
    }
    const row = { ...common, ...this.valuesOf(parsed) } as unknown as Row
    // The index decides for claimed ones; one that is not claimed yet could never be, while somebody else has it.
    const taken = status === 'unverified' && (await this.store.isClaimed(row.canonical, tx))
    if (taken || !(await this.store.insertUnlessTaken(row, tx))) throw errors.identifierExists(this.kind.param)
    return row
  }

  async prepareVerification(id: string): Promise<VerificationRecord> {
    const { context, verifications } = this.options
    const code = generateCode(context.random)
    return context.database.transaction(async (tx) => {
      const { row } = await this.#locked(id, tx)
      const test = context.instance.settings.testMode && this.isTest(row)
      if (!test && this.kind.strategy === 'phone_code') await verifications.refuseTooMany(id, tx)
      if (!test) await this.sendCode(row, code, tx)
      return verifications.start(row, this.kind.strategy, test ? TEST_CODE : code, tx)
    })
  }

  /** A right code also verifies the identification, if it is not verified yet; a wrong one counts towards the user's lockout. */
  async attemptVerification(id: string, verificationId: string, code: string): Promise<VerificationRecord> {
    const { context, verifications, ofUsers } = this.options
    return context.database.transaction(async (tx) => {
      const { user, row } = await this.#locked(id, tx)
      const { verification, wrong } = await verifications.attempt(id, verificationId, code, tx)
      if (wrong) await ofUsers().lockout.recordFailure(user.id, tx)
      if (verification.status !== 'verified') return verification
      await ofUsers().lockout.reset(user.id, tx)
      if (row.verificationStatus === 'verified') return verification
      const { strategy, attempts, expireAt } = verification
      await this.#claim(
        row,
        {
          verificationStatus: 'verified',
          verificationStrategy: strategy,
          verificationAttempts: attempts,
          verificationExpireAt: expireAt,
        },
        tx,
      )
      const changes = user[this.kind.primary] === null ? { [this.kind.primary]: id } : {}
      await this.#finish({ before: user, row, created: false, input: {} as Input, changes }, tx)
      return verification
    })
  }

  async delete(id: string): Promise<Row> {
    const { context, verifications } = this.options
    const { setting, noun, primary } = this.kind
    return context.database.transaction(async (tx) => {
      const { user, row } = await this.#locked(id, tx)
      if (row.linkedTo.length > 0) throw identificationErrors.linked(noun)
      const others = this.rowsOf(user).filter((other) => other.id !== id)
      const required = context.instance.settings.identifiers[setting].required && !remainsUsable(others, row)
      if (required || !hasOtherIdentifier(user, row)) throw errors.lastIdentification()
      await this.store.delete(id, tx)
      await verifications.deleteOf(id, tx)
      const next = others.find(({ verificationStatus }) => verificationStatus === 'verified')
      const changes = user[primary] === id ? { [primary]: next?.id ?? null } : {}
      await this.#finish({ before: user, created: false, input: {} as Input, changes }, tx)
      return row
    })
  }

  protected async add(userId: string, parsed: Parsed, input: Input): Promise<Row> {
    const { context, ofUsers } = this.options
    refuseDisabled(this.kind.setting, context.instance)
    return context.database.transaction(async (tx) => {
      const user = await ofUsers().users.locked(userId, tx)
      const { canonical } = this.valuesOf(parsed)
      const rows = this.rowsOf(user)
      if (rows.some((row) => row.canonical === canonical)) throw errors.identifierExists(this.kind.param)
      if (rows.length >= MAX_IDENTIFICATIONS) throw identificationErrors.tooMany(this.kind.noun, MAX_IDENTIFICATIONS)
      const first = rows.length === 0
      if (input.primary && !input.verified && !first) throw errors.verificationNeeded('primary')
      const row = await this.addTo(userId, parsed, input.verified ? 'verified' : 'unverified', tx)
      const changes = (input.primary ?? first) ? { [this.kind.primary]: row.id } : {}
      return this.#finish({ before: user, row, created: true, input, changes }, tx)
    })
  }

  protected async change(id: string, input: Input): Promise<Row> {
    return this.options.context.database.transaction(async (tx) => {
      const { user, row } = await this.#locked(id, tx)
      const wasVerified = row.verificationStatus === 'verified'
      if (input.verified === true && !wasVerified) await this.#claim(row, verifiedByAdmin, tx)
      if (input.verified === false && wasVerified)
        await this.store.update(
          id,
          { claimed: false, ...unverified, updatedAt: this.options.context.clock.now() } as Partial<Row>,
          tx,
        )
      const changed = await this.get(id, tx)
      const changes: Partial<UserRecord> = {}
      if (input.primary && user[this.kind.primary] !== id) {
        if (changed.verificationStatus !== 'verified') throw errors.verificationNeeded('primary')
        changes[this.kind.primary] = id
      }
      return this.#finish({ before: user, row: changed, created: false, input, changes }, tx)
    })
  }

  /** One in place of all that the user has. */
  protected async replaceAll(userId: string, parsed: Parsed, status: IdentificationStatus, input: Input): Promise<Row> {
    const { context, verifications, ofUsers } = this.options
    refuseDisabled(this.kind.setting, context.instance)
    return context.database.transaction(async (tx) => {
      const user = await ofUsers().users.locked(userId, tx)
      const rows = this.rowsOf(user)
      if (rows.some(({ linkedTo }) => linkedTo.length > 0)) throw identificationErrors.linked(this.kind.noun)
      for (const { id } of rows) {
        await this.store.delete(id, tx)
        await verifications.deleteOf(id, tx)
      }
      const row = await this.addTo(userId, parsed, status, tx)
      return this.#finish({ before: user, row, created: true, input, changes: { [this.kind.primary]: row.id } }, tx)
    })
  }

  protected rowsOf(user: User): Row[] {
    return user[this.kind.list] as IdentificationRecord[] as Row[]
  }

  /** The row and its user, kept from other writers until the transaction ends. */
  async #locked(id: string, tx: Queries): Promise<{ user: User; row: Row }> {
    const { userId } = await this.get(id, tx)
    const user = await this.options.ofUsers().users.locked(userId, tx)
    return { user, row: await this.get(id, tx) }
  }

  /** @throws {ApiError} 400 `identification_claimed` */
  async #claim(row: Row, verification: VerificationColumns, tx: Queries): Promise<void> {
    const values = {
      claimed: true,
      reserved: false,
      ...verification,
      updatedAt: this.options.context.clock.now(),
    } as Partial<Row>
    if (!(await unlessTaken(tx, () => this.store.update(row.id, values, tx))))
      throw identificationErrors.claimed(this.kind.noun)
  }

  /** Settles what follows and tells of the user's change, unless there is none. @returns the row as it is now */
  async #finish(change: IdentificationChange<Row, Input>, tx: Queries): Promise<Row> {
    const { users } = this.options.ofUsers()
    const { before, row } = change
    const changes = { ...change.changes, ...(await this.settle(change, tx)) }
    const unchanged = Object.keys(changes).length === 0 && isDeepStrictEqual(before, await users.get(before.id, tx))
    const after = unchanged ? before : await users.change(before.id, changes, tx)
    return this.rowsOf(after).find(({ id }) => id === row?.id) as Row
  }
}
