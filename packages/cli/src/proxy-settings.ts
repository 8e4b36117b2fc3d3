import { CommandError } from './command-error.js'
import { invalid, type Setting } from './settings.js'

/**
 * A list separated by commas. The server checks each proxy.
 *
 * @throws {CommandError} if it names none
 */
export function parseProxies(setting: Setting): string[] {
  const proxies = setting.value
    .split(',')
    .map((proxy) => proxy.trim())
    .filter((proxy) => proxy !== '')
  if (proxies.length > 0) return proxies
  throw invalid(setting, 'addresses, ranges, loopback or private, separated by commas', setting.value)
}

/** Names the setting that a refused proxy came from, as the operator wrote it. */
export function nameProxies(error: unknown, setting: Setting | undefined): unknown {
  const { name, proxy, expectation } = error as { name?: unknown; proxy?: string; expectation?: string }
  if (name !== 'TrustedProxyError' || !setting) return error
  return new CommandError(`"${setting.source}" must be ${expectation}, separated by commas, got ${proxy}`)
}
