export interface Environment {
  apiKey?: string
  apiUrl?: string
  apiVersion?: string
}

/**
 * What is not passed as an option. It is read when a request needs it: a program may load its `.env` file after this
 * package, and the UMD build may run where there is no `process`.
 */
export function readEnvironment(): Environment {
  const { CLERK_API_KEY, CLERK_SECRET_KEY, CLERK_API_URL, CLERK_API_VERSION } = globalThis.process?.env ?? {}
  // Keys have been called secret keys since; it is the name that is printed and documented today.
  return { apiKey: CLERK_API_KEY || CLERK_SECRET_KEY, apiUrl: CLERK_API_URL, apiVersion: CLERK_API_VERSION }
}
