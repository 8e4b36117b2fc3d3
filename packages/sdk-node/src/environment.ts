export interface Environment {
  apiKey?: string
  apiUrl?: string
  apiVersion?: string
}

/**
 * Defaults for omitted options. Read at each request: a program may load its `.env` file after this package, and the
 * UMD build may run where there is no `process`.
 */
export function readEnvironment(): Environment {
  const { CLERK_API_KEY, CLERK_SECRET_KEY, CLERK_API_URL, CLERK_API_VERSION } = globalThis.process?.env ?? {}
  // API keys are called secret keys today, so both names are read.
  return { apiKey: CLERK_API_KEY || CLERK_SECRET_KEY, apiUrl: CLERK_API_URL, apiVersion: CLERK_API_VERSION }
}
