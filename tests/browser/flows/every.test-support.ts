import type { Stage } from '../stage.test-support.js'
import { coreFlows } from './core.test-support.js'
import { invitationFlows } from './invitations.test-support.js'
import { organizationFlows } from './organization-profile.test-support.js'
import { passkeyFlows } from './passkeys.test-support.js'
import { sessionFlows } from './sessions.test-support.js'
import { linkFlows, signInFlows } from './sign-in.test-support.js'
import { signUpFlows } from './sign-up.test-support.js'
import { userProfileFlows } from './user-profile.test-support.js'

export function everyFlow(stage: Stage): void {
  coreFlows(stage)
  signUpFlows(stage)
  signInFlows(stage)
  passkeyFlows(stage)
  sessionFlows(stage)
  invitationFlows(stage)
  userProfileFlows(stage)
  organizationFlows(stage)
}

/** Those in which production is another thing than development: by its cookies, its origins and its links. */
export function productionFlows(stage: Stage): void {
  coreFlows(stage)
  linkFlows(stage)
  passkeyFlows(stage)
  sessionFlows(stage)
}

/** For clerk-js 5: some of its profiles are to be used in another way. */
export function olderFlows(stage: Stage): void {
  coreFlows(stage)
  signInFlows(stage)
}

/** These flows by `npm run browser-matrix`, which takes its time; by `npm run browser` some of them, such as the core. */
export function matrixFlows(stage: Stage, flows = everyFlow, some = coreFlows): void {
  if (process.env['BROWSER_MATRIX'] === 'whole') flows(stage)
  else some(stage)
}
