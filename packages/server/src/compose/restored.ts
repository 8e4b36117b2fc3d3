import { operator } from '../kernel/caller.js'
import type { Clock } from '../kernel/runtime.js'
import { DeliveryStore } from '../outbox/messages/delivery-store.js'
import type { Database } from '../storage/database.js'
import type { InstanceRegistry } from './registry.js'

export interface RestoredOptions {
  /** Revokes every session: those that ended after the backup are alive in it again. Default is false. */
  signEveryoneOut?: boolean
}

/**
 * Prepares a database that was just restored from a backup, before a server runs on it. Messages that were queued then
 * are given up: most were sent meanwhile, and people would get them again.
 *
 * @returns how many messages
 */
export async function prepareRestored(
  { database, clock, registry }: { database: Database; clock: Clock; registry: InstanceRegistry },
  { signEveryoneOut = false }: RestoredOptions,
): Promise<{ messages: number }> {
  const messages = await new DeliveryStore(database).giveUpAll('A backup was restored before it was sent', clock.now())
  for (const { id } of await registry.store.list()) {
    const services = await registry.services(id)
    await services?.context.transaction(operator('admin'), async (tx) => {
      await tx.audit('backup.restored', id)
      if (signEveryoneOut) await services.sessions.endAll('revoked', tx)
    })
  }
  return { messages }
}
