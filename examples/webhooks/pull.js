import { existsSync } from 'node:fs'
import { syncUsers } from '@latchkey/backend/webhooks'
import { openUsers } from './open-users.js'

// The same table without webhooks: this program asks the server what came since. It needs no address of its own.
if (existsSync('.env')) process.loadEnvFile('.env')
const { CLERK_SECRET_KEY: secretKey, CLERK_API_URL: apiUrl, DATABASE = 'users.db' } = process.env

const users = await openUsers(DATABASE)
const stop = new AbortController()
process.on('SIGTERM', () => stop.abort())
console.log('Following users')
await syncUsers(users.store, { secretKey, apiUrl, tables: ['users'], signal: stop.signal })
await users.close()
