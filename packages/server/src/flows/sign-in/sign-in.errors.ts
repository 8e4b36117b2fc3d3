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
  newPasswordMissing: { code: 'client_state_invalid', reason: 'No new password is set yet' },
}
