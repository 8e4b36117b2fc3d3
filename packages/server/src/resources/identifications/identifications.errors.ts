import { apiError } from '../../kernel/errors/api-error.js'

export const identificationErrors = {
  claimed: (noun: string) =>
    apiError(
      400,
      'identification_claimed',
      'Identification claimed by another user',
      `Another user has verified or reserved this ${noun} in the meantime, so it cannot be verified for this one`,
    ),
  tooMany: (noun: string, limit: number) =>
    apiError(
      403,
      'quota_exceeded',
      'Quota exceeded',
      `A user can have at most ${limit} ${noun === 'email address' ? 'email addresses' : 'phone numbers'}; delete another one first`,
    ),
  linked: (noun: string) =>
    apiError(
      400,
      'delete_linked_identification_disallowed',
      'Deletion failed',
      `This ${noun} is linked to a connected account and cannot be deleted. Remove the connected account first`,
    ),
  createSecondFactorUnverified: () =>
    apiError(
      400,
      'identification_create_second_factor_unverified',
      'Creation failed',
      'Only a verified phone number can be reserved for second factor. Create it with verified: true',
    ),
  updateSecondFactorUnverified: () =>
    apiError(
      400,
      'identification_update_second_factor_unverified',
      'Update failed',
      'Only a verified phone number can be reserved for second factor: verify it first, or remove the reservation before the verification',
    ),
  lastAsSecondFactor: () =>
    apiError(
      400,
      'identification_update_failed',
      'Update failed',
      "The user's last identification cannot be reserved for second factor; add another one first",
    ),
  lastSecondFactor: () =>
    apiError(
      400,
      'second_factor_deletion_not_allowed',
      'Not allowed',
      'This instance requires a second factor, and this is the last one. Add another one first',
    ),
}
