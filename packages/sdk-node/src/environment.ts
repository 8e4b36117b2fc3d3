export interface Environment {
  apiKey?: string
  apiUrl?: string
  apiVersion?: string
}

/**
 * Defaults for omitted options, without white space around them. Read at each request: a program may load its `.env` file after this package, and the
 * UMD build may run where there is no `process`.
 */
export function readEnvironment(): Environment {
  const read = (name: string) => globalThis.process?.env?.[name]?.trim()
  // API keys are called secret keys today, so both names are read.
  return {
    apiKey: read('CLERK_API_KEY') || read('CLERK_SECRET_KEY'),
    apiUrl: read('CLERK_API_URL'),
    apiVersion: read('CLERK_API_VERSION'),
  }
}
