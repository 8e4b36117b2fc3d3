export { Admin, type CreatedInstance, type CreateInstanceOptions, type KeySummary } from './compose/admin.js'
export { AdminError, isFrontendHost, type InstanceSummary } from './compose/admin.rules.js'
export type { MessageAdmin, MessageSummary, MessageText } from './compose/message-admin.js'
export type { MessageStatus } from './outbox/messages/messages.table.js'
export type { WebhookAdmin, WebhookAttemptSummary, WebhookEndpointSummary } from './compose/webhook-admin.js'
export { ApiError } from './kernel/errors/api-error.js'
export type { AnsweredRequest } from './http/app.js'
export { isEventType } from './outbox/webhooks/event-types.js'
export { messageIdOf } from './outbox/webhooks/envelope.js'
export { isSigningSecret, newSigningSecret, signedHeaders } from './outbox/webhooks/signing.js'
export type { WebhookOptions } from './outbox/webhooks/webhooks.js'
export { cookieSuffixOf } from './instances/instance.js'
export { newSecret } from './instances/secrets.js'
export type { SigningKeyTimes } from './instances/signing-keys.js'
export type { AuditFilter, AuditPosition } from './outbox/audit.js'
export type { AuditEntryRecord } from './outbox/events.table.js'
export { createServer, type Server, type ServerOptions } from './create-server.js'
export type { CreatePages, PageMessage } from '@latchkey/types'
export { DeliverySettingError } from './outbox/messages/message-transport.js'
export type { MailOptions } from './outbox/messages/smtp-transport.js'
export type { TwilioOptions } from './outbox/messages/twilio-transport.js'
export type { GatewayOptions } from './outbox/messages/gateway-transport.js'
export {
  createIds,
  ksuid,
  silentLogger,
  systemClock,
  systemRandom,
  type Clock,
  type Ids,
  type Logger,
  type Random,
} from './kernel/runtime.js'
export type { SeedResult } from './transfer/seed/apply-seed.js'
export { SeedError } from './transfer/seed/seed-error.js'
export { takeFileLock } from './storage/file-lock.js'
export { ForeignDatabaseError, refuseForeignFile } from './storage/foreign.js'
export { SchemaError } from './storage/migrate.js'
export { migrateDatabase, type MigrateOptions } from './storage/migrate-database.js'
