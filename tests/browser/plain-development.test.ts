import { describe } from 'vitest'
import { executablePath } from './chromium.test-support.js'
import { coreFlows } from './flows/core.test-support.js'
import { everyFlow } from './flows/every.test-support.js'
import { usePlainDevelopment } from './plain-app.test-support.js'

describe.skipIf(!executablePath)('at a plain page in development', () => {
  everyFlow(usePlainDevelopment())
})

describe.skipIf(!executablePath)('at a plain page with clerk-js 5 in development', () => {
  coreFlows(usePlainDevelopment('5'))
})
