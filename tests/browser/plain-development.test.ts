import { describe } from 'vitest'
import { executablePath } from './chromium.test-support.js'
import { coreFlows } from './flows/core.test-support.js'
import { signInFlows } from './flows/sign-in.test-support.js'
import { signUpFlows } from './flows/sign-up.test-support.js'
import { usePlainDevelopment } from './plain-app.test-support.js'

describe.skipIf(!executablePath)('at a plain page in development', () => {
  const stage = usePlainDevelopment()
  coreFlows(stage)
  signUpFlows(stage)
  signInFlows(stage)
})

describe.skipIf(!executablePath)('at a plain page with clerk-js 5 in development', () => {
  coreFlows(usePlainDevelopment('5'))
})
