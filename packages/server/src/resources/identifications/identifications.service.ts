import type { PhoneChannel } from '../../instances/settings/attributes.js'
import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import { TEST_CODE } from '../../lib/identifiers/index.js'
import type { CodePurpose, MessageOutbox, SentCode } from '../../outbox/messages/message-outbox.js'
import type { Tx } from '../../storage/tx.js'
import type { LockoutService } from '../lockout/lockout.service.js'
import type { CodeToNumber } from '../phone-numbers/phone-channels.rules.js'
import type { User } from '../user-records/user-records.rules.js'
import type { UserRecords } from '../user-records/user-records.service.js'
import type { UserChanges } from '../user-records/user-records.table.js'
import { refuseDisabled } from '../users/users.rules.js'
import { generateCode, unverified, verifiedByAdmin } from '../verifications/verifications.rules.js'
import type { Subject, VerificationService } from '../verifications/verifications.service.js'
import type { VerificationColumns, VerificationRecord } from '../verifications/verifications.table.js'
import { identificationErrors } from './identifications.errors.js'
import {
  columnsOf,
  hasOtherIdentifier,
  remainsUsable,
  requireRoom,
  type IdentificationRecord,
  type IdentificationStatus,
} from './identifications.rules.js'

/** The parameters that creating and updating share. Null means absent. */
export interface IdentificationInput {
  verified?: boolean | null | undefined
  primary?: boolean | null | undefined
}

/** The columns that rows of each kind have, beside the value itself. */
export interface NewIdentification extends VerificationColumns {
  id?: string
  userId: string
  claimed: boolean
  reserved: boolean
  linkedTo: { type: string; id: string }[]
}

/** Whose a new identification is. */
export interface NewIdentificationOwner {
  userId: string
  status: IdentificationStatus
  id?: string | undefined
  /** How it was verified. Default for a verified one is: by the application. */
  verification?: VerificationColumns | undefined
}

/** A change of one of the user's identifications, before the user is changed. */
export interface IdentificationChange<Row, Input> {
  /** As the user was before. */
  before: User
  /** The one that was added or changed; undefined if one was removed. */
  row?: Row
  input: Input
  /** To the user's row. */
  changes: UserChanges
}

/** The part of `Rows` that works on either table. */
interface IdentificationRows<Row> {
  get(id: string, tx?: Tx): Promise<Row>
  findBy(filter: { canonical: string; claimed: true }, tx: Tx): Promise<Row | undefined>
  update(id: string, changes: Partial<Omit<NewIdentification, 'id'>>, tx: Tx): Promise<Row | undefined>
  delete(id: string, tx: Tx): Promise<Row>
}

/** The differences between e-mail addresses and phone numbers. */
export interface IdentificationKind<Row extends IdentificationRecord, Parsed, Input extends IdentificationInput> {
  /** For people: `email address`. */
  noun: string
  /** The name of its parameter; also the `object` of its JSON. */
  param: 'email_address' | 'phone_number'
  /** The switch in the instance's settings. */
  setting: 'emailAddress' | 'phoneNumber'
  /** The field of a user's JSON that lists them. */
  list: 'email_addresses' | 'phone_numbers'
  primary: 'primaryEmailAddressId' | 'primaryPhoneNumberId'
  strategy: 'email_code' | 'phone_code'
  channel: 'email' | 'sms'
  rows: IdentificationRows<Row>
  rowsOf(user: User): Row[]
  canonicalOf(parsed: Parsed): string
  /** @returns undefined if somebody has verified or reserved it */
  insert(fields: NewIdentification, parsed: Parsed, tx: Tx): Promise<Row | undefined>
  /** How a code is sent, where there is more than one way. */
  channelTo?(row: Row, wish: Omit<CodeToNumber, 'number'>): PhoneChannel
  isTest(row: Row): boolean
  sendCode(row: Row, code: SentCode, tx: Tx, purpose: CodePurpose, channel?: PhoneChannel): Promise<void>
  /** Counts and refuses as `sendCode` does, and sends nothing. */
  pretendCode(row: Row, tx: Tx): Promise<void>
  /**
   * Handles the consequences of a change, apart from the row itself and the primary one. @returns changes to the user's
   * row
   */
  settle(change: IdentificationChange<Row, Input>, tx: Tx): Promise<UserChanges>
  /** What follows from a change once the user has it, if it is verified or reserved. */
  claimed?(row: Row, tx: Tx): Promise<void>
}

