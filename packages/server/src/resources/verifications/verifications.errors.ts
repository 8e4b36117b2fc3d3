import { ApiError, apiError } from '../../kernel/errors/api-error.js'

export const verificationErrors = {
  alreadyVerified: () =>
    apiError(
      400,
      'verification_already_verified',
      'Already verified',
      'The code of this verification was already accepted. Prepare another verification for another code',
    ),
  tooManyCodes: (seconds: number) =>
    new ApiError(
      429,
      [
        {
          code: 'verification_code_too_many_requests',
          message: 'Too many verification codes',
          long_message: `Too many codes were sent there in a short time. Wait ${seconds} seconds and try again`,
        },
      ],
      { headers: { 'retry-after': String(seconds) } },
    ),
}
