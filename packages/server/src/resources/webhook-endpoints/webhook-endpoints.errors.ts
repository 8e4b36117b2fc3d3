import { apiError, paramError } from '../../kernel/errors/api-error.js'

/** A field of an endpoint that cannot be taken. */
export function endpointInvalid({ field, message }: { field: string; message: string }) {
  return paramError(422, 'form_param_value_invalid', field, 'is invalid', message)
}

export function endpointConflict(uid: string) {
  return apiError(409, 'conflict', 'Already taken', `Another endpoint of this instance has the uid ${uid}`)
}

export function applicationExists() {
  return apiError(
    400,
    'svix_app_exists',
    'Svix app already exists',
    'This instance has an application for its webhooks already: POST /webhooks/svix_url links to its page',
  )
}

export function applicationMissing() {
  return apiError(
    400,
    'svix_app_missing',
    'Svix app missing',
    'This instance has no application for its webhooks: POST /webhooks/svix creates it',
  )
}
