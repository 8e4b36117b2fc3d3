/** One entry of an error body. */
export interface ApiErrorItem {
  code: string
  message: string
  long_message: string
  meta?: Record<string, unknown>
}

/** What a caller did wrong, as the API says it: status, codes and, where one is at fault, the parameter. */
export class ApiError extends Error {
  override readonly name = 'ApiError'

  constructor(
    readonly status: number,
    readonly errors: readonly ApiErrorItem[],
    options?: ErrorOptions & { headers?: Record<string, string>; meta?: Record<string, unknown> },
  ) {
    super(errors.map(({ long_message }) => long_message).join('; '), options)
    this.headers = options?.headers
    this.meta = options?.meta
  }

  readonly headers: Record<string, string> | undefined
  /** Of the whole answer, beside the `meta` of each entry. */
  readonly meta: Record<string, unknown> | undefined

  /** The same error with more to say about the whole answer. */
  withMeta(meta: Record<string, unknown>): ApiError {
    return new ApiError(this.status, this.errors, {
      cause: this,
      ...(this.headers ? { headers: this.headers } : {}),
      meta: { ...this.meta, ...meta },
    })
  }
}

/** An error with one entry. `meta` is left out when it is empty. */
export function apiError(
  status: number,
  code: string,
  message: string,
  longMessage: string = message,
  meta?: Record<string, unknown>,
): ApiError {
  return new ApiError(status, [{ code, message, long_message: longMessage, ...(meta ? { meta } : {}) }])
}

/** An error about one parameter, which `meta.param_name` names. */
export function paramError(
  status: number,
  code: string,
  param: string,
  message: string,
  longMessage: string = message,
): ApiError {
  return apiError(status, code, message, longMessage, { param_name: param })
}
