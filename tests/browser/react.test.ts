import { describe } from 'vitest'
import { executablePath } from './chromium.test-support.js'
import { coreFlows } from './flows/core.test-support.js'
import { signInFlows } from './flows/sign-in.test-support.js'
import { signUpFlows } from './flows/sign-up.test-support.js'
import { useReactDevelopment } from './react-app.test-support.js'

describe.skipIf(!executablePath)('in a React application in development', () => {
  const stage = useReactDevelopment()
  coreFlows(stage)
  signUpFlows(stage)
  signInFlows(stage)
})
