import { apiError, ApiError, paramError } from '../../kernel/errors/api-error.js'
import { shownErrors } from '../../kernel/errors/shown-errors.js'

/** The reasons for which a sign-up refuses a move. */
export const signUpRefusals = {
  outdated: {
    code: 'sign_up_outdated_verification',
    reason: 'This sign-up was begun more than a day ago. Begin another one',
  },
  completed: { code: 'client_state_invalid', reason: 'This sign-up is complete: there is nothing left to change' },
}

const STATUS: Record<string, number> = { sign_up_outdated_verification: 410 }

export const signUpFlowErrors = {
  refused: ({ code, reason }: { code: string; reason: string }) =>
    apiError(STATUS[code] ?? 400, code, 'The sign-up cannot go on', reason),
  replaced: () =>
    apiError(
      403,
      'resource_forbidden',
      'Sign-up replaced',
      'This browser has begun another sign-up, or has ended this one. Only its current sign-up can go on',
    ),
  sessionExists: (sessionId: string) =>
    new ApiError(400, [
      {
        code: 'session_exists',
        message: 'Session already exists',
        long_message: 'Somebody is signed in already in this browser. Sign out first',
        meta: { session_id: sessionId },
      },
    ]),
  impersonated: () =>
    apiError(
      409,
      'session_creation_not_allowed',
      'Session creation not allowed',
      'This browser acts for another user. End that session before signing up',
    ),
  legalNotAccepted: () =>
    paramError(
      422,
      'legal_not_accepted',
      'legal_accepted',
      'The legal terms are not accepted',
      'Nobody can sign up to this application without accepting its terms',
    ),
  transferInvalid: () =>
    apiError(
      400,
      'account_transfer_invalid',
      'Invalid account transfer',
      'This browser has no sign-in whose identity a sign-up could take over',
    ),
  strategyInvalid: (strategy: string, why: string) =>
    apiError(400, 'verification_strategy_invalid', 'Invalid verification strategy', `${strategy} ${why}`),
  codeIncorrect: () => new ApiError(422, [shownErrors.codeIncorrect()]),
  verificationMissing: (strategy: string) =>
    apiError(
      400,
      'verification_missing',
      'No verification',
      `No verification with ${strategy} is under way. Prepare one first`,
    ),
  verificationFailed: () =>
    apiError(400, 'verification_failed', 'Verification failed', 'Too many wrong codes. Ask for a new code'),
  verificationExpired: () =>
    apiError(400, 'verification_expired', 'Verification expired', 'The code has expired. Ask for a new one'),
  fixedByTicket: (param: string) =>
    paramError(
      422,
      'form_param_value_invalid',
      param,
      'is fixed',
      `${param} comes from the invitation and cannot be another one`,
    ),
}
