import type { InstanceContext } from '../../instances/instance-context.js'
import type { PhoneChannel } from '../../instances/settings/attributes.js'
import { errors } from '../../kernel/errors/errors.js'
import { safeEqual } from '../../lib/secrets/safe-equal.js'
import { CODE_LIFETIME } from '../../outbox/messages/code-lifetime.js'
import type { MessageOutbox, SentCode } from '../../outbox/messages/message-outbox.js'
import type { Tx } from '../../storage/tx.js'
import { verificationErrors } from './verifications.errors.js'
import { VerificationStore } from './verifications.store.js'
import type { VerificationRecord, VerificationSubject } from './verifications.table.js'

/** Wrong codes until a verification fails. */
const MAX_ATTEMPTS = 5

/** Milliseconds until the same code or link is sent again. */
const RESEND_AFTER = 30_000

/** What is to be proved, and by whom. */
export interface Subject {
  kind: VerificationSubject
  id: string
  /** Null while it is not known who proves it. */
  userId: string | null
  /** Where the code is sent. */
  identificationId: string | null
  /** How the code is sent, if it goes to a phone number. */
  channel?: PhoneChannel | undefined
}

/** The outcome of trying a code. Unless it is `verified` or `wrong`, the verification had already ended. */
export interface CodeTrial {
  verification: VerificationRecord
  result: 'verified' | 'wrong' | 'already_verified' | 'failed' | 'expired'
}

/** Creates one-time codes for any subject, stores their digests, and accepts each code once. */
export class VerificationService {
  readonly #context: InstanceContext
  readonly #store: VerificationStore

  constructor(
    context: InstanceContext,
    private readonly messages: Pick<MessageOutbox, 'spent'>,
  ) {
    this.#context = context
    this.#store = new VerificationStore(context)
  }

  /** The id of a verification that is about to start, for the message with its code. */
  nextId(): string {
    return this.#context.ids.next('ver')
  }

