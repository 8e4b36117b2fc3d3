import type { Database } from '../../storage/database.js'
import { removeOwnedInParts } from '../../storage/remove-in-parts.js'

/**
 * Removes what is on its way to an endpoint, and its history, before the endpoint itself is deleted. The newest go first:
 * the head of each line stays until its line is gone.
 */
export async function removeDeliveriesOf(endpointId: string, database: Database): Promise<void> {
  const endpoint = { of: 'endpoint_id', id: endpointId }
  await removeOwnedInParts(database, { table: 'webhook_deliveries', by: 'position', ...endpoint })
  await removeOwnedInParts(database, { table: 'webhook_attempts', by: 'created_at', ...endpoint })
}
