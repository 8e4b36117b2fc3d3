import { createHash } from 'node:crypto'
import { createOutgoing, type OutgoingAnswer } from '../outgoing/outgoing.js'

export interface BreachCheckerOptions {
  /**
   * A service that speaks the range protocol of Have I Been Pwned, for example `https://api.pwnedpasswords.com/range/`.
   * It sees the first five digits of the password's SHA-1, never the password. None by default: then only the built-in
   * list is checked.
   */
  rangeUrl?: string
  /** Default: the global `fetch`. */
  fetch?: typeof fetch
  /** Milliseconds to wait for the service. Default 2000. */
  timeout?: number
  /** Called when the service does not answer; the password then counts as not breached. */
  onError?: (error: unknown) => void
}

export interface BreachChecker {
  isBreached(password: string): Promise<boolean>
}

/** Knows the passwords that attackers try first: the built-in list and, where one is configured, a range service. */
export function createBreachChecker(options: BreachCheckerOptions = {}): BreachChecker {
  const { rangeUrl, onError, timeout = 2000 } = options
  const outgoing = createOutgoing(options.fetch ?? globalThis.fetch)
  let commonPasswords: Promise<ReadonlySet<string>> | undefined

  return {
    async isBreached(password) {
      // Read at the first use: many instances never check.
      commonPasswords ??= import('./common-passwords.js').then((list) => new Set(list.commonPasswords.split(/\s+/)))
      if ((await commonPasswords).has(password.toLowerCase())) return true
      if (rangeUrl === undefined) return false
      try {
        return await isInRange(password, rangeUrl, (url) =>
          outgoing(url, { headers: { 'add-padding': 'true' } }, { timeout }),
        )
      } catch (error) {
        onError?.(error)
        return false
      }
    },
  }
}

/** @see https://haveibeenpwned.com/API/v3#SearchingPwnedPasswordsByRange */
async function isInRange(
  password: string,
  rangeUrl: string,
  get: (url: string) => Promise<OutgoingAnswer>,
): Promise<boolean> {
  const sha1 = createHash('sha1').update(password).digest('hex').toUpperCase()
  const response = await get(`${rangeUrl.replace(/\/+$/, '')}/${sha1.slice(0, 5)}`)
  if (!response.ok) throw new Error(`The range service of breached passwords answered ${response.status}`)
  const lines = response.text.toUpperCase().split(/\r?\n/)
  // Padding lines, which hide the number of results, count zero.
  return lines.some((line) => line.startsWith(`${sha1.slice(5)}:`) && !/:0*$/.test(line.trim()))
}
