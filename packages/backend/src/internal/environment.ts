/**
 * Reads an environment variable, without white space around it; undefined if it is empty or the runtime has no environment. Used only for webhooks,
 * the proxy and Vercel's domains.
 */
export function readEnvironment(name: string): string | undefined {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } }
  return process?.env?.[name]?.trim() || undefined
}
