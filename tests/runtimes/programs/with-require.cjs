const subpaths = ['errors', 'internal', 'jwt', 'proxy', 'testing', 'types', 'webhooks']
const sdk = { main: require('@latchkey/backend') }
for (const subpath of subpaths) sdk[subpath] = require(`@latchkey/backend/${subpath}`)

void import('./exercise.mjs').then(async ({ exercise }) => {
  console.log(JSON.stringify(await exercise(sdk, process.env.API_URL)))
})