/** What a code is for. */
export interface CodeSubject extends Pick<Subject, 'kind' | 'id'> {
  /** Which the code is tried with. Default is that of verifying the identification. */
  strategy?: string
  /** Of a code to a phone number, if somebody chose. */
  channel?: PhoneChannel
}

interface IdentificationOptions {
  context: InstanceContext
  messages: Pick<MessageOutbox, 'reaches'>
  verifications: VerificationService
  userRecords: UserRecords
  lockout: LockoutService
}

/** The rules that e-mail addresses and phone numbers share: who may claim one, verifying it, which one is primary. */
export class IdentificationService {
  constructor(private readonly options: IdentificationOptions) {}

  /** @throws {ApiError} 422 `form_identifier_exists` if somebody has verified or reserved it */
  async insert<Row extends IdentificationRecord, Parsed, Input extends IdentificationInput>(
    kind: IdentificationKind<Row, Parsed, Input>,
    { userId, status, id, verification }: NewIdentificationOwner,
    parsed: Parsed,
    tx: Tx,
  ): Promise<Row> {
    // For claimed ones the unique index decides. One that is not claimed yet could never be, while another user has it.
    const taken =
      status === 'unverified' &&
      (await kind.rows.findBy({ canonical: kind.canonicalOf(parsed), claimed: true }, tx)) !== undefined
    const fields = { ...(id === undefined ? {} : { id }), userId, ...columnsOf(status), ...verification, linkedTo: [] }
    const row = taken ? undefined : await kind.insert(fields, parsed, tx)
    if (!row) throw errors.identifierExists(kind.param)
    return row
  }

  async add<Row extends IdentificationRecord, Parsed, Input extends IdentificationInput>(
    kind: IdentificationKind<Row, Parsed, Input>,
    userId: string,
    parsed: Parsed,
    input: Input,
    caller: Caller,
  ): Promise<Row> {
    const { context, userRecords } = this.options
    refuseDisabled(kind.setting, context.instance)
    return context.transaction(caller, async (tx) => {
      const user = await userRecords.locked(userId, tx)
      const rows = kind.rowsOf(user)
      const canonical = kind.canonicalOf(parsed)
      requireRoom(kind, rows, canonical)
      const first = rows.length === 0
      if (input.primary && !input.verified && !first) throw errors.verificationNeeded('primary')
      const row = await this.insert(kind, { userId, status: input.verified ? 'verified' : 'unverified' }, parsed, tx)
      const changes = (input.primary ?? first) ? { [kind.primary]: row.id } : {}
      return this.finish(kind, { before: user, row, input, changes }, tx)
    })
  }

  async change<Row extends IdentificationRecord, Parsed, Input extends IdentificationInput>(
    kind: IdentificationKind<Row, Parsed, Input>,
    id: string,
    input: Input,
    caller: Caller,
  ): Promise<Row> {
    return this.options.context.transaction(caller, (tx) => this.changeIn(kind, id, input, tx))
  }

  /** As `change`, in a transaction that is open. */
  async changeIn<Row extends IdentificationRecord, Parsed, Input extends IdentificationInput>(
    kind: IdentificationKind<Row, Parsed, Input>,
    id: string,
    input: Input,
    tx: Tx,
  ): Promise<Row> {
    const { user, row } = await this.locked(kind, id, tx)
    const wasVerified = row.verificationStatus === 'verified'
    if (input.verified === true && !wasVerified) await this.claim(kind, row, verifiedByAdmin, tx)
    if (input.verified === false && wasVerified) await kind.rows.update(id, { claimed: false, ...unverified }, tx)
    const changed = await kind.rows.get(id, tx)
    const changes: UserChanges = {}
    if (input.primary && user[kind.primary] !== id) {
      if (changed.verificationStatus !== 'verified') throw errors.verificationNeeded('primary')
      changes[kind.primary] = id
    }
    return this.finish(kind, { before: user, row: changed, input, changes }, tx)
  }

