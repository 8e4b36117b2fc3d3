import { describe } from 'vitest'
import { executablePath } from './chromium.test-support.js'
import { everyFlow, matrixFlows, olderFlows } from './flows/every.test-support.js'
import { usePlainDevelopment } from './plain-app.test-support.js'

describe.skipIf(!executablePath)('at a plain page in development', () => {
  everyFlow(usePlainDevelopment({ name: 'plain-development' }))
})

describe.skipIf(!executablePath)('at a plain page with clerk-js 5 in development', () => {
  matrixFlows(usePlainDevelopment({ name: 'plain-5-development', clerkJs: '5' }), olderFlows)
})
