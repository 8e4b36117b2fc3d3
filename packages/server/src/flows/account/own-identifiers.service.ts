import type { InstanceContext } from '../../instances/instance-context.js'
import { attribute } from '../../instances/settings/attributes.js'
import type { CallerOf } from '../../kernel/caller.js'
import type { ApiError } from '../../kernel/errors/api-error.js'
import { errors } from '../../kernel/errors/errors.js'
import type { Page } from '../../kernel/page.js'
import type { AccessService } from '../../resources/access/access.service.js'
import type { EmailAddressInput, ParsedEmailAddress } from '../../resources/email-addresses/email-addresses.service.js'
import type { EmailAddressRecord } from '../../resources/email-addresses/email-addresses.table.js'
import type { LinkRequest } from '../../resources/email-links/email-links.service.js'
import { identificationErrors } from '../../resources/identifications/identifications.errors.js'
import {
  columnsOf,
  remainsUsable,
  requireRoom,
  type IdentificationRecord,
} from '../../resources/identifications/identifications.rules.js'
import type {
  IdentificationInput,
  IdentificationKind,
  IdentificationService,
} from '../../resources/identifications/identifications.service.js'
import type { LockoutService } from '../../resources/lockout/lockout.service.js'
import { isLocked, type User } from '../../resources/user-records/user-records.rules.js'
import type { StepUp } from '../../resources/session-reverifications/step-up.service.js'
import type { UserRecords } from '../../resources/user-records/user-records.service.js'
import { verificationErrors } from '../../resources/verifications/verifications.errors.js'
import type { CodeTrial, VerificationService } from '../../resources/verifications/verifications.service.js'
import type { VerificationColumns, VerificationRecord } from '../../resources/verifications/verifications.table.js'
import type { Tx } from '../../storage/tx.js'
import { signInErrors } from '../sign-in/sign-in.errors.js'
import { signUpFlowErrors } from '../sign-up/sign-up.errors.js'
import { accountErrors } from './account.errors.js'
import { hasFirstFactor, refuseImpersonated, withoutIdentification } from './account.rules.js'

type Person = CallerOf<'session'>

const LINK = 'email_link'

export type OwnEmailAddressService = OwnIdentifierService<EmailAddressRecord, ParsedEmailAddress, EmailAddressInput>

export interface OwnIdentifierOptions<Row extends IdentificationRecord, Parsed, Input extends IdentificationInput> {
  context: InstanceContext
  kind: IdentificationKind<Row, Parsed, Input>
  /** @throws {ApiError} 422 `form_param_format_invalid` */
  parse(text: string): Parsed
  identifications: IdentificationService
  userRecords: UserRecords
  verifications: VerificationService
  lockout: LockoutService
  access: AccessService
  stepUp: StepUp
  /** Where links verify them too. */
  links?: IdentifierLinks<Row>
}

/** Links that are sent instead of codes. */
export interface IdentifierLinks<Row> {
  /** @throws {ApiError} 422 for a page that links must not lead to */
  target(redirectUrl: string | null | undefined): Promise<string>
  /** @param pretend sends nothing, and looks the same */
  send(row: Row, link: LinkRequest, pretend: boolean, tx: Tx): Promise<VerificationRecord>
}

/** Adds, proves and removes the addresses, or the numbers, of the person who is signed in. Those of others do not exist. */
export class OwnIdentifierService<Row extends IdentificationRecord, Parsed, Input extends IdentificationInput> {
  constructor(private readonly options: OwnIdentifierOptions<Row, Parsed, Input>) {}

  async list({ userId }: Person): Promise<Page<Row>> {
    const data = this.options.kind.rowsOf(await this.options.userRecords.get(userId))
    return { data, totalCount: data.length }
  }

  /** @throws {ApiError} 404 `resource_not_found` */
  async get(id: string, { userId }: Person): Promise<Row> {
    const { noun, rows } = this.options.kind
    const row = await rows.get(id)
    if (row.userId !== userId) throw errors.resourceNotFound(noun, id)
    return row
  }

