import { ApiError, apiError, paramError, type ApiErrorItem } from '../../kernel/errors/api-error.js'
import { shownErrors } from '../../kernel/errors/shown-errors.js'

/** The reasons for which sign-in refuses a move, apart from a status that does not allow it. */
export const signInRefusals = {
  identifierMissing: { code: 'client_state_invalid', reason: 'The user who signs in is not identified yet' },
  firstFactorMissing: { code: 'verification_missing', reason: 'No first factor is verified yet' },
  secondFactorMissing: { code: 'verification_missing', reason: 'No second factor is verified yet' },
  noSecondFactors: { code: 'no_second_factors', reason: 'This account has no second factor' },
  clientTrustMissing: {
    code: 'verification_missing',
    reason: 'The code for a sign-in with a new client is not verified yet',
  },
  passwordChanged: { code: 'client_state_invalid', reason: 'The password was changed since. Start a new sign-in' },
  newPasswordMissing: { code: 'client_state_invalid', reason: 'No new password is set yet' },
}

export const signInErrors = {
  refused: ({ code, reason }: { code: string; reason: string }) => apiError(400, code, 'Not possible now', reason),
  replaced: () =>
    apiError(
      403,
      'resource_forbidden',
      'Not allowed',
      'This sign-in is no longer the current one of the client: another one has replaced it',
    ),
  userDeleted: () =>
    apiError(
      400,
      'sign_in_identification_or_user_deleted',
      'Sign-in not possible',
      'The user of this sign-in was deleted. Start a new sign-in',
    ),
  identifierNotFound: () => new ApiError(422, [shownErrors.identifierNotFound()]),
  transferInvalid: () =>
    apiError(
      400,
      'account_transfer_invalid',
      'Invalid transfer',
      'There is no sign-up in this client that a sign-in could continue',
    ),
  sessionExists: (sessionId: string) =>
    apiError(
      400,
      'session_exists',
      'Session already exists',
      'Somebody is signed in in this client, and the instance allows one session at a time. Sign out first',
      { session_id: sessionId },
    ),
  alreadySignedIn: (sessionId: string) =>
    apiError(
      400,
      'identifier_already_signed_in',
      "You're already signed in",
      'This user has a session in this client',
      {
        session_id: sessionId,
      },
    ),
  impersonationPresent: () =>
    apiError(
      409,
      'session_creation_not_allowed',
      'Session not allowed',
      'Nobody can sign in while a user is impersonated in this client. Sign out first',
    ),
  strategyUnavailable: (strategy: string) =>
    paramError(
      422,
      'form_param_value_invalid',
      'strategy',
      'is invalid',
      `${JSON.stringify(strategy.slice(0, 100))} does not match one of the allowed values for parameter strategy`,
    ),
  strategyInvalid: (strategy: string) =>
    apiError(
      400,
      'verification_strategy_invalid',
      'Invalid verification strategy',
      `The strategy ${JSON.stringify(strategy.slice(0, 100))} is not valid for the current verification`,
    ),
  verificationMissing: () =>
    apiError(
      400,
      'verification_missing',
      'Verification missing',
      'No code was sent for this step yet. Prepare it first',
    ),
  verificationExpired: () =>
    apiError(400, 'verification_expired', 'Verification expired', 'The code has expired. Ask for a new one'),
  verificationFailed: () =>
    apiError(400, 'verification_failed', 'Verification failed', 'Too many wrong codes were tried. Ask for a new one'),
  passwordCompromised: () =>
    paramError(
      422,
      'form_password_compromised',
      'password',
      'Password compromised',
      'This password may be known to others and cannot be used. Sign in another way, or reset the password',
    ),
  locked: (secondsLeft: number | null) =>
    apiError(
      403,
      'user_locked',
      'Your account is locked',
      secondsLeft === null
        ? 'Your account is locked. Ask the application for help'
        : `Your account is locked. Try again in ${Math.ceil(secondsLeft / 60)} minutes`,
      secondsLeft === null ? undefined : { lockout_expires_in_seconds: secondsLeft },
    ),
  invitationAccountMissing: () =>
    apiError(
      400,
      'invitation_account_not_exists',
      'No account yet',
      'The invited person has no account yet. Accept the invitation with a sign-up',
    ),
  signUpIfMissingNotAllowed: (why: string) =>
    apiError(422, 'sign_up_if_missing_not_allowed', 'Not allowed', `sign_up_if_missing is not possible: ${why}`),
  signUpIfMissingStrategy: (strategy: string) =>
    apiError(
      422,
      'sign_up_if_missing_strategy_not_supported',
      'Not supported',
      `sign_up_if_missing is possible with a code to the identifier, not with ${JSON.stringify(strategy.slice(0, 100))}`,
    ),
  signUpIfMissingTransfer: () =>
    apiError(
      404,
      'sign_up_if_missing_transfer',
      'No account yet',
      'The identifier is verified, but nobody has an account with it. Continue with a sign-up and transfer: true',
    ),
}

/** What a wrong proof is answered with, in the order in which components show it. */
export function wrongProof(
  strategy: string,
  { strict, remaining }: { strict: boolean; remaining: number | null },
): ApiError {
  const items: ApiErrorItem[] = [wrong(strategy, strict)]
  if (remaining !== null && remaining <= 2) items.push(warning(remaining))
  return new ApiError(422, items)
}

function wrong(strategy: string, strict: boolean): ApiErrorItem {
  if (strategy !== 'password') return shownErrors.codeIncorrect()
  return strict ? shownErrors.passwordOrIdentifierIncorrect() : shownErrors.passwordIncorrect()
}

function warning(remaining: number): ApiErrorItem {
  return {
    code: 'account_lockout_warning',
    message: 'Account lockout warning',
    long_message:
      remaining === 0
        ? 'Too many wrong attempts: the account is locked now'
        : `The account is locked after ${remaining} more wrong ${remaining === 1 ? 'attempt' : 'attempts'}`,
  }
}
