/** A variable of the environment, where the runtime has one. Only webhooks, the proxy and Vercel's domains are read from it. */
export function readEnvironment(name: string): string | undefined {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } }
  return process?.env?.[name] || undefined
}
