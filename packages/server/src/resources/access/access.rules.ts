import type { RestrictionSettings } from '../../instances/settings/restrictions.js'
import type { SignUpSettings } from '../../instances/settings/sign-up.js'
import { baseAddress, withoutGmailDots } from '../../lib/email-domains/index.js'
import { patternsFor, type IdentifierType } from './identifier-patterns.rules.js'

/** What somebody is about to do. */
export type AccessQuestion =
  /** `invited`: with an invitation or another ticket for these very identifiers. */
  | { act: 'sign_up'; by: 'person'; invited: boolean }
  /** Also a change of an identifier: the new one is asked for. */
  | { act: 'add_identifier'; by: 'person' }
  /** With the secret key, or from the command line. */
  | { act: 'sign_up' | 'add_identifier'; by: 'backend' }
  /** `madeByBackend`: the user did not sign up, but was made with the secret key, a seed or an import. */
  | { act: 'sign_in'; by: 'person'; madeByBackend: boolean }

/** One of a person's identifiers, and what is known about it. */
export interface CheckedIdentifier {
  /** No list can name a username. */
  type: IdentifierType | 'username'
  /** For the person, in the error. */
  identifier: string
  onAllowlist: boolean
  onBlocklist: boolean
  /** The domain is one of addresses for a few minutes. */
  disposable: boolean
  /** Another account has an address of the same mailbox; see `sharesMailbox`. */
  mailboxTaken: boolean
  /** A test address or number, while the instance's test mode is on. */
  test: boolean
}

export interface AccessSettings {
  signUp: Pick<SignUpSettings, 'mode'>
  restrictions: RestrictionSettings
}

export type AccessRefusal =
  | { reason: 'mode_restricted' | 'mode_waitlist' }
  /** The identifiers that stand in the way; none where a list would have to name one and there is none it could. */
  | { reason: 'not_allowed' | 'disposable' | 'mailbox_taken'; identifiers: string[] }

/**
 * Whether somebody may sign up, add an identifier or sign in with these identifiers; each of them must be allowed.
 *
 * - The sign-up mode asks people without an invitation only.
 * - The allow-list, while it is on, lets in nobody else, but for people who were invited and users whom the application
 *   made itself. Who is on it is not blocked by the block-list.
 * - Neither list is asked for what the Backend API does, nor at sign-in where the instance says so.
 * - Disposable domains are refused when an address comes to be, not at sign-in.
 * - One mailbox has one account, whoever makes it.
 *
 * @returns undefined if they may
 */
export function decideAccess(
  question: AccessQuestion,
  identifiers: readonly CheckedIdentifier[],
  { signUp, restrictions }: AccessSettings,
): AccessRefusal | undefined {
  const byPerson = question.by === 'person'
  const invited = question.act === 'sign_up' && byPerson && question.invited

  if (question.act === 'sign_up' && byPerson && !invited && signUp.mode !== 'public') {
    return { reason: signUp.mode === 'waitlist' ? 'mode_waitlist' : 'mode_restricted' }
  }

  if (byPerson && !(question.act === 'sign_in' && restrictions.allowlistBlocklistDisabledOnSignIn)) {
    const mustBeListed = restrictions.allowlist && !invited && !(question.act === 'sign_in' && question.madeByBackend)
    const refused = namesOf(identifiers, ({ type, onAllowlist, onBlocklist }) => {
      if (type === 'username' || (restrictions.allowlist && onAllowlist)) return false
      return mustBeListed || (restrictions.blocklist && onBlocklist)
    })
    const nothingListed = mustBeListed && identifiers.every(({ type }) => type === 'username')
    if (refused.length > 0 || nothingListed) return { reason: 'not_allowed', identifiers: refused }
  }

  if (question.act === 'sign_in') return undefined
  if (byPerson && restrictions.blockDisposableEmailDomains) {
    const disposable = namesOf(identifiers, (identifier) => identifier.disposable && !identifier.test)
    if (disposable.length > 0) return { reason: 'disposable', identifiers: disposable }
  }
  if (comparesMailboxes(restrictions)) {
    const taken = namesOf(identifiers, (identifier) => identifier.mailboxTaken && !identifier.test)
    if (taken.length > 0) return { reason: 'mailbox_taken', identifiers: taken }
  }
  return undefined
}

function namesOf(
  identifiers: readonly CheckedIdentifier[],
  isRefused: (identifier: CheckedIdentifier) => boolean,
): string[] {
  return identifiers.filter(isRefused).map(({ identifier }) => identifier)
}

/** Whether a mailbox can have one account only, however its address is written. */
export function comparesMailboxes(restrictions: RestrictionSettings): boolean {
  return restrictions.blockEmailSubaddresses || restrictions.ignoreDotsForGmailAddresses
}

/**
 * Whether two different addresses count as one mailbox. Blocked subaddresses are compared without Gmail's dots too;
 * dots alone are compared with what follows a `+` in place.
 *
 * @param a in its canonical form, as `b`
 */
export function sharesMailbox(a: string, b: string, restrictions: RestrictionSettings): boolean {
  if (a === b || !comparesMailboxes(restrictions)) return false
  const form = (address: string) =>
    withoutGmailDots(restrictions.blockEmailSubaddresses ? baseAddress(address) : address)
  return form(a) === form(b)
}

/** Every entry of the block-list that stands for the identifier: an address stands for its subaddresses too. */
export function blockingPatterns(type: IdentifierType, canonical: string): string[] {
  const patterns = patternsFor(type, canonical)
  const base = type === 'email_address' ? baseAddress(canonical) : canonical
  return base === canonical ? patterns : [base, ...patterns]
}