  /** Replaces all that the user has by one. */
  async replaceAll<Row extends IdentificationRecord, Parsed, Input extends IdentificationInput>(
    kind: IdentificationKind<Row, Parsed, Input>,
    { userId, status }: { userId: string; status: IdentificationStatus },
    parsed: Parsed,
    input: Input,
    caller: Caller,
  ): Promise<Row> {
    const { context, verifications, userRecords } = this.options
    refuseDisabled(kind.setting, context.instance)
    return context.transaction(caller, async (tx) => {
      const user = await userRecords.locked(userId, tx)
      const rows = kind.rowsOf(user)
      if (rows.some(({ linkedTo }) => linkedTo.length > 0)) throw identificationErrors.linked(kind.noun)
      for (const { id } of rows) {
        await kind.rows.delete(id, tx)
        await verifications.deleteOf(id, tx)
      }
      const row = await this.insert(kind, { userId, status }, parsed, tx)
      return this.finish(kind, { before: user, row, input, changes: { [kind.primary]: row.id } }, tx)
    })
  }

  async delete<Row extends IdentificationRecord, Parsed, Input extends IdentificationInput>(
    kind: IdentificationKind<Row, Parsed, Input>,
    id: string,
    input: Input,
    caller: Caller,
  ): Promise<Row> {
    return this.options.context.transaction(caller, (tx) => this.deleteIn(kind, id, input, tx))
  }

  /** As `delete`, in a transaction that is open. */
  async deleteIn<Row extends IdentificationRecord, Parsed, Input extends IdentificationInput>(
    kind: IdentificationKind<Row, Parsed, Input>,
    id: string,
    input: Input,
    tx: Tx,
  ): Promise<Row> {
    const { context, verifications } = this.options
    const { user, row } = await this.locked(kind, id, tx)
    if (row.linkedTo.length > 0) throw identificationErrors.linked(kind.noun)
    const others = kind.rowsOf(user).filter((other) => other.id !== id)
    const required = context.instance.settings.identifiers[kind.setting].required && !remainsUsable(others, row)
    if (required || !hasOtherIdentifier(user, row)) throw errors.lastIdentification()
    await kind.rows.delete(id, tx)
    await verifications.deleteOf(id, tx)
    const next = others.find(({ verificationStatus }) => verificationStatus === 'verified')
    const changes = user[kind.primary] === id ? { [kind.primary]: next?.id ?? null } : {}
    await this.finish(kind, { before: user, input, changes }, tx)
    return row
  }

  async prepareVerification<Row extends IdentificationRecord, Parsed, Input extends IdentificationInput>(
    kind: IdentificationKind<Row, Parsed, Input>,
    id: string,
    caller: Caller,
  ): Promise<VerificationRecord> {
    return this.options.context.transaction(caller, async (tx) => {
      const { row } = await this.locked(kind, id, tx)
      return this.sendCode(kind, row, { kind: 'identification', id }, tx)
    })
  }

  /**
   * Sends a code for any subject of verification. A test identity has a fixed code, and nothing is sent to it. Lock the
   * user first.
   *
   * @throws {ApiError} 422 `form_param_value_invalid` for a channel that people cannot choose, 429 `too_many_requests`
   */
  async sendCode<Row extends IdentificationRecord, Parsed, Input extends IdentificationInput>(
    kind: IdentificationKind<Row, Parsed, Input>,
    row: Row,
    { strategy = kind.strategy, channel: chosen, ...subject }: CodeSubject,
    tx: Tx,
  ): Promise<VerificationRecord> {
    const { context, verifications } = this.options
    const before = kind.channelTo && (await verifications.findNewest(subject.id, strategy, tx, row.id))
    const channel = kind.channelTo?.(row, { chosen, isFirst: before === undefined })
    const to = { userId: row.userId, identificationId: row.id, channel }
    const test = context.instance.settings.testMode && kind.isTest(row)
    const code = test ? TEST_CODE : generateCode(context.random)
    const sent = { code, verificationId: verifications.nextId() }
    const purpose = strategy.startsWith('reset_password_') ? 'reset_password' : 'verification'
    if (!test) await kind.sendCode(row, sent, tx, purpose, channel)
    return verifications.start({ ...subject, ...to }, strategy, sent, tx)
  }

