import { system } from '../../kernel/caller.js'
import type { Clock, Ids, Logger } from '../../kernel/runtime.js'
import type { Database } from '../../storage/database.js'
import { AuditTrail } from '../audit.js'
import type { EndpointRecord } from './webhooks.table.js'

interface Options {
  database: Database
  clock: Clock
  ids: Ids
  logger: Logger
}

const worker = system('webhooks')

/** What is queued waits until it is enabled again; events of the time in between are brought by `recover`. */
export async function disableEndpoint(endpointId: string, reason: string, options: Options): Promise<void> {
  const { database, clock, logger } = options
  const disabled = await database.transaction(async (queries) => {
    const row = await queries
      .updateTable('webhook_endpoints')
      .set({ disabled: 1, updated_at: clock.now() })
      .where('id', '=', endpointId)
      .where('disabled', '=', 0)
      .returning('instance_id')
      .executeTakeFirst()
    if (!row) return false
    const audit = new AuditTrail({ ...options, instanceId: row.instance_id })
    await audit.write('webhook_endpoint.disabled', endpointId, ['disabled'], worker, queries)
    return true
  })
  if (disabled) logger.warn({ endpointId, reason }, 'A webhook endpoint was disabled')
}

export async function warnOfEndpoint(endpoint: EndpointRecord, options: Options): Promise<void> {
  const { database, clock, logger } = options
  const warned = await database.transaction(async (queries) => {
    const row = await queries
      .updateTable('webhook_endpoints')
      .set({ warned_at: clock.now() })
      .where('id', '=', endpoint.id)
      .where('warned_at', 'is', null)
      .where('failing_since', 'is not', null)
      .returning('instance_id')
      .executeTakeFirst()
    if (!row) return false
    const audit = new AuditTrail({ ...options, instanceId: row.instance_id })
    await audit.write('webhook_endpoint.failing', endpoint.id, [], worker, queries)
    return true
  })
  if (warned) {
    const since = new Date(endpoint.failingSince!).toISOString()
    logger.warn({ endpointId: endpoint.id, since }, 'A webhook endpoint takes no events and will be disabled')
  }
}
