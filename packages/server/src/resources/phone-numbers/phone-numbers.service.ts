import { isDeepStrictEqual } from 'node:util'
import type { InstanceContext } from '../../instances/instance-context.js'
import { attribute } from '../../instances/settings/attributes.js'
import type { Caller } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import { generateBackupCodes, hashBackupCodes } from '../../lib/backup-codes/backup-codes.js'
import { isTestPhoneNumber, phoneNumber as readPhoneNumber } from '../../lib/identifiers/index.js'
import type { MessageOutbox } from '../../outbox/messages/message-outbox.js'
import type { Tx } from '../../storage/tx.js'
import { identificationErrors } from '../identifications/identifications.errors.js'
import { hasOtherIdentifier, type IdentificationStatus } from '../identifications/identifications.rules.js'
import type {
  CodeSubject,
  IdentificationChange,
  IdentificationInput,
  IdentificationKind,
  IdentificationService,
  NewIdentificationOwner,
} from '../identifications/identifications.service.js'
import { contactOf } from '../user-records/contact.rules.js'
import { hasSecondFactor, type User } from '../user-records/user-records.rules.js'
import type { UserRecords } from '../user-records/user-records.service.js'
import type { UserChanges } from '../user-records/user-records.table.js'
import type { VerificationRecord } from '../verifications/verifications.table.js'
import { isSecondFactor } from './phone-numbers.rules.js'
import { PhoneNumberStore } from './phone-numbers.store.js'
import { channelTo } from './phone-channels.rules.js'
import type { PhoneNumberRecord } from './phone-numbers.table.js'
import type { ShownPhoneNumber } from './phone-numbers.wire.js'

export interface PhoneNumberInput extends IdentificationInput {
  reservedForSecondFactor?: boolean | null | undefined
  /** The second factor that is offered first. */
  defaultSecondFactor?: boolean | null | undefined
}

/** New backup codes, to be shown once, and their stored form. */
interface BackupCodes {
  codes: string[]
  hashes: string[]
}

export interface PhoneNumberChangeInput extends PhoneNumberInput {
  backupCodes?: BackupCodes | undefined
  /** Refuses what would leave the user without a second factor. */
  mustKeepSecondFactor?: boolean | undefined
}

interface PhoneNumberOptions {
  context: InstanceContext
  identifications: IdentificationService
  userRecords: UserRecords
  messages: MessageOutbox
}

export class PhoneNumberService {
  readonly #store: PhoneNumberStore
  readonly kind: IdentificationKind<PhoneNumberRecord, string, PhoneNumberChangeInput>
  readonly get: PhoneNumberStore['get']
  readonly find: PhoneNumberStore['find']

  constructor(private readonly options: PhoneNumberOptions) {
    const store = new PhoneNumberStore(options.context)
    this.#store = store
    this.get = (id, tx) => store.get(id, tx)
    this.find = (id, tx) => store.find(id, tx)
    this.kind = {
      noun: 'phone number',
      param: 'phone_number',
      setting: 'phoneNumber',
      list: 'phone_numbers',
      primary: 'primaryPhoneNumberId',
      strategy: 'phone_code',
      channel: 'sms',
      rows: store,
      rowsOf: (user) => user.phoneNumbers,
      canonicalOf: (number) => number,
      insert: (fields, number, tx) =>
        store.create(
          {
            ...fields,
            phoneNumber: number,
            canonical: number,
            reservedForSecondFactor: false,
            defaultSecondFactor: false,
          },
          tx,
        ),
      channelTo: ({ phoneNumber }, wish) =>
        channelTo({ number: phoneNumber, ...wish }, options.context.instance.settings),
      isTest: ({ phoneNumber }) => isTestPhoneNumber(phoneNumber),
      sendCode: ({ id, phoneNumber, userId }, code, tx, purpose, phoneChannel = 'sms') =>
        options.messages.smsCode(
          { address: phoneNumber, identificationId: id, userId, phoneChannel },
          code,
          tx,
          purpose,
        ),
      pretendCode: ({ phoneNumber }, tx) => options.messages.pretend('sms', phoneNumber, tx),
      settle: (change, tx) => this.#settle(change, tx),
    }
  }

