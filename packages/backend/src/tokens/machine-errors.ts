import type { TokenVerificationErrorAction } from './token-errors.js'

/** Why a machine token was not accepted. */
export const MachineTokenVerificationErrorCode = {
  TokenInvalid: 'token-invalid',
  InvalidSecretKey: 'secret-key-invalid',
  UnexpectedError: 'unexpected-error',
  TokenVerificationFailed: 'token-verification-failed',
} as const

export type MachineTokenVerificationErrorCode =
  (typeof MachineTokenVerificationErrorCode)[keyof typeof MachineTokenVerificationErrorCode]

export interface MachineTokenVerificationErrorOptions {
  message: string
  code: MachineTokenVerificationErrorCode
  /** The HTTP status, if the API was called. */
  status?: number
  action?: TokenVerificationErrorAction
  cause?: unknown
}

/** A machine token that was not accepted, or could not be checked. */
export class MachineTokenVerificationError extends Error {
  static readonly kind = 'MachineTokenVerificationError'
  override readonly name = 'MachineTokenVerificationError'
  readonly clerkError = true
  readonly code: MachineTokenVerificationErrorCode
  readonly status?: number
  readonly action?: TokenVerificationErrorAction

  constructor({ message, code, status, action, cause }: MachineTokenVerificationErrorOptions) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    if (status !== undefined) this.status = status
    if (action) this.action = action
  }

  getFullMessage(): string {
    return `${this.message} (code=${this.code}, status=${this.status ?? 'n/a'})`
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
