export {
  Admin,
  AdminError,
  newSecretKey,
  type CreatedInstance,
  type CreateInstanceOptions,
  type InstanceSummary,
  type KeySummary,
} from './admin.js'
export { createServer, type Server, type ServerOptions } from './create-server.js'
export { DeliverySettingError } from './messages/message-transport.js'
export type { MailOptions } from './messages/smtp-transport.js'
export type { SmsOptions } from './messages/twilio-transport.js'
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
} from './runtime.js'
export type { SeedResult } from './seed/apply-seed.js'
export { SeedError } from './seed/seed-error.js'
export { SchemaError } from './storage/migrate.js'
export { migrateDatabase, type MigrateOptions } from './migrate-database.js'
