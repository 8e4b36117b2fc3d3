import type { ClerkAPIErrorCode } from './error-codes.js'

export interface ClerkAPIErrorJSON {
  /** One of {@link ClerkAPIErrorCode}; a newer server may send others. */
  code: ClerkAPIErrorCode | (string & {})
  message: string
  long_message: string
  meta?: ClerkAPIErrorMetaJSON
}

/** The part of the request that caused an error, and further details of its code. */
export interface ClerkAPIErrorMetaJSON {
  /** Name of the parameter. */
  param_name?: string
  session_id?: string
  email_addresses?: string[]
  identifiers?: string[]
  lockout_expires_in_seconds?: number
  [key: string]: unknown
}

/** Body of every answer from 400 on. */
export interface ErrorResponseJSON {
  errors: ClerkAPIErrorJSON[]
  meta?: Record<string, unknown>
  clerk_trace_id?: string
}
