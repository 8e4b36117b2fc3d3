import { describe } from 'vitest'
import { executablePath } from './chromium.test-support.js'
import { matrixFlows } from './flows/every.test-support.js'
import { useReactProduction } from './react-app.test-support.js'

describe.skipIf(!executablePath)('in a React application in production', () => {
  matrixFlows(useReactProduction())
})
