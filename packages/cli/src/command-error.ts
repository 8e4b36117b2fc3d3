/** A mistake that the operator can fix: printed as it is, without a stack trace. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}
