import { existsSync } from 'node:fs'
import { createApp } from './app.js'

const REQUIRED = {
  CLERK_SECRET_KEY: 'sk_test_…',
  CLERK_PUBLISHABLE_KEY: 'pk_test_…',
  CLERK_WEBHOOK_SIGNING_SECRET: 'whsec_…',
}

if (existsSync('.env')) process.loadEnvFile('.env')
const missing = Object.entries(REQUIRED).filter(([name]) => !process.env[name])
if (missing.length > 0) {
  const lines = missing.map(([name, example]) => `  ${name}=${example}`).join('\n')
  console.error(
    `Missing settings. Put these lines into ${process.cwd()}/.env:\n\n${lines}\n\n"npm start" in the root of the repository prints the keys.`,
  )
  process.exit(1)
}

const server = createApp().listen(process.env.PORT ?? 3000, 'localhost', () => {
  console.log(`http://localhost:${server.address().port}`)
})
