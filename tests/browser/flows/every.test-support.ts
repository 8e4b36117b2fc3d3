import type { Stage } from '../stage.test-support.js'
import { coreFlows } from './core.test-support.js'
import { organizationFlows } from './organization-profile.test-support.js'
import { passkeyFlows } from './passkeys.test-support.js'
import { sessionFlows } from './sessions.test-support.js'
import { signInFlows } from './sign-in.test-support.js'
import { signUpFlows } from './sign-up.test-support.js'
import { userProfileFlows } from './user-profile.test-support.js'

export function everyFlow(stage: Stage): void {
  coreFlows(stage)
  signUpFlows(stage)
  signInFlows(stage)
  passkeyFlows(stage)
  sessionFlows(stage)
  userProfileFlows(stage)
  organizationFlows(stage)
}

/** Every flow by `npm run browser-matrix`, which takes its time; by `npm run browser` the core of them. */
export function matrixFlows(stage: Stage): void {
  if (process.env['BROWSER_MATRIX'] === 'whole') everyFlow(stage)
  else coreFlows(stage)
}
