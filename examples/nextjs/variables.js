/* oxlint-disable node/no-process-env -- this file checks the environment */

const EXAMPLES = {
  NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: 'pk_test_…',
  CLERK_SECRET_KEY: 'sk_test_…',
  CLERK_API_URL: 'http://localhost:4400',
}

/** @throws {Error} if a variable is missing. The message says which lines to add, and where. */
export function requireVariables() {
  const missing = Object.keys(EXAMPLES).filter((name) => !process.env[name])
  if (missing.length === 0) return
  const lines = missing.map((name) => `  ${name}=${EXAMPLES[name]}`).join('\n')
  throw new Error(
    `Put ${missing.length === 1 ? 'this line' : 'these lines'} into the file .env.local beside package.json ("npm start" in the repository prints their values):\n\n${lines}\n`,
  )
}

/** What the form in the browser needs. Without its addresses it asks the host in the publishable key. */
export function clientSettings() {
  // Not `process.env.NEXT_PUBLIC_…`, which Next replaces by what it is during the build.
  const { env } = process
  return {
    publishableKey: env.NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY,
    proxyUrl: env.NEXT_PUBLIC_CLERK_PROXY_URL,
    clerkJSUrl: env.NEXT_PUBLIC_CLERK_JS_URL,
    clerkUIUrl: env.NEXT_PUBLIC_CLERK_UI_URL,
  }
}
