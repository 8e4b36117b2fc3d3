/** A variable of the environment, where the runtime has one. Only webhooks and the proxy fall back to it. */
export function readEnvironment(name: string): string | undefined {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } }
  return process?.env?.[name] || undefined
}
