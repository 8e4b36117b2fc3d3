import { Resolver } from 'node:dns/promises'

/** Asks DNS for the texts of a name's TXT records; none if there is no such name. Throws if DNS gives no answer in time. */
export type TxtLookup = (name: string) => Promise<string[]>

/** The part of Node's resolver that is used here. */
export type TxtResolver = Pick<Resolver, 'resolveTxt' | 'cancel'>

/** Records of one name that are looked at; whoever owns the name decides how many there are. */
const MAX_RECORDS = 100

/**
 * @param newResolver makes the resolver of one look-up
 * @param timeout milliseconds until DNS must have answered
 */
export function createTxtLookup(
  newResolver: () => TxtResolver = () => new Resolver({ timeout: 2000, tries: 2 }),
  timeout = 5000,
): TxtLookup {
  return async (name) => {
    const resolver = newResolver()
    // Node ends the query with ECANCELLED, which is thrown below.
    const deadline = setTimeout(() => resolver.cancel(), timeout)
    try {
      const records = await resolver.resolveTxt(name)
      // A record longer than 255 bytes comes in pieces.
      return records.slice(0, MAX_RECORDS).map((pieces) => pieces.join(''))
    } catch (error) {
      if (isAbsent(error)) return []
      throw error
    } finally {
      clearTimeout(deadline)
    }
  }
}

function isAbsent(error: unknown): boolean {
  const { code } = error as { code?: string }
  return code === 'ENOTFOUND' || code === 'ENODATA'
}
