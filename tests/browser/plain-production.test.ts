import { describe } from 'vitest'
import { executablePath } from './chromium.test-support.js'
import { coreFlows } from './flows/core.test-support.js'
import { everyFlow } from './flows/every.test-support.js'
import { linkFlows } from './flows/sign-in.test-support.js'
import { usePlainProduction } from './plain-production.test-support.js'

describe.skipIf(!executablePath)('at a plain page in production', () => {
  everyFlow(usePlainProduction())
})

describe.skipIf(!executablePath)('at a plain page with clerk-js 5 in production', () => {
  coreFlows(usePlainProduction({ clerkJs: '5' }))
})

describe.skipIf(!executablePath)("at a plain page in production, through the application's proxy", () => {
  const stage = usePlainProduction({ isProxied: true })
  coreFlows(stage)
  linkFlows(stage)
})
