import { describe } from 'vitest'
import { executablePath } from './chromium.test-support.js'
import { coreFlows } from './flows/core.test-support.js'
import { everyFlow, matrixFlows, olderFlows, productionFlows } from './flows/every.test-support.js'
import { linkFlows } from './flows/sign-in.test-support.js'
import { usePlainProduction } from './plain-production.test-support.js'

describe.skipIf(!executablePath)('at a plain page in production', () => {
  matrixFlows(usePlainProduction({ name: 'plain-production' }), everyFlow, productionFlows)
})

describe.skipIf(!executablePath)('at a plain page with clerk-js 5 in production', () => {
  matrixFlows(usePlainProduction({ name: 'plain-5-production', clerkJs: '5' }), olderFlows)
})

describe.skipIf(!executablePath)("at a plain page in production, through the application's proxy", () => {
  const stage = usePlainProduction({ name: 'plain-proxied', isProxied: true })
  coreFlows(stage)
  linkFlows(stage)
})
