/** The other end of the connection. */
export interface Connection {
  remoteAddress?: string
  /** The instance that the path named, before that was taken off. */
  instanceId?: string
}
