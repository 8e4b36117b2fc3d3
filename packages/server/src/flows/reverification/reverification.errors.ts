import { apiError, paramError } from '../../kernel/errors/api-error.js'

/** The reasons for which a reverification refuses a move, apart from a status that does not allow it. */
export const reverificationRefusals = {
  noSecondFactors: { code: 'no_second_factors', reason: 'This account has no second factor' },
  firstFactorMissing: { code: 'verification_missing', reason: 'No first factor is verified yet' },
  secondFactorMissing: { code: 'verification_missing', reason: 'No second factor is verified yet' },
}

export const reverificationErrors = {
  refused: ({ code, reason }: { code: string; reason: string }) => apiError(400, code, 'Not possible now', reason),
  missing: () =>
    apiError(
      400,
      'session_reverification_missing',
      'No verification of the session',
      'No verification of this session was started in the last ten minutes. Start one',
    ),
  invalidAction: (status: string) =>
    apiError(
      400,
      'invalid_action_for_session_reverification',
      'Invalid action',
      `This is not possible while the status of the verification is ${status}`,
    ),
  passwordCompromised: () =>
    paramError(
      422,
      'form_password_compromised',
      'password',
      'Password compromised',
      'This password may be known to others and proves nothing. Use another factor',
    ),
}
