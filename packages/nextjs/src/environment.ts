/* oxlint-disable node/no-process-env -- Next replaces these very words when it builds. */
import { optionsFromEnvironment, type EnvironmentOptions } from '@latchkey/backend/internal'

/**
 * What the environment says. Each name stands here in full: Next puts the values of public ones, and on the edge of all, in
 * their place when it builds.
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

/** What options that the middleware was given at run time are sealed with on their way to the page. */
export function readEncryptionKey(): string | undefined {
  return process.env.CLERK_ENCRYPTION_KEY || undefined
}

/** Whether this is no `next dev`. */
export function isProduction(): boolean {
  return process.env.NODE_ENV === 'production'
}
