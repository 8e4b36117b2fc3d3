const umd = require('@latchkey/backend/umd')
// What is for frameworks and for tests is not in the one file.
const internal = require('@latchkey/backend/internal')
const testing = require('@latchkey/backend/testing')

void import('./exercise.mjs').then(async ({ exercise }) => {
  const sdk = { main: umd, errors: umd, jwt: umd, proxy: umd, webhooks: umd, internal, testing }
  console.log(JSON.stringify(await exercise(sdk, process.env.API_URL)))
})