  /**
   * Adds one that is not proved yet. Under enumeration protection one that somebody else has looks like any other, but
   * cannot be proved.
   *
   * @param added is called with the new row in the transaction
   * @throws {ApiError} 403 `resource_forbidden`, `immutable_attribute_modification_not_allowed`, `not_allowed_access`,
   *   `quota_exceeded`; 422 `form_param_unknown`, `form_param_format_invalid`, `form_identifier_exists`
   */
  async add(text: string, caller: Person, added?: (row: Row, tx: Tx) => Promise<void>): Promise<Row> {
    const { context, kind, userRecords, access } = this.options
    const { settings } = context.instance
    await this.options.stepUp.require(caller)
    if (!attribute(settings, kind.param).enabled) throw errors.paramUnknown(kind.param)
    const parsed = this.options.parse(text)
    const canonical = kind.canonicalOf(parsed)
    return context.transaction(caller, async (tx) => {
      const user = await userRecords.locked(caller.userId, tx)
      const rows = kind.rowsOf(user)
      requireRoom(kind, rows, canonical)
      this.#requireMutable(rows.find(({ claimed }) => claimed))
      const identifier = { type: kind.param, identifier: text, canonical }
      await access.check({ act: 'add_identifier', by: 'person' }, [identifier], { userId: user.id, tx })
      const hides = settings.attackProtection.enumerationProtection
      if (!hides && (await kind.rows.findBy({ canonical, claimed: true }, tx)))
        throw errors.identifierExists(kind.param)
      const row = await kind.insert({ userId: user.id, ...columnsOf('unverified'), linkedTo: [] }, parsed, tx)
      if (!row) throw errors.identifierExists(kind.param)
      await added?.(row, tx)
      return this.#changed(user, row.id, tx)
    })
  }

  /**
   * Runs a change of one of the person's, with the person locked.
   *
   * @throws {ApiError} 403 `resource_forbidden`, 404 `resource_not_found`
   */
  async change(
    id: string,
    caller: Person,
    body: (owned: { user: User; row: Row }, tx: Tx) => Promise<Row>,
  ): Promise<Row> {
    const { context, kind, identifications } = this.options
    refuseImpersonated(caller)
    await this.get(id, caller)
    return context.transaction(caller, async (tx) => body(await identifications.locked(kind, id, tx), tx))
  }

  /**
   * @throws {ApiError} as `change`; 400 `delete_linked_identification_disallowed`,
   *   `last_required_identification_deletion_failed`, `identification_deletion_failed` for the last way to sign in
   */
  async delete(id: string, input: Input, caller: Person): Promise<Row> {
    const { context, kind, identifications } = this.options
    await this.options.stepUp.require(caller)
    return this.change(id, caller, async ({ user, row }, tx) => {
      const { settings } = context.instance
      if (row.claimed) this.#requireMutable(row)
      else await this.#requireRested(row, tx)
      const others = kind.rowsOf(user).filter((other) => other.id !== id)
      const deleted = await identifications.deleteIn(kind, id, input, tx)
      if (attribute(settings, kind.param).required && !remainsUsable(others, row)) throw errors.lastIdentification()
      const stranded = hasFirstFactor(user, settings) && !hasFirstFactor(withoutIdentification(user, id), settings)
      if (stranded) throw accountErrors.lastFirstFactor()
      return deleted
    })
  }

