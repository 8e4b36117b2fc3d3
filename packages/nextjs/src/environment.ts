/* oxlint-disable node/no-process-env -- Next replaces these expressions when it builds. */
import { optionsFromEnvironment, type EnvironmentOptions } from '@latchkey/backend/internal'

/**
 * The options from the environment. Each name is written in full, because Next replaces the expressions with their
 * values when it builds: those of public variables, and on the edge all of them.
 */
export function readEnvironment(): EnvironmentOptions {
  return optionsFromEnvironment(
    {
      CLERK_SECRET_KEY: process.env.CLERK_SECRET_KEY,
      CLERK_MACHINE_SECRET_KEY: process.env.CLERK_MACHINE_SECRET_KEY,
      CLERK_JWT_KEY: process.env.CLERK_JWT_KEY,
      CLERK_API_URL: process.env.CLERK_API_URL,
      CLERK_API_VERSION: process.env.CLERK_API_VERSION,
      NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: process.env.NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY,
      NEXT_PUBLIC_CLERK_DOMAIN: process.env.NEXT_PUBLIC_CLERK_DOMAIN,
      NEXT_PUBLIC_CLERK_PROXY_URL: process.env.NEXT_PUBLIC_CLERK_PROXY_URL,
      NEXT_PUBLIC_CLERK_IS_SATELLITE: process.env.NEXT_PUBLIC_CLERK_IS_SATELLITE,
      NEXT_PUBLIC_CLERK_SIGN_IN_URL: process.env.NEXT_PUBLIC_CLERK_SIGN_IN_URL,
      NEXT_PUBLIC_CLERK_SIGN_UP_URL: process.env.NEXT_PUBLIC_CLERK_SIGN_UP_URL,
    },
    'NEXT_PUBLIC_',
  )
}

/** The key that encrypts the middleware's runtime options on their way to the page. */
export function readEncryptionKey(): string | undefined {
  return process.env.CLERK_ENCRYPTION_KEY || undefined
}

/** False under `next dev`. */
export function isProduction(): boolean {
  return process.env.NODE_ENV === 'production'
}
