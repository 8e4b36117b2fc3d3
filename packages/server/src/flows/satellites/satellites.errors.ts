import { apiError } from '../../kernel/errors/api-error.js'

export const satelliteErrors = {
  developmentOnlyOne: () =>
    apiError(
      400,
      'request_invalid_for_environment',
      'Invalid request for environment',
      'Only production instances have satellites with hosts of their own; in development the primary page leads back to the satellite',
    ),
  notSatellite: (name: string) =>
    apiError(
      403,
      'operation_not_allowed_on_primary_domain',
      'Not a satellite',
      `${JSON.stringify(name.slice(0, 300))} is not a satellite domain of this instance`,
    ),
  atSatellite: () =>
    apiError(
      403,
      'operation_not_allowed_on_satellite_domain',
      'Not allowed at a satellite',
      'People sign in at the primary domain, which a satellite is synced with: ask the Frontend API of that one',
    ),
  consumed: () =>
    apiError(
      403,
      'sync_nonce_already_consumed',
      'Token already used',
      'The token of this sync was used before, has expired, or is for another satellite. Begin again at the satellite',
    ),
}
