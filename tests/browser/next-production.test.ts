import { describe } from 'vitest'
import { executablePath } from './chromium.test-support.js'
import { matrixFlows } from './flows/every.test-support.js'
import { flowsOf, nextWithPages, useNextProduction } from './next-app.test-support.js'

describe.skipIf(!executablePath).each(nextWithPages)('in an application with %s in production', (name) => {
  matrixFlows(useNextProduction(name), flowsOf(name))
})
