import { optionsFromEnvironment, type EnvironmentOptions, type Variables } from '@latchkey/backend/internal'
import type { Context } from 'hono'
import { env } from 'hono/adapter'

/** The options from the environment: the bindings of the platform, otherwise the variables of the process. */
export function environmentOf(c: Context): EnvironmentOptions {
  const [bindings, variables] = sourcesOf(c)
  const options = optionsFromEnvironment(bindings)
  return variables === bindings ? options : { ...optionsFromEnvironment(variables), ...options }
}

export function variableOf(c: Context, name: string): string | undefined {
  for (const source of sourcesOf(c)) {
    const value = source[name]
    if (typeof value === 'string' && value) return value
  }
  return undefined
}

function sourcesOf(c: Context): [bindings: Variables, variables: Variables] {
  return [(c.env as Variables | undefined) ?? {}, env<Variables>(c) ?? {}]
}
