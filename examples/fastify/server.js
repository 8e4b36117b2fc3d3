import { existsSync } from 'node:fs'

const REQUIRED = { CLERK_SECRET_KEY: 'sk_test_…', CLERK_PUBLISHABLE_KEY: 'pk_test_…' }

if (existsSync('.env')) process.loadEnvFile('.env')
const missing = Object.entries(REQUIRED).filter(([name]) => !process.env[name])
if (missing.length > 0) {
  const lines = missing.map(([name, example]) => `  ${name}=${example}`).join('\n')
  console.error(
    `Missing settings. Put these lines into ${process.cwd()}/.env:\n\n${lines}\n\n"npm start" in the root of the repository prints the keys.`,
  )
  process.exit(1)
}

// Imported after the environment is complete, because @clerk/fastify reads it on import. @latchkey/fastify reads it
// later.
const { createApp } = await import('./app.js')
const app = await createApp()
console.log(await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT ?? 3000) }))
