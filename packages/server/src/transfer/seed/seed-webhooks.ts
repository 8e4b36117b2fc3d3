import type { Caller } from '../../kernel/caller.js'
import { ApiError } from '../../kernel/errors/api-error.js'
import { at } from './seed-error.js'
import type { SeedServices } from './seed-services.js'
import type { Seed } from './seed.schema.js'

/** Adds the endpoints that are not there already: those with another `uid`, or without one with another URL. */
export async function seedWebhooks(
  { webhookEndpoints: entries = [] }: Pick<Seed, 'webhookEndpoints'>,
  { webhookEndpoints }: SeedServices,
  caller: Caller,
): Promise<void> {
  for (const [index, entry] of entries.entries()) {
    const existing = await webhookEndpoints.list()
    if (existing.some(({ uid, url }) => (entry.uid == null ? url === entry.url : uid === entry.uid))) continue
    try {
      await webhookEndpoints.create(entry, { caller, trust: 'operator' })
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 409) throw at(['webhook_endpoints', index], error)
    }
  }
}
