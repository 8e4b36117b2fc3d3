import { existsSync } from 'node:fs'
import { createClerkClient } from '@latchkey/express'

// Prints a session token of somebody in seed.json, with Acme as the active organization: node token.js user_reader
if (existsSync('.env')) process.loadEnvFile('.env')
const { CLERK_SECRET_KEY: secretKey, CLERK_API_URL: apiUrl } = process.env
const [, , userId = 'user_bookkeeper'] = process.argv

const { sessions } = createClerkClient({ secretKey, apiUrl })
const session = await sessions.createSession({ userId, activeOrganizationId: 'org_acme' })
console.log((await sessions.getToken(session.id)).jwt)
