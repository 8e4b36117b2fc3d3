export { signWebhook, type SignedWebhook, type SignWebhookOptions } from './webhooks/sign-webhook.js'
export { WebhookVerificationError, type WebhookErrorCode } from './webhooks/signatures.js'
export { verifyWebhook, type RawWebhook, type VerifyWebhookOptions } from './webhooks/verify-webhook.js'
export type * from './webhooks/events.js'
export {
  EventsError,
  readEvents,
  type EventsErrorCode,
  type EventSourceOptions,
  type EventsPage,
  type PulledEvent,
  type ReadEventsOptions,
} from './webhooks/read-events.js'
export {
  syncUsers,
  type SyncChange,
  type SyncedRows,
  type SyncedTable,
  type SyncStore,
  type SyncUsersOptions,
} from './webhooks/sync-users.js'