  /**
   * @returns the number in E.164 form
   * @throws {ApiError} 422 `form_param_format_invalid`
   */
  parse(input: string, param = 'phone_number'): string {
    const result = readPhoneNumber(input)
    if (!result.ok) {
      throw errors.paramFormatInvalid(param, 'must be a valid phone number in E.164 format, such as +14155552671')
    }
    return result.number
  }

  /** The one by whose user the number is taken. */
  findClaimed(number: string, tx?: Tx): Promise<PhoneNumberRecord | undefined> {
    return this.#store.findBy({ canonical: number, claimed: true }, tx)
  }

  /** Whether it is a number for tests, and the instance takes these. */
  isTest(number: string): boolean {
    return this.options.context.instance.settings.testMode && isTestPhoneNumber(number)
  }

  /** Gives a new user a number. @throws {ApiError} 422 `form_identifier_exists` if somebody has verified or reserved it */
  insert(where: NewIdentificationOwner, number: string, tx: Tx): Promise<PhoneNumberRecord> {
    return this.options.identifications.insert(this.kind, where, number, tx)
  }

  async create(userId: string, number: string, input: PhoneNumberInput, caller: Caller): Promise<ShownPhoneNumber> {
    const parsed = this.parse(number)
    if (input.reservedForSecondFactor && !input.verified) throw identificationErrors.createSecondFactorUnverified()
    return this.withBackupCodes(userId, input, caller, (prepared) =>
      this.options.identifications.add(this.kind, userId, parsed, prepared, caller),
    )
  }

  async update(id: string, input: PhoneNumberInput, caller: Caller): Promise<ShownPhoneNumber> {
    const { userId } = await this.get(id)
    return this.withBackupCodes(userId, input, caller, (prepared) =>
      this.options.identifications.change(this.kind, id, prepared, caller),
    )
  }

  /** Replaces all of the user's numbers by one. */
  replace(
    where: { userId: string; status: IdentificationStatus },
    number: string,
    caller: Caller,
  ): Promise<PhoneNumberRecord> {
    return this.options.identifications.replaceAll(this.kind, where, this.parse(number), {}, caller)
  }

  delete(id: string, caller: Caller): Promise<PhoneNumberRecord> {
    return this.options.identifications.delete(this.kind, id, {}, caller)
  }

  prepareVerification(id: string, caller: Caller): Promise<VerificationRecord> {
    return this.options.identifications.prepareVerification(this.kind, id, caller)
  }

  /**
   * Sends a code for any subject of verification. Lock the user first.
   *
   * @throws {ApiError} 422 `form_param_value_invalid` for a channel that people cannot choose; 429 as codes do
   */
  sendCode(number: PhoneNumberRecord, subject: CodeSubject, tx: Tx): Promise<VerificationRecord> {
    return this.options.identifications.sendCode(this.kind, number, subject, tx)
  }

  attemptVerification(
    id: string,
    attempt: { verificationId: string; code: string },
    caller: Caller,
  ): Promise<VerificationRecord> {
    return this.options.identifications.attemptVerification(this.kind, id, attempt, {}, caller)
  }

  /** Stops using the user's phone numbers as second factors. */
  async releaseSecondFactors(userId: string, tx: Tx): Promise<void> {
    await this.#store.releaseSecondFactors(userId, this.options.context.clock.now(), tx)
  }

  /** A restored user's number serves as second factor from the start. */
  async restoreSecondFactor(id: string, isDefault: boolean, tx: Tx): Promise<void> {
    await this.#store.update(id, { reservedForSecondFactor: true, defaultSecondFactor: isDefault }, tx)
  }

