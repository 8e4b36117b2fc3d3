// A server, and what removes its old events once an hour.
export { createServer } from '../../packages/server/src/create-server.js'
export { webhookRemovals } from '../../packages/server/src/outbox/webhooks/webhooks.js'
