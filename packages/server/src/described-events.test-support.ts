import { openContract } from '../../../tests/contract/contract.test-support.js'
import type { EventRecord } from './outbox/events.table.js'

const contract = openContract('backend')

/**
 * Compares the webhooks that tell of events with their descriptions in the contract.
 *
 * @returns the types of the events
 * @throws for the first webhook that differs, and says where
 */
export function typesAsDescribed(events: readonly EventRecord[]): string[] {
  return events.map(({ type, payload, createdAt, instanceId }) => {
    const webhook = {
      object: 'event',
      type,
      data: payload,
      instance_id: instanceId,
      timestamp: createdAt,
      event_attributes: { http_request: { client_ip: '192.0.2.1', user_agent: 'tests' } },
    }
    contract.validateEvent(webhook)
    return type
  })
}
