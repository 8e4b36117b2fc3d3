import type { Metadata } from '../../kernel/metadata.js'
import type { UserAgent } from '../../kernel/user-agent.js'
import type { Tx } from '../../storage/tx.js'
import { CODE_LIFETIME } from './code-lifetime.js'
import { findDescription } from './descriptions.js'
import { defaultLanguage, type Language } from './languages/index.js'
import type { CodePurpose, LinkPurpose, Notice, Recipient, SentCode } from './message-content.js'
import type { MessageRecord } from './messages.table.js'
import { MessageWriter } from './message-writer.js'
import { requestOf, toDurationText, toTimeText } from './values.js'

export type { CodePurpose, EmailContent, LinkPurpose, Recipient, SentCode } from './message-content.js'

const DAY = 24 * 60 * 60 * 1000

export interface InvitationContent {
  slug: 'invitation' | 'waitlist_invitation'
  /** The invitation, whose acceptance spends the link. */
  id: string
  /** Where it is accepted. */
  url: string
  expiresInDays: number
  publicMetadata: Metadata
}

export interface OrganizationInvitationContent extends Omit<InvitationContent, 'slug'> {
  organizationName: string
  /** Null if the application invites. */
  inviterName: string | null
}

/** What is known of the device that somebody has just signed in with. */
export interface NewDevice {
  /** The strategy of the first factor. */
  strategy: string
  browser: string | undefined
  kind: UserAgent['kind']
  device: string | undefined
  ipAddress: string | null
  /** What ends the session there; undefined if nothing does. */
  link: { url: string; lifetime: number; sessionId: string } | undefined
}

export interface LockedAccount {
  failedAttempts: number
  /** Milliseconds; null for a lock without an end. */
  duration: number | null
}

