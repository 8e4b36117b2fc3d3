import { apiError, ApiError, paramError } from './api-error.js'
import { shownErrors } from './shown-errors.js'

/** Of refusals before anything was done: our SDK sends a POST again, too, and by any client it is safe to. */
const NOTHING_DONE = { 'retry-after': '1', 'x-should-retry': 'true' }

/** Each error code once, with a sentence that says what was wrong and what to do. No sentence contains a secret. */
export const errors = {
  resourceNotFound: (what: string, id: string) =>
    apiError(404, 'resource_not_found', 'Resource not found', `No ${what} was found with id ${quote(id)}`),
  deletedMeanwhile: () =>
    apiError(
      404,
      'resource_not_found',
      'Resource not found',
      'What the request is about was deleted while it was served',
    ),
  routeNotFound: (method: string, path: string) =>
    apiError(404, 'route_not_found', 'Not found', `There is no ${method} ${quote(path)} in this API`),
  notImplemented: (operationId: string) =>
    apiError(
      400,
      'not_implemented',
      'Not implemented',
      `${operationId} is not served by this version of Latchkey yet; SUPPORTED.md lists the operations that are`,
      {
        operation_id: operationId,
      },
    ),
  internal: (traceId: string) =>
    apiError(
      500,
      'internal_clerk_error',
      'Oops, an unexpected error occurred',
      `An unexpected error occurred. The server's log has it under trace id ${traceId}`,
    ),
  overloaded: () =>
    new ApiError(
      503,
      [
        {
          code: 'service_unavailable',
          message: 'Too busy',
          long_message: 'The server has too many passwords to hash at this moment. Try again in a second',
        },
      ],
      { headers: NOTHING_DONE },
    ),

  databaseUnavailable: () =>
    new ApiError(
      503,
      [
        {
          code: 'service_unavailable',
          message: 'Database unavailable',
          long_message: 'The database does not answer at this moment. Try again in a second',
        },
      ],
      { headers: { 'retry-after': '1' } },
    ),

  closing: () =>
    new ApiError(
      503,
      [
        {
          code: 'service_unavailable',
          message: 'Closing',
          long_message: 'The server is closing. Try again in a second',
        },
      ],
      { headers: NOTHING_DONE },
    ),

  tooManyRequests: (retryAfterSeconds: number) =>
    new ApiError(
      429,
      [
        {
          code: 'too_many_requests',
          message: 'Too many requests',
          long_message: `Too many requests in a short time. Try again in ${retryAfterSeconds} seconds`,
        },
      ],
      { headers: { 'retry-after': String(retryAfterSeconds) } },
    ),

  authorizationHeaderFormatInvalid: () =>
    apiError(
      401,
      'authorization_header_format_invalid',
      'Invalid Authorization header format',
      'The Authorization header must be "Bearer <secret key>"',
    ),
  keyInvalid: () =>
    apiError(
      401,
      'clerk_key_invalid',
      'The provided secret key is invalid',
      'The secret key does not belong to this server, or was revoked. "latchkey keys list" shows the keys of this server',
    ),
  apiVersionInvalid: (version: string, allowed: readonly string[]) =>
    apiError(
      400,
      'api_version_invalid',
      'Invalid API version',
      `${quote(version)} is not an API version. Versions are ${allowed.join(', ')}`,
    ),
  apiVersionTwice: () =>
    apiError(
      400,
      'api_version_invalid',
      'Invalid API version',
      'Send the API version in the Clerk-API-Version header or in the __clerk_api_version parameter, not in both',
    ),

  /** The one answer of the token service to a request that is wrong. */
  badRequest: (why: string) => apiError(400, 'bad_request', 'Bad request', why),
  /** The token service's answer to a value that must be unique. */
  conflict: (why: string) => apiError(409, 'conflict', 'Conflict', why),
  bodyInvalid: (why: string) =>
    apiError(400, 'request_body_invalid', 'Request body invalid', `The request body is invalid: ${why}`),
  bodyTooLarge: (limit: number) =>
    apiError(413, 'request_body_too_large', 'Request body too large', `The request body is larger than ${limit} bytes`),
  imageTooLarge: () => apiError(413, 'image_too_large', 'Image too large', 'The image is larger than 10 MiB'),
  contentTypeUnsupported: (contentType: string, supported: string) =>
    apiError(
      415,
      'unsupported_content_type',
      'Unsupported content type',
      `${quote(contentType)} is not supported here. Send ${supported}`,
    ),

  paramMissing: (param: string) =>
    paramError(422, 'form_param_missing', param, 'is missing', `${param} must be included`),
  paramNull: (param: string) => paramError(422, 'form_param_nil', param, 'is null', `${param} cannot be null`),
  paramUnknown: (param: string, likely?: string) =>
    paramError(
      422,
      'form_param_unknown',
      param,
      'is unknown',
      `${quote(param)} is not a valid parameter for this request${likely ? `. Did you mean ${quote(likely)}?` : ''}`,
    ),
  paramTypeInvalid: (param: string, expected: string) =>
    paramError(
      422,
      'form_param_type_invalid',
      param,
      'has a wrong type',
      `${param} must be ${article(expected)} ${expected}`,
    ),
  paramValueInvalid: (param: string, why: string = 'is invalid') =>
    paramError(422, 'form_param_value_invalid', param, 'is invalid', `${param} ${why}`),
  paramFormatInvalid: (param: string, why: string) =>
    paramError(422, 'form_param_format_invalid', param, 'is invalid', `${param} ${why}`),
  paramTooLong: (param: string, limit: number) =>
    paramError(
      422,
      'form_param_max_length_exceeded',
      param,
      'is too long',
      `${param} must not be longer than ${limit} characters`,
    ),
  paramTooShort: (param: string, limit: number) =>
    paramError(
      422,
      'form_param_min_length_exceeded',
      param,
      'is too short',
      `${param} must have at least ${limit} characters`,
    ),
  paramArrayTooLarge: (param: string, limit: number) =>
    paramError(
      422,
      'form_param_array_size_exceeded',
      param,
      'has too many items',
      `${param} takes at most ${limit} items`,
    ),
  paramArrayLengthMismatch: (param: string, other: string) =>
    paramError(
      422,
      'form_param_array_length_mismatch',
      param,
      'has a wrong number of items',
      `${param} must have exactly one item for each item of ${other}`,
    ),
  paramDuplicate: (param: string) =>
    paramError(422, 'form_param_duplicate', param, 'is included twice', `${param} has the same value twice`),
  paramTooLarge: (param: string, limit: number) =>
    paramError(
      422,
      'form_param_exceeds_allowed_size',
      param,
      'is too large',
      `${param} must not be larger than ${limit} bytes`,
    ),
  conditionalParamMissing: (param: string, other: string) =>
    paramError(422, 'form_conditional_param_missing', param, 'is missing', `${param} is required with ${other}`),
  conditionalParamDisallowed: (param: string, why: string) =>
    paramError(422, 'form_conditional_param_disallowed', param, 'is not allowed here', `${param} ${why}`),
  dateInvalid: (param: string) =>
    paramError(
      422,
      'form_param_invalid_date',
      param,
      'is not a date',
      `${param} must be a date in RFC 3339 format, for example 2012-10-20T07:15:20.902Z`,
    ),
  dateInFuture: (param: string) =>
    paramError(422, 'form_disallow_future_date', param, 'is in the future', `${param} must not be in the future`),
  formResourceNotFound: (param: string, id: string) =>
    paramError(
      422,
      'form_resource_not_found',
      param,
      'Resource not found',
      `${param}: nothing was found with id ${quote(id)}`,
    ),
  identifierExists: (param: string) => new ApiError(422, [shownErrors.identifierExists(param)]),
  lastIdentification: () =>
    apiError(
      400,
      'last_required_identification_deletion_failed',
      'This is the last identifier',
      'A user needs at least one identifier; add another before removing this one',
    ),
  featureNotEnabled: (feature: string) =>
    apiError(403, 'feature_not_enabled', 'Not enabled', `${feature} is not enabled in this instance`),
  accountlessNotAllowed: () =>
    apiError(
      403,
      'feature_not_enabled',
      'Not enabled',
      'This server lets nobody make applications without an account; its operator can allow it with --allow-accountless',
    ),
  verificationNeeded: (param: string) =>
    paramError(422, 'form_verification_needed', param, 'is not verified', `${param} must be verified first`),
}

/** A caller's value in a sentence: cut short, and without anything that could break a log line. */
export function quote(value: string): string {
  return JSON.stringify(value.length > 100 ? `${value.slice(0, 100)}…` : value)
}

function article(noun: string): string {
  return /^[aeiou]/.test(noun) ? 'an' : 'a'
}
