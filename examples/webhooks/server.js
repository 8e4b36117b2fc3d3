import { existsSync } from 'node:fs'
import { createApp } from './app.js'
import { openUsers } from './open-users.js'

if (existsSync('.env')) process.loadEnvFile('.env')
const { CLERK_WEBHOOK_SIGNING_SECRET: signingSecret, DATABASE = 'users.db', PORT = '3000' } = process.env
if (!signingSecret) {
  console.error(
    `The signing secret is missing. Put this line into ${process.cwd()}/.env:\n\n  CLERK_WEBHOOK_SIGNING_SECRET=whsec_…\n\n"latchkey webhooks add" and "latchkey webhooks listen" print it; with Clerk, its dashboard shows it.`,
  )
  process.exit(1)
}

const users = await openUsers(DATABASE)
const server = createApp({ users, signingSecret }).listen(Number(PORT), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}`)
})

// Finish requests in progress, so that no delivery has to be retried.
process.on('SIGTERM', () => server.close(() => users.close()))