  /** Who removes an address and adds it again must not be able to send code after code to it. */
  async #requireRested({ id }: Row, tx: Tx): Promise<void> {
    const { kind, verifications } = this.options
    for (const strategy of [kind.strategy, LINK]) {
      verifications.onItsWay(await verifications.findNewest(id, strategy, tx))
    }
  }

  /**
   * Sends a code or a link, half a minute after the one before at the earliest; that one is no longer accepted. Asked
   * earlier, the browser that waits for a link is answered as the first time.
   *
   * @param redirectUrl where the browser goes on that opens the link
   * @throws {ApiError} as `change`; 400 `verification_strategy_invalid`, `verification_already_verified`,
   *   `identification_claimed`; 422 for an invalid `redirect_url`; 429 `verification_code_too_many_requests`
   */
  async prepare(id: string, strategy: string, caller: Person, redirectUrl?: string | null): Promise<Row> {
    const { context, kind, verifications, links } = this.options
    const { verifications: offered } = attribute(context.instance.settings, kind.param)
    const isLink = strategy === LINK && links !== undefined && offered.includes(LINK)
    const link = isLink ? { redirectUrl: await links.target(redirectUrl), clientId: caller.clientId } : undefined
    return this.change(id, caller, async ({ user, row }, tx) => {
      if (!link && (strategy !== kind.strategy || !offered.includes(strategy))) {
        throw signUpFlowErrors.strategyInvalid(
          strategy,
          `does not verify ${kind.noun === 'email address' ? 'an' : 'a'} ${kind.noun} here`,
        )
      }
      if (row.verificationStatus === 'verified') throw verificationErrors.alreadyVerified()
      const { clientId } = caller
      const onItsWay = verifications.onItsWay(await verifications.findNewest(id, strategy, tx), { clientId })
      return this.#show(user, row, onItsWay ?? (await this.#send(row, link, tx)), tx)
    })
  }

  /**
   * Tries the code that was sent last. A wrong one is counted, for the verification and towards the user's lockout.
   *
   * @throws {ApiError} as `change`; 422 `form_code_incorrect`; 400 `verification_…`, `identification_claimed`; 403
   *   `user_locked`
   */
  async attempt(id: string, code: string, input: Input, caller: Person): Promise<Row> {
    const { context, kind, verifications, lockout } = this.options
    let refusal: ApiError | undefined
    const tried = await this.change(id, caller, async ({ user, row }, tx) => {
      // The transaction may run again, after a deadlock.
      refusal = undefined
      const now = context.clock.now()
      if (isLocked(user, now)) throw signInErrors.locked(secondsUntil(user.lockoutExpiresAt, now))
      if (row.verificationStatus === 'verified') throw verificationErrors.alreadyVerified()
      const newest = await verifications.findNewest(id, kind.strategy, tx)
      if (!newest) throw signUpFlowErrors.verificationMissing(kind.strategy)
      const { result, verification } = await verifications.tryCode(newest, code, tx)
      if (result === 'verified') return this.#verified(user, row, { verification, input }, tx)
      refusal = refusals[result]()
      if (result === 'wrong') await lockout.recordFailure(user.id, tx)
      return this.#show(user, row, verification, tx)
    })
    // Thrown only now, so that the failure is stored.
    if (refusal) throw refusal
    return tried
  }

  async #verified(
    user: User,
    row: Row,
    { verification, input }: { verification: VerificationRecord; input: Input },
    tx: Tx,
  ): Promise<Row> {
    const { kind, identifications } = this.options
    await identifications.claim(kind, row, shownAs(verification), tx)
    const changes = user[kind.primary] === null ? { [kind.primary]: row.id } : {}
    const proved = await kind.rows.get(row.id, tx)
    return identifications.finish(kind, { before: user, row: proved, input, changes }, tx)
  }

  async #send(row: Row, link: LinkRequest | undefined, tx: Tx): Promise<VerificationRecord> {
    const { context, kind, identifications, verifications, links } = this.options
    const { instance, random } = context
    const owner = await kind.rows.findBy({ canonical: row.canonical, claimed: true }, tx)
    const subject = { kind: 'identification' as const, id: row.id }
    const isFree = !owner || owner.id === row.id
    if (!isFree && !instance.settings.attackProtection.enumerationProtection) {
      throw identificationErrors.claimed(kind.noun)
    }
    if (link) return links!.send(row, link, !isFree, tx)
    if (isFree) return identifications.sendCode(kind, row, subject, tx)
    // Nothing is sent, and no six digits equal it.
    await kind.pretendCode(row, tx)
    const impossible = {
      code: Buffer.from(random.bytes(32)).toString('hex'),
      verificationId: verifications.nextId(),
    }
    const to = { userId: row.userId, identificationId: row.id }
    return verifications.start({ ...subject, ...to }, kind.strategy, impossible, tx)
  }

  /** Writes the state of the verification into the row. */
  async #show(user: User, row: Row, verification: VerificationRecord, tx: Tx): Promise<Row> {
    await this.options.kind.rows.update(row.id, shownAs(verification), tx)
    return this.#changed(user, row.id, tx)
  }

  async #changed(before: User, id: string, tx: Tx): Promise<Row> {
    const { kind, userRecords } = this.options
    const after = await userRecords.changeIfDifferent(before, {}, tx, [kind.list])
    return kind.rowsOf(after).find((row) => row.id === id)!
  }

  #requireMutable(row: Row | undefined): void {
    const { context, kind } = this.options
    const { immutable } = attribute(context.instance.settings, kind.param)
    if (row && immutable) throw accountErrors.immutable(kind.param)
  }
}

const refusals: Record<Exclude<CodeTrial['result'], 'verified'>, () => ApiError> = {
  wrong: signUpFlowErrors.codeIncorrect,
  failed: signUpFlowErrors.verificationFailed,
  expired: signUpFlowErrors.verificationExpired,
  already_verified: verificationErrors.alreadyVerified,
}

function shownAs({ status, strategy, attempts, expireAt }: VerificationRecord): VerificationColumns {
  return {
    verificationStatus: status,
    verificationStrategy: strategy,
    verificationAttempts: attempts,
    verificationExpireAt: expireAt,
  }
}

function secondsUntil(time: number | null, now: number): number | null {
  return time === null ? null : Math.ceil((time - now) / 1000)
}
