import { createClerkClient, type ClerkClient, type ClerkOptions } from '../client.js'

/**
 * A client that is made when it is first used, since a program may fill its environment after it has imported us. Without a
 * secret key it is made anew each time, until there is one.
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
