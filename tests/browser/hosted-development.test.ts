import { describe } from 'vitest'
import { executablePath } from './chromium.test-support.js'
import { matrixFlows } from './flows/every.test-support.js'
import { usePlainDevelopment } from './plain-app.test-support.js'

describe.skipIf(!executablePath)('at the hosted pages in development', () => {
  matrixFlows(usePlainDevelopment({ name: 'hosted-development', isHosted: true }))
})
