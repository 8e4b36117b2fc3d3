export * from '@latchkey/backend/webhooks'
