import { isDeepStrictEqual } from 'node:util'
import { hashBackupCodes, generateBackupCodes } from '../../factors/index.js'
import { errors } from '../../http/errors.js'
import { isTestPhoneNumber, phoneNumber as readPhoneNumber } from '../../identifiers/index.js'
import type { Queries } from '../../storage/database.js'
import { phoneNumbers, type PhoneNumberRecord, type UserRecord } from '../../storage/tables.js'
import { identificationErrors } from '../identifications/identification.errors.js'
import { hasOtherIdentifier, type IdentificationStatus } from '../identifications/identification.js'
import {
  IdentificationService,
  type IdentificationChange,
  type IdentificationInput,
  type IdentificationOptions,
} from '../identifications/identifications.service.js'
import { IdentificationRows, type IdentificationStore } from '../identifications/identifications.store.js'
import { hasSecondFactor, type User } from '../users/user.js'

export interface PhoneNumberInput extends IdentificationInput {
  reservedForSecondFactor?: boolean | null | undefined
}

/** New backup codes, to be shown once, and what is stored of them. */
interface BackupCodes {
  codes: string[]
  hashes: string[]
}

interface PhoneNumberChangeInput extends PhoneNumberInput {
  backupCodes?: BackupCodes | undefined
}

export interface ChangedPhoneNumber {
  phoneNumber: PhoneNumberRecord
  /** The user's new backup codes, when the number became the first second factor. */
  backupCodes: string[] | null
}

export class PhoneNumberService extends IdentificationService<PhoneNumberRecord, string, PhoneNumberChangeInput> {
  readonly store: IdentificationStore<PhoneNumberRecord> & {
    listOfUser(userId: string, queries: Queries): Promise<PhoneNumberRecord[]>
  }

  constructor(options: IdentificationOptions) {
    super(options, {
      noun: 'phone number',
      param: 'phone_number',
      setting: 'phoneNumber',
      list: 'phoneNumbers',
      primary: 'primaryPhoneNumberId',
      strategy: 'phone_code',
    })
    const { database, instanceId } = options.context
    this.store = new IdentificationRows(database.read, 'phone_numbers', phoneNumbers, instanceId)
  }

  /**
   * @returns the number in E.164 form
   * @throws {ApiError} 422 `form_param_format_invalid`
   */
  parse(input: string, param = 'phone_number'): string {
    const result = readPhoneNumber(input)
    if (!result.ok)
      throw errors.paramFormatInvalid(param, 'must be a valid phone number in E.164 format, such as +14155552671')
    return result.number
  }

  create(userId: string, parsed: string, input: PhoneNumberInput): Promise<ChangedPhoneNumber> {
    if (input.reservedForSecondFactor && !input.verified) throw identificationErrors.createSecondFactorUnverified()
    return this.#withBackupCodes(userId, input, (prepared) => this.add(userId, parsed, prepared))
  }

  async update(id: string, input: PhoneNumberInput): Promise<ChangedPhoneNumber> {
    const { userId } = await this.get(id)
    return this.#withBackupCodes(userId, input, (prepared) => this.change(id, prepared))
  }

  replace(userId: string, parsed: string, status: IdentificationStatus): Promise<PhoneNumberRecord> {
    return this.replaceAll(userId, parsed, status, {})
  }

  protected valuesOf(number: string) {
    return { phoneNumber: number, canonical: number, reservedForSecondFactor: false, defaultSecondFactor: false }
  }

  protected isTest({ phoneNumber }: PhoneNumberRecord): boolean {
    return isTestPhoneNumber(phoneNumber)
  }

  protected async sendCode(row: PhoneNumberRecord, code: string, tx: Queries): Promise<void> {
    await this.options.context.messages.smsCode(row, code, tx)
  }

  /** Keeps one default among the numbers reserved for second factor, and the user's multi-factor authentication as it follows from them. */
  protected async settle(
    { before, row, input }: IdentificationChange<PhoneNumberRecord, PhoneNumberChangeInput>,
    tx: Queries,
  ): Promise<Partial<UserRecord>> {
    if (row) await this.#reserve(row, input.reservedForSecondFactor ?? row.reservedForSecondFactor, tx)
    const rows = await this.#chooseDefault(before.id, tx)
    const had = hasSecondFactor(before)
    const has = hasSecondFactor({ totpSecret: before.totpSecret, phoneNumbers: rows })
    const now = this.options.context.clock.now()
    if (had && !has) return { mfaDisabledAt: now, backupCodes: null }
    if (had || !has) return {}
    const { backupCodes } = input
    return {
      mfaEnabledAt: now,
      ...(backupCodes && lacksBackupCodes(before) ? { backupCodes: backupCodes.hashes } : {}),
    }
  }

  async #reserve(row: PhoneNumberRecord, reserved: boolean, tx: Queries): Promise<void> {
    if (reserved && row.verificationStatus !== 'verified') throw identificationErrors.updateSecondFactorUnverified()
    if (reserved === row.reservedForSecondFactor) return
    const user = await this.options.ofUsers().users.get(row.userId, tx)
    if (reserved && !hasOtherIdentifier(user, row)) throw identificationErrors.lastAsSecondFactor()
    await this.store.update(
      row.id,
      { reservedForSecondFactor: reserved, updatedAt: this.options.context.clock.now() },
      tx,
    )
  }

  /** The oldest one, where no reserved number is the default. */
  async #chooseDefault(userId: string, tx: Queries): Promise<PhoneNumberRecord[]> {
    const rows = await this.store.listOfUser(userId, tx)
    const reserved = rows.filter(({ reservedForSecondFactor }) => reservedForSecondFactor)
    const chosen = reserved.find(({ defaultSecondFactor }) => defaultSecondFactor) ?? reserved[0]
    for (const { id, defaultSecondFactor } of rows) {
      if (defaultSecondFactor !== (id === chosen?.id))
        await this.store.update(id, { defaultSecondFactor: !defaultSecondFactor }, tx)
    }
    return rows
  }

  /** Hashing the codes takes its time, so they are made before the transaction opens; whether they are needed is decided in it. */
  async #withBackupCodes(
    userId: string,
    input: PhoneNumberInput,
    change: (input: PhoneNumberChangeInput) => Promise<PhoneNumberRecord>,
  ): Promise<ChangedPhoneNumber> {
    const { users } = this.options.ofUsers()
    const backupCodes = await this.#backupCodesFor(await users.get(userId), input)
    const phoneNumber = await change({ ...input, backupCodes })
    const stored = backupCodes && isDeepStrictEqual((await users.get(userId)).backupCodes, backupCodes.hashes)
    return { phoneNumber, backupCodes: stored ? backupCodes.codes : null }
  }

  async #backupCodesFor(user: User, { reservedForSecondFactor }: PhoneNumberInput): Promise<BackupCodes | undefined> {
    const { passwords: hasher, random, instance } = this.options.context
    if (
      !reservedForSecondFactor ||
      !instance.settings.backupCode.enabled ||
      !lacksBackupCodes(user) ||
      hasSecondFactor(user)
    )
      return undefined
    const codes = generateBackupCodes(random)
    return { codes, hashes: await hashBackupCodes(codes, { hasher, random }) }
  }
}

function lacksBackupCodes({ backupCodes }: User): boolean {
  return backupCodes === null || backupCodes.length === 0
}
