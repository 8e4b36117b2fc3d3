import type { Caller } from '../../kernel/caller.js'
import { ApiError } from '../../kernel/errors/api-error.js'
import { at } from './seed-error.js'
import type { SeedServices } from './seed-services.js'
import type { Seed } from './seed.schema.js'

type Lists = Pick<Seed, 'allowlistIdentifiers' | 'blocklistIdentifiers' | 'redirectUrls' | 'satelliteDomains'>

/** Adds the entries that are not there already. */
export async function seedLists(seed: Lists, services: SeedServices, caller: Caller): Promise<void> {
  const { allowlistIdentifiers, blocklistIdentifiers, redirectUrls, domains } = services
  await addEach('allowlist_identifiers', seed.allowlistIdentifiers, (entry) =>
    allowlistIdentifiers.create(entry, caller),
  )
  await addEach('blocklist_identifiers', seed.blocklistIdentifiers, (entry) =>
    blocklistIdentifiers.create(entry, caller),
  )
  await addEach('redirect_urls', seed.redirectUrls, (entry) => redirectUrls.create(entry, caller))
  await addEach('satellite_domains', seed.satelliteDomains, async (entry) => {
    if (!(await domains.has(entry.name))) await domains.add({ ...entry, isSatellite: true }, caller)
  })
}

async function addEach<Entry>(
  name: string,
  entries: readonly Entry[] | undefined,
  add: (entry: Entry) => Promise<unknown>,
): Promise<void> {
  for (const [index, entry] of (entries ?? []).entries()) {
    try {
      await add(entry)
    } catch (error) {
      if (!isDuplicate(error)) throw at([name, index], error)
    }
  }
}

/** What is there already stays, under the id that it has. */
function isDuplicate(error: unknown): boolean {
  return error instanceof ApiError && error.errors[0]?.code === 'duplicate_record'
}
