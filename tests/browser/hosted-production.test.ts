import { describe } from 'vitest'
import { executablePath } from './chromium.test-support.js'
import { matrixFlows } from './flows/every.test-support.js'
import { usePlainProduction } from './plain-production.test-support.js'

describe.skipIf(!executablePath)('at the hosted pages in production', () => {
  matrixFlows(usePlainProduction({ name: 'hosted-production', isHosted: true }))
})
