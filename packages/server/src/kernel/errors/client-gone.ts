/** The status of a request whose client hung up; nobody receives it, but it is counted. */
export const CLIENT_GONE = 499

/** Thrown in place of going on with a request whose client hung up. No fault of ours. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone'

  constructor(options?: ErrorOptions) {
    super('The client hung up', options)
  }
}