  /** Replaces what was started before for the subject with this strategy. */
  async start(
    subject: Subject,
    strategy: string,
    { code, verificationId: id }: SentCode,
    tx: Tx,
  ): Promise<VerificationRecord> {
    await this.#replace(subject, strategy, tx)
    const fields = { id, strategy, codeHash: this.#digests(id, code)[0], status: 'unverified' as const, attempts: 0 }
    return this.#create(subject, fields, tx)
  }

  /** A link that proves something when it is opened; its token is made from the record. Replaces earlier ones. */
  async startLink(
    subject: Subject,
    link: Pick<VerificationRecord, 'redirectUrl' | 'startedAtClient'>,
    tx: Tx,
  ): Promise<VerificationRecord> {
    await this.#replace(subject, 'email_link', tx)
    const fields = { strategy: 'email_link', codeHash: null, status: 'unverified' as const, attempts: 0 }
    const { userAgent, ipAddress } = tx.caller
    return this.#create(subject, { ...fields, ...link, startedUserAgent: userAgent, startedIpAddress: ipAddress }, tx)
  }

  /** A challenge that a passkey signs. @param nonce the options for the browser, with the challenge */
  startChallenge(subject: Subject, nonce: string, tx: Tx): Promise<VerificationRecord> {
    const fields = { strategy: 'passkey', codeHash: null, status: 'unverified' as const, attempts: 0, nonce }
    return this.#create(subject, fields, tx)
  }

  /** Spends a link, once. @returns undefined if it was spent before, or has expired */
  async spendLink(id: string, verifiedAtClient: string, tx: Tx): Promise<VerificationRecord | undefined> {
    const spent = await this.#store.spend(id, this.#context.clock.now(), tx)
    if (!spent) return undefined
    await this.messages.spent([id], tx)
    return this.#store.update(id, { verifiedAtClient }, tx)
  }

  /** Records a proof that needed no sent code, such as a password. */
  record(subject: Subject, strategy: string, tx: Tx): Promise<VerificationRecord> {
    return this.#create(subject, { strategy, codeHash: null, status: 'verified', attempts: 1 }, tx)
  }

  find(id: string, tx?: Tx): Promise<VerificationRecord | undefined> {
    return this.#store.find(id, tx)
  }

  /**
   * The one that was started last; the codes of earlier ones count as replaced.
   *
   * @param identificationId only those that were sent there
   */
  findNewest(
    subjectId: string,
    strategy: string,
    tx?: Tx,
    identificationId?: string,
  ): Promise<VerificationRecord | undefined> {
    return this.#store.findNewest(subjectId, strategy, tx, identificationId)
  }

  /**
   * Checks a code; the status of the verification tells the result. `wrong` is set if a wrong code was counted.
   *
   * @throws {ApiError} 404 `resource_not_found`, 400 `verification_already_verified`
   */
  async attempt(
    subjectId: string,
    id: string,
    code: string,
    tx: Tx,
  ): Promise<{ verification: VerificationRecord; wrong: boolean }> {
    const found = await this.#store.find(id, tx)
    if (found?.subjectId !== subjectId || found.codeHash === null) throw errors.resourceNotFound('verification', id)
    const { verification, result } = await this.tryCode(found, code, tx)
    if (result === 'already_verified') throw verificationErrors.alreadyVerified()
    return { verification, wrong: result === 'wrong' }
  }

  /** Spends the code if it is right, and counts it if it is wrong. No code is kept that is of no use any more. */
  async tryCode({ id, codeHash }: VerificationRecord, code: string, tx: Tx): Promise<CodeTrial> {
    const right = codeHash !== null && this.#digests(id, code).some((digest) => safeEqual(codeHash, digest))
    const trial = await this.settle(id, right, tx)
    if (trial.result === 'verified' || trial.verification.status === 'failed') await this.messages.spent([id], tx)
    return trial
  }

  /** Spends what was sent or asked for if it was rightly proved, and counts the try otherwise. */
  async settle(id: string, right: boolean, tx: Tx): Promise<CodeTrial> {
    const now = this.#context.clock.now()
    const tried = right
      ? await this.#store.spend(id, now, tx)
      : await this.#store.countFailure(id, MAX_ATTEMPTS, now, tx)
    if (!tried) return this.#ended(id, tx)
    return { verification: tried, result: right ? 'verified' : 'wrong' }
  }

  /**
   * What has to be said before something is sent again: half a minute has to pass. That is no limit but how pages
   * work, and holds in development and with a testing token too. Who does not get a code in one way may ask for another at
   * once. A page that waits for a link asks for it each time it is shown, and stops waiting if it is
   * refused: the browser that has asked keeps the link that is on its way.
   *
   * @param sent what was sent last, in the same way
   * @param clientId the browser that asks
   * @param isRepeatable whether a code that is on its way is the answer as well: components ask for a second factor's each
   *   time they are shown
   * @returns the link or code that is on its way; undefined if something may be sent
   * @throws {ApiError} 429 `verification_code_too_many_requests`
   */
  onItsWay(
    sent: VerificationRecord | undefined,
    {
      channel,
      clientId,
      isRepeatable = false,
    }: { channel?: PhoneChannel | undefined; clientId?: string | undefined; isRepeatable?: boolean | undefined } = {},
  ): VerificationRecord | undefined {
    const wait = sent ? sent.createdAt + RESEND_AFTER - this.#context.clock.now() : 0
    if (!sent || wait <= 0 || (channel !== undefined && sent.channel !== channel)) return undefined
    const isGoodAgain = sent.strategy === 'email_link' ? sent.startedAtClient === clientId : isRepeatable
    if (isGoodAgain && sent.status === 'unverified') return sent
    throw verificationErrors.tooManyCodes(Math.ceil(wait / 1000))
  }

  async deleteOf(subjectId: string, tx: Tx): Promise<void> {
    await this.#store.deleteOf(subjectId, tx)
  }

  async #replace({ id }: Subject, strategy: string, tx: Tx): Promise<void> {
    const replaced = await this.#store.replace(id, strategy, this.#context.clock.now(), tx)
    await this.messages.spent(replaced, tx)
  }

  async #create(
    { kind, id, userId, identificationId, channel }: Subject,
    fields: Pick<VerificationRecord, 'strategy' | 'codeHash' | 'status' | 'attempts'> &
      Partial<
        Pick<VerificationRecord, 'redirectUrl' | 'startedAtClient' | 'startedUserAgent' | 'startedIpAddress' | 'nonce'>
      > & { id?: string },
    tx: Tx,
  ): Promise<VerificationRecord> {
    const expireAt = this.#context.clock.now() + CODE_LIFETIME
    const subject = { subjectKind: kind, subjectId: id, userId, identificationId, channel: channel ?? null }
    return (await this.#store.create({ ...fields, ...subject, expireAt }, tx))!
  }

  /** Why a verification no longer accepts a code. */
  async #ended(id: string, tx: Tx): Promise<CodeTrial> {
    const verification = await this.#store.get(id, tx)
    if (verification.status === 'verified') return { verification, result: 'already_verified' }
    if (verification.status !== 'unverified') return { verification, result: verification.status }
    return { verification: (await this.#store.update(id, { status: 'expired' }, tx))!, result: 'expired' }
  }

  /**
   * All million codes can be tried at once against a plain hash; this digest needs a key that is not in the database. The
   * first one is that of new codes.
   */
  #digests(id: string, code: string): readonly [string, ...string[]] {
    return this.#context.vault.digests('verification code', `${id} ${code}`)
  }
}