  /** A right code also verifies the identification, if it is not verified yet; a wrong one counts towards the user's lockout. */
  async attemptVerification<Row extends IdentificationRecord, Parsed, Input extends IdentificationInput>(
    kind: IdentificationKind<Row, Parsed, Input>,
    id: string,
    { verificationId, code }: { verificationId: string; code: string },
    input: Input,
    caller: Caller,
  ): Promise<VerificationRecord> {
    const { context, verifications, lockout, messages } = this.options
    return context.transaction(caller, async (tx) => {
      const { user, row } = await this.locked(kind, id, tx)
      const { verification, wrong } = await verifications.attempt(id, verificationId, code, tx)
      if (wrong) await lockout.recordFailure(user.id, tx)
      if (verification.status !== 'verified') return verification
      await lockout.reset(user, tx)
      if (row.verificationStatus === 'verified') {
        await messages.reaches(kind.channel, row.canonical, tx)
        return verification
      }
      const { strategy, attempts, expireAt } = verification
      const verified: VerificationColumns = {
        verificationStatus: 'verified',
        verificationStrategy: strategy,
        verificationAttempts: attempts,
        verificationExpireAt: expireAt,
      }
      await this.claim(kind, row, verified, tx)
      const changes = user[kind.primary] === null ? { [kind.primary]: id } : {}
      await this.finish(kind, { before: user, row: await kind.rows.get(id, tx), input, changes }, tx)
      return verification
    })
  }

  /**
   * Verifies it by what proves it as a code does: a link that came by message.
   *
   * @throws {ApiError} 400 `identification_claimed` if another user has verified or reserved it
   */
  async verifyBy<Row extends IdentificationRecord, Parsed, Input extends IdentificationInput>(
    kind: IdentificationKind<Row, Parsed, Input>,
    id: string,
    verificationStrategy: string,
    input: Input,
    tx: Tx,
    shown: Partial<VerificationColumns> = {},
  ): Promise<Row> {
    const { user, row } = await this.locked(kind, id, tx)
    if (row.verificationStatus === 'verified') return row
    await this.claim(kind, row, { ...verifiedByAdmin, ...shown, verificationStrategy }, tx)
    const changes = user[kind.primary] === null ? { [kind.primary]: id } : {}
    return this.finish(kind, { before: user, row: await kind.rows.get(id, tx), input, changes }, tx)
  }

  /** The row and its user, locked against other writers until the transaction ends. */
  async locked<Row extends IdentificationRecord, Parsed, Input extends IdentificationInput>(
    { rows }: IdentificationKind<Row, Parsed, Input>,
    id: string,
    tx: Tx,
  ): Promise<{ user: User; row: Row }> {
    const { userId } = await rows.get(id, tx)
    const user = await this.options.userRecords.locked(userId, tx)
    return { user, row: await rows.get(id, tx) }
  }

  /** @throws {ApiError} 400 `identification_claimed` */
  async claim<Row extends IdentificationRecord, Parsed, Input extends IdentificationInput>(
    { rows, noun, channel }: IdentificationKind<Row, Parsed, Input>,
    row: Row,
    verification: VerificationColumns,
    tx: Tx,
  ): Promise<void> {
    const changed = await rows.update(row.id, { claimed: true, reserved: false, ...verification }, tx)
    if (!changed) throw identificationErrors.claimed(noun)
    await this.options.messages.reaches(channel, row.canonical, tx)
  }

  /** Handles the consequences, and changes the user if anything differs. @returns the row as it is now */
  async finish<Row extends IdentificationRecord, Parsed, Input extends IdentificationInput>(
    kind: IdentificationKind<Row, Parsed, Input>,
    change: IdentificationChange<Row, Input>,
    tx: Tx,
  ): Promise<Row> {
    const { before, row } = change
    const changes = { ...change.changes, ...(await kind.settle(change, tx)) }
    const after = await this.options.userRecords.changeIfDifferent(before, changes, tx, [kind.list])
    const now = kind.rowsOf(after).find(({ id }) => id === row?.id) as Row
    if (row && now.claimed) await kind.claimed?.(now, tx)
    return now
  }
}
