export { signWebhook, type SignedWebhook, type SignWebhookOptions } from './webhooks/sign-webhook.js'
export { WebhookVerificationError, type WebhookErrorCode } from './webhooks/signatures.js'
export { verifyWebhook, type RawWebhook, type VerifyWebhookOptions } from './webhooks/verify-webhook.js'
export type * from './webhooks/events.js'
