import { createClerkClient, type ClerkClient, type ClerkOptions } from '../client.js'

/**
 * A client that is created on first use, because a program may set its environment variables after importing this
 * package. Until there is a secret key, it is created again on each use.
 *
 * @param read Reads the options from the environment.
 */
export function createEnvironmentClient(read: () => ClerkOptions): ClerkClient {
  let kept: ClerkClient | undefined
  const client = (): ClerkClient => {
    if (kept) return kept
    const options = read()
    const made = createClerkClient(options)
    if (options.secretKey) kept = made
    return made
  }
  return new Proxy({} as ClerkClient, {
    get: (_target, name) => Reflect.get(client(), name) as unknown,
    has: (_target, name) => Reflect.has(client(), name),
    set: () => false,
  })
}
