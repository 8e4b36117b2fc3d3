export * from '@latchkey/backend/types'