/** Every message that the server itself has a reason to send. */
export class MessageOutbox extends MessageWriter {
  /** @param code valid for {@link CODE_LIFETIME} */
  async emailCode(recipient: Recipient, code: SentCode, tx: Tx, purpose: CodePurpose = 'verification'): Promise<void> {
    await this.send(recipient, this.#code('email', code, purpose, tx), tx)
  }

  /** @param code valid for {@link CODE_LIFETIME} */
  async smsCode(recipient: Recipient, code: SentCode, tx: Tx, purpose: CodePurpose = 'verification'): Promise<void> {
    await this.send(recipient, this.#code('sms', code, purpose, tx), tx)
  }

  /**
   * @param url good once, for {@link CODE_LIFETIME}
   * @param verificationId what opening it spends
   */
  async emailLink(
    recipient: Recipient,
    { purpose, url, verificationId }: { purpose: LinkPurpose; url: string; verificationId: string },
    tx: Tx,
  ): Promise<void> {
    const slug = `magic_link_${purpose}`
    const values = (language: Language) => ({ magic_link: url, ...this.#shortLived(language, tx) })
    await this.send(recipient, { ...mail(slug, values), ...LIMITED, codeFor: verificationId }, tx)
  }

  /** @param current the new primary address; undefined for a user who has no primary address now */
  async primaryEmailAddressChanged(previous: Recipient, current: string | undefined, tx: Tx): Promise<void> {
    const names = current === undefined ? {} : { new_email_address: current }
    await this.#tell('primary_email_address_changed', previous, tx, { names })
  }

  async passwordChanged(recipient: Recipient, tx: Tx): Promise<void> {
    await this.#tell('password_changed', recipient, tx)
  }

  async passwordRemoved(recipient: Recipient, tx: Tx): Promise<void> {
    await this.#tell('password_removed', recipient, tx)
  }

  /** For the owner of an address with which somebody tries to sign up once more. */
  async signUpAttempted(owner: Recipient, tx: Tx): Promise<void> {
    await this.#tell('sign_up_attempted', owner, tx)
  }

  /** @param name of the passkey, as its user chose it */
  async passkeyAdded(recipient: Recipient, name: string, tx: Tx): Promise<void> {
    await this.#tell('passkey_added', recipient, tx, { names: { passkey_name: name } })
  }

  /** @param name of the passkey, as its user chose it */
  async passkeyRemoved(recipient: Recipient, name: string, tx: Tx): Promise<void> {
    await this.#tell('passkey_removed', recipient, tx, { names: { passkey_name: name } })
  }

  /** For somebody who has given their account its first second factor. */
  async secondFactorEnabled(recipient: Recipient, tx: Tx): Promise<void> {
    await this.#tell('mfa_enabled', recipient, tx)
  }

  async newDeviceSignIn(recipient: Recipient, seen: NewDevice, tx: Tx): Promise<void> {
    const { strategy, browser, kind, device, ipAddress, link } = seen
    const now = this.options.clock.now()
    const values = (language: Language) => ({
      sign_in_method: language.methods[strategy.replace(/^reset_password_/, '')] ?? strategy,
      ...(kind === undefined ? {} : { device_type: language.devices[kind] }),
      ...(device === undefined ? {} : { operating_system: device }),
      ...(browser === undefined ? {} : { browser_name: browser }),
      ...(ipAddress === null ? {} : { ip_address: ipAddress }),
      session_created_at: toTimeText(now, language),
      ...(link ? { revoke_session_url: link.url } : {}),
    })
    // The link in it goes from the database like a code.
    const spendable = link ? { lifetime: link.lifetime, codeFor: link.sessionId } : {}
    await this.#tell('new_device_sign_in', recipient, tx, { values, ...spendable })
  }

  async accountLocked(recipient: Recipient, { failedAttempts, duration }: LockedAccount, tx: Tx): Promise<void> {
    const now = this.options.clock.now()
    const values = (language: Language) => ({
      locked_date: toTimeText(now, language),
      failed_attempts: failedAttempts,
      ...(duration === null
        ? {}
        : { lockout_duration: toDurationText(duration, language), unlock_time: toTimeText(now + duration, language) }),
    })
    await this.#tell('account_locked', recipient, tx, { values })
  }

  async waitlistConfirmation(recipient: Recipient, tx: Tx): Promise<void> {
    await this.#tell('waitlist_confirmation', recipient, tx)
  }

  /**
   * For whoever looks after the application. Says nothing of who has joined, so that a thousand who do within ten minutes
   * are one mail.
   */
  async waitlistEntryCreated(supportEmail: string, tx: Tx): Promise<void> {
    const locale = this.options.defaultLanguage() ?? defaultLanguage.tag
    const recipient = { address: supportEmail, identificationId: null, userId: null, locale }
    await this.send(
      recipient,
      mail('waitlist_entry_created', () => ({})),
      tx,
    )
  }

  /** A link in it is as good as a code, and goes from the database like one. */
  async invitation(recipient: Recipient, { slug, ...content }: InvitationContent, tx: Tx): Promise<MessageRecord> {
    return (await this.send(recipient, invitationTo(slug, content), tx))!
  }

  /** To a phone number that was put on the allow-list. */
  async smsInvitation(recipient: Recipient, tx: Tx): Promise<void> {
    await this.send(recipient, { channel: 'sms', slug: 'invitation', values: () => ({}) }, tx)
  }

  /** A link in it is as good as a code, and goes from the database like one. */
  async organizationInvitation(
    recipient: Recipient,
    { organizationName, inviterName, ...content }: OrganizationInvitationContent,
    tx: Tx,
  ): Promise<void> {
    const names = { org: { name: organizationName }, inviter_name: inviterName }
    await this.send(recipient, { ...invitationTo('organization_invitation', content), names }, tx)
  }

  /** For whoever invited somebody who has joined. */
  async organizationInvitationAccepted(
    inviter: Recipient,
    { organizationName, emailAddress }: { organizationName: string; emailAddress: string },
    tx: Tx,
  ): Promise<void> {
    const names = { org: { name: organizationName }, email_address: emailAddress }
    await this.#tell('organization_invitation_accepted', inviter, tx, { names })
  }

  /**
   * To an address by mail, to a number by text message. Some notices are mail only: then somebody without an address gets
   * none.
   */
  async #tell(
    slug: string,
    recipient: Recipient,
    tx: Tx,
    { values, ...more }: Pick<Notice, 'names' | 'lifetime' | 'codeFor'> & Partial<Pick<Notice, 'values'>> = {},
  ): Promise<void> {
    const channel = recipient.address.includes('@') ? 'email' : 'sms'
    if (!findDescription(channel, slug)) return
    const now = this.options.clock.now()
    const all = (language: Language) => ({
      ...(channel === 'email' ? { primary_email_address: recipient.address } : {}),
      ...requestOf(tx.caller, now, language),
      ...values?.(language),
    })
    await this.send(recipient, { ...more, channel, slug, values: all }, tx)
  }

  #code(channel: Notice['channel'], { code, verificationId }: SentCode, purpose: CodePurpose, tx: Tx): Notice {
    const values = (language: Language) => ({ otp_code: code, ...this.#shortLived(language, tx) })
    return { ...mail(`${purpose}_code`, values), channel, ...LIMITED, codeFor: verificationId }
  }

  #shortLived(language: Language, { caller }: Tx): Metadata {
    return { ttl_minutes: CODE_LIFETIME / 60_000, ...requestOf(caller, this.options.clock.now(), language) }
  }
}

const LIMITED = { lifetime: CODE_LIFETIME, isLimited: true }

function mail(slug: string, values: Notice['values']): Notice {
  return { channel: 'email', slug, values }
}

function invitationTo(
  slug: string,
  { id, url, expiresInDays, publicMetadata }: Omit<InvitationContent, 'slug'>,
): Notice {
  const lifetime = expiresInDays * DAY
  const values = (language: Language) => ({
    action_url: url,
    expires_in: toDurationText(lifetime, language),
    invitation: { expires_in_days: expiresInDays, public_metadata: publicMetadata },
  })
  return { ...mail(slug, values), lifetime, codeFor: id }
}
