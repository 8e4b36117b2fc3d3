import type { InstanceContext } from '../../instances/instance-context.js'
import { frontendApiUrlOf } from '../../instances/instance.js'
import { errors } from '../../kernel/errors/errors.js'
import type { MessageOutbox, Recipient } from '../../outbox/messages/message-outbox.js'
import type { Tx } from '../../storage/tx.js'
import { recipientOf } from '../email-addresses/email-addresses.rules.js'
import type { EmailAddressRecord } from '../email-addresses/email-addresses.table.js'
import type { OriginService } from '../origins/origins.service.js'
import { linkToken, readLinkToken } from '../verifications/link-tokens.rules.js'
import type { Subject, VerificationService } from '../verifications/verifications.service.js'
import type { VerificationRecord } from '../verifications/verifications.table.js'
import { emailLinkErrors } from './email-links.errors.js'

interface EmailLinkOptions {
  context: InstanceContext
  verifications: VerificationService
  messages: MessageOutbox
  origins: OriginService
}

/** Who asks for a link, and where the browser that opens it goes on. */
export interface LinkRequest {
  /** Checked by `target`. */
  redirectUrl: string
  clientId: string
}

/**
 * Whom a link goes to, or, for somebody who must not notice that nothing is sent, what they typed: null where that is no
 * address.
 */
export type LinkAddressee = Recipient | { decoy: string | null }

/** Links in mail that prove an address as a code does. */
export class EmailLinkService {
  /** The first one signs. */
  readonly #keys: readonly [string, ...string[]]

  constructor(private readonly options: EmailLinkOptions) {
    this.#keys = options.context.vault.digests('email link key', options.context.instanceId)
  }

  /**
   * Call it before the transaction.
   *
   * @throws {ApiError} 422 `form_param_missing`, `invalid_redirect_url`, `redirect_url_not_associated_with_instance`
   */
  async target(redirectUrl: string | null | undefined): Promise<string> {
    if (!redirectUrl) throw errors.conditionalParamMissing('redirect_url', 'strategy "email_link"')
    return this.options.origins.requireLinkTarget(redirectUrl)
  }

  /** @throws {ApiError} 429 `too_many_requests` */
  async send(
    subject: Subject,
    addressee: LinkAddressee,
    { redirectUrl, clientId }: LinkRequest,
    tx: Tx,
  ): Promise<VerificationRecord> {
    const { context, verifications, messages } = this.options
    const verification = await verifications.startLink(subject, { redirectUrl, startedAtClient: clientId }, tx)
    if ('decoy' in addressee) {
      if (addressee.decoy !== null) await messages.pretend('email', addressee.decoy, tx)
      return verification
    }
    const base = frontendApiUrlOf(context.instance, context.publicUrl(), tx.caller)
    const url = `${base}/v1/verify?token=${linkToken(verification, this.#keys[0])}`
    const purpose = {
      sign_in: 'sign_in',
      sign_up: 'sign_up',
      identification: 'user_profile',
      session: 'sign_in',
      organization_domain: 'user_profile',
    } as const
    await messages.emailLink(addressee, { purpose: purpose[subject.kind], url, verificationId: verification.id }, tx)
    return verification
  }

  /** To verify an address that somebody has put into their profile. Lock the user first. */
  sendToOwner(
    address: EmailAddressRecord,
    link: LinkRequest,
    tx: Tx,
    { pretend = false }: { pretend?: boolean } = {},
  ): Promise<VerificationRecord> {
    const { id, userId } = address
    const subject = { kind: 'identification' as const, id, userId, identificationId: id }
    return this.send(subject, pretend ? { decoy: address.emailAddress } : recipientOf(address), link, tx)
  }

  /**
   * What a link was sent for. Nothing is spent yet.
   *
   * @throws {ApiError} 400 `verification_link_token_invalid`, `…_stale` once it is gone, `…_source_invalid`, `…_expired`
   */
  async read(token: string): Promise<VerificationRecord & { redirectUrl: string }> {
    const { context, verifications } = this.options
    const claims = readLinkToken(token, this.#keys)
    if (claims?.iid !== context.instanceId) throw emailLinkErrors.invalid()
    const verification = await verifications.find(claims.sid)
    if (!verification) {
      throw claims.exp * 1000 <= context.clock.now() ? emailLinkErrors.expired() : emailLinkErrors.stale()
    }
    const { redirectUrl, strategy, subjectKind } = verification
    if (redirectUrl === null || strategy !== 'email_link' || subjectKind !== claims.st) {
      throw emailLinkErrors.sourceInvalid()
    }
    return { ...verification, redirectUrl }
  }

  /** Once only, and only the newest of its subject. @returns undefined if it is not, or no longer, good */
  async spend(
    { id, subjectId, strategy }: VerificationRecord,
    openedBy: string,
    tx: Tx,
  ): Promise<VerificationRecord | undefined> {
    const { verifications } = this.options
    const newest = await verifications.findNewest(subjectId, strategy, tx)
    return newest?.id === id ? verifications.spendLink(id, openedBy, tx) : undefined
  }
}
