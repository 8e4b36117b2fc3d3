export * from '@latchkey/backend/errors'
