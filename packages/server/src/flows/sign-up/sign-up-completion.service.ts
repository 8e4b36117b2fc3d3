import type { InstanceContext } from '../../instances/instance-context.js'
import { defaultRestrictions } from '../../instances/settings/restrictions.js'
import { decideAccess } from '../../resources/access/access.rules.js'
import type { AccessIdentifier, AccessService } from '../../resources/access/access.service.js'
import { toApiError } from '../../resources/access/refusals.rules.js'
import { isSignedIn } from '../../resources/sessions/sessions.rules.js'
import type { SessionService } from '../../resources/sessions/sessions.service.js'
import type { SignUpService } from '../../resources/sign-ups/sign-ups.service.js'
import type { SignUpRecord } from '../../resources/sign-ups/sign-ups.table.js'
import type { CreateUserInput, NewUserService } from '../../resources/users/new-users.service.js'
import type { Tx } from '../../storage/tx.js'
import { signUpFlowErrors } from './sign-up.errors.js'
import { canonicalAddress, verifiedColumns, type SignUpChanges } from './sign-up-state.rules.js'
import type { SignUpTicketService } from './sign-up-tickets.service.js'

interface SignUpCompletionOptions {
  context: InstanceContext
  access: AccessService
  newUsers: NewUserService
  sessions: SessionService
  signUps: SignUpService
  signUpTickets: SignUpTicketService
}

/** Whether somebody may sign up, and how a sign-up becomes a user with a session. */
export class SignUpCompletionService {
  constructor(private readonly options: SignUpCompletionOptions) {}

  /**
   * Whether the browser may sign somebody up: in single-session mode only while nobody is signed in.
   *
   * @throws {ApiError} 400 `session_exists`, 409 `session_creation_not_allowed`
   */
  async requireRoom(clientId: string, tx?: Tx): Promise<void> {
    const { context, sessions } = this.options
    const now = context.clock.now()
    const held = (await sessions.listOfClients([clientId], tx)).filter((session) => isSignedIn(session, now))
    if (held.some(({ actor }) => actor !== null)) throw signUpFlowErrors.impersonated()
    const [first] = held
    if (first && context.instance.settings.auth.singleSessionMode) throw signUpFlowErrors.sessionExists(first.id)
  }

  /**
   * Whether people may sign up at all, and with the identifiers that were given now.
   *
   * @throws {ApiError} as `AccessService.check`
   */
  async requireAccess({ fields, ticket }: SignUpChanges, current: SignUpRecord | undefined): Promise<void> {
    const { access, context } = this.options
    const invited = (ticket?.id ?? current?.ticketId ?? null) !== null
    const question = { act: 'sign_up', by: 'person', invited } as const
    const identifiers = identifiersOf({
      emailAddress: ticket?.emailAddress ?? fields.emailAddress ?? null,
      phoneNumber: fields.phoneNumber ?? null,
    })
    if (identifiers.length > 0) return access.check(question, identifiers)
    // Which list could say anything about somebody who has not given an address or number yet?
    const { signUp } = context.instance.settings
    const refusal = decideAccess(question, [], { signUp, restrictions: defaultRestrictions })
    if (refusal) throw toApiError(refusal)
  }

  /**
   * Creates the user with everything that was given, and the session. Two that complete with one address make one user:
   * the index on claimed addresses decides.
   *
   * @param strategy what the browser remembers as the way in which it signed in
   * @throws {ApiError} 422 `form_identifier_exists`, 400 for a ticket that was used or revoked meanwhile, and as
   *   `requireRoom` and `AccessService.check`
   */
  async complete(signUp: SignUpRecord, strategy: string | null, tx: Tx): Promise<SignUpRecord> {
    const { context, access, newUsers, sessions, signUps, signUpTickets } = this.options
    const clientId = signUp.clientId!
    await this.requireRoom(clientId, tx)
    const ticket = signUp.ticketId === null ? undefined : signUpTickets.sourceOf(signUp.ticketId)
    await ticket?.spend?.(signUp.ticketId!, tx)
    await access.check({ act: 'sign_up', by: 'person', invited: ticket !== undefined }, identifiersOf(signUp), { tx })
    // No password is hashed here: the sign-up has its digest.
    const user = await newUsers.insert(await newUsers.prepare(toUserInput(signUp)), tx)
    const organizationId = await ticket?.join?.(signUp.ticketId!, user.id, tx)
    const session = await sessions.open(
      { clientId, userId: user.id, strategy, firstFactorVerifiedAt: context.clock.now(), organizationId },
      tx,
    )
    return signUps.change(
      signUp.id,
      { status: 'complete', createdUserId: user.id, createdSessionId: session.id, passwordDigest: null },
      tx,
    )
  }
}

function identifiersOf({
  emailAddress,
  phoneNumber,
  username,
}: Pick<SignUpRecord, 'emailAddress' | 'phoneNumber'> & { username?: string | null }): AccessIdentifier[] {
  const identifiers: AccessIdentifier[] = []
  if (emailAddress !== null) {
    const canonical = canonicalAddress(emailAddress)
    identifiers.push({ type: 'email_address', identifier: emailAddress, canonical })
  }
  if (phoneNumber !== null) {
    identifiers.push({ type: 'phone_number', identifier: phoneNumber, canonical: phoneNumber })
  }
  if (username != null) identifiers.push({ type: 'username', identifier: username, canonical: username.toLowerCase() })
  return identifiers
}

/** What was not verified, since nothing asked for it, is reserved: the person signs in with it, and nobody else has it. */
function toUserInput(signUp: SignUpRecord): CreateUserInput {
  const email = verifiedColumns(signUp.verifications.email_address)
  const phone = verifiedColumns(signUp.verifications.phone_number)
  return {
    ...(signUp.emailAddress === null
      ? {}
      : {
          emailAddress: [signUp.emailAddress],
          emailAddressIdentificationStatus: [email ? 'verified' : 'reserved'],
          emailAddressVerifications: [email],
        }),
    ...(signUp.phoneNumber === null
      ? {}
      : {
          phoneNumber: [signUp.phoneNumber],
          phoneNumberIdentificationStatus: [phone ? 'verified' : 'reserved'],
          phoneNumberVerifications: [phone],
        }),
    ...(signUp.passwordDigest === null || signUp.passwordHasher === null
      ? {}
      : { passwordDigest: signUp.passwordDigest, passwordHasher: signUp.passwordHasher }),
    username: signUp.username ?? undefined,
    firstName: signUp.firstName,
    lastName: signUp.lastName,
    locale: signUp.locale,
    externalId: signUp.externalId,
    publicMetadata: signUp.publicMetadata,
    unsafeMetadata: signUp.unsafeMetadata,
    legalAcceptedAt: signUp.legalAcceptedAt === null ? undefined : new Date(signUp.legalAcceptedAt).toISOString(),
    // The attributes of the instance decided what people must have; see `signUpFields`.
    skipUserRequirement: true,
    skipPasswordRequirement: true,
  }
}