  /**
   * Keeps one default among the numbers reserved for second factor, and updates the user's multi-factor authentication
   * to match.
   */
  async #settle(
    { before, row, input }: IdentificationChange<PhoneNumberRecord, PhoneNumberChangeInput>,
    tx: Tx,
  ): Promise<UserChanges> {
    if (row) await this.#reserve(row, input.reservedForSecondFactor ?? row.reservedForSecondFactor, tx)
    const rows = await this.#chooseDefault(before.id, row && input.defaultSecondFactor ? row.id : undefined, tx)
    const had = hasSecondFactor(before)
    const has = hasSecondFactor({ totpSecret: before.totpSecret, phoneNumbers: rows })
    const now = this.options.context.clock.now()
    if (had && !has && input.mustKeepSecondFactor) throw identificationErrors.lastSecondFactor()
    if (had && !has) return { mfaDisabledAt: now, backupCodes: null }
    if (had || !has) return {}
    const to = contactOf(before)
    if (to) await this.options.messages.secondFactorEnabled(to, tx)
    const { backupCodes } = input
    return {
      mfaEnabledAt: now,
      ...(backupCodes && lacksBackupCodes(before) ? { backupCodes: backupCodes.hashes } : {}),
    }
  }

  async #reserve(row: PhoneNumberRecord, reserved: boolean, tx: Tx): Promise<void> {
    if (reserved && row.verificationStatus !== 'verified') throw identificationErrors.updateSecondFactorUnverified()
    if (reserved === row.reservedForSecondFactor) return
    const user = await this.options.userRecords.get(row.userId, tx)
    if (reserved && !hasOtherIdentifier(user, row)) throw identificationErrors.lastAsSecondFactor()
    await this.#store.update(row.id, { reservedForSecondFactor: reserved }, tx)
  }

  /**
   * The oldest one, if no reserved number is the default.
   *
   * @param wanted the id of the one that becomes the default, if it is reserved
   */
  async #chooseDefault(userId: string, wanted: string | undefined, tx: Tx): Promise<PhoneNumberRecord[]> {
    const rows = await this.#store.list({ userId }, tx)
    const reserved = rows.filter(isSecondFactor)
    const chosen =
      reserved.find(({ id }) => id === wanted) ??
      reserved.find(({ defaultSecondFactor }) => defaultSecondFactor) ??
      reserved[0]
    for (const { id, defaultSecondFactor } of rows) {
      const isDefault = id === chosen?.id
      if (defaultSecondFactor !== isDefault) await this.#store.setDefaultSecondFactor(id, isDefault, tx)
    }
    return rows
  }

  /**
   * Hashing the codes takes time, so they are made before the transaction opens; the transaction decides whether they
   * are needed.
   *
   * @param change of one of the user's numbers, which stores the codes that it is given
   */
  async withBackupCodes(
    userId: string,
    input: PhoneNumberInput,
    { signal }: Pick<Caller, 'signal'>,
    change: (input: PhoneNumberChangeInput) => Promise<PhoneNumberRecord>,
  ): Promise<ShownPhoneNumber> {
    const { userRecords } = this.options
    const backupCodes = await this.#backupCodesFor(await userRecords.get(userId), input, signal)
    const phoneNumber = await change({ ...input, backupCodes })
    const stored = backupCodes && isDeepStrictEqual((await userRecords.get(userId)).backupCodes, backupCodes.hashes)
    return { ...phoneNumber, backupCodes: stored ? backupCodes.codes : null }
  }

  async #backupCodesFor(
    user: User,
    { reservedForSecondFactor }: PhoneNumberInput,
    signal: Caller['signal'],
  ): Promise<BackupCodes | undefined> {
    const { passwords: hasher, random, instance } = this.options.context
    const wanted = reservedForSecondFactor && attribute(instance.settings, 'backup_code').enabled
    if (!wanted || !lacksBackupCodes(user) || hasSecondFactor(user)) return undefined
    const codes = generateBackupCodes(random)
    return { codes, hashes: await hashBackupCodes(codes, { hasher, random, signal: signal?.() }) }
  }
}

function lacksBackupCodes({ backupCodes }: User): boolean {
  return backupCodes === null || backupCodes.length === 0
}
