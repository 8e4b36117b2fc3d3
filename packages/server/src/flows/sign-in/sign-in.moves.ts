import type { InstanceSettings } from '../../instances/settings/settings.js'
import type { Moves, Refusal } from '../moves.js'
import { signInRefusals } from './sign-in.errors.js'
import { standsForBoth } from './sign-ins.rules.js'
import type { FirstFactorStrategy, SecondFactorStrategy, SignInStatus } from './sign-ins.table.js'

export type { FirstFactorStrategy, SecondFactorStrategy, SignInStatus }

export type SignInMove =
  | 'identify'
  | 'prepare_first_factor'
  | 'attempt_first_factor'
  | 'prepare_second_factor'
  | 'attempt_second_factor'
  | 'reset_password'
  | 'abandon'

/** The facts about one sign-in that decide its moves. */
export interface SignInState {
  /** Whether the user who wants to sign in is identified. */
  identified: boolean
  /** What the first factor was verified with. */
  firstFactor: FirstFactorStrategy | null
  /** Whether the user has to prove a second factor too. */
  secondFactorNeeded: boolean
  secondFactor: SecondFactorStrategy | null
  /** Whether the user has set a new password in this sign-in. */
  passwordReset: boolean
  /** `new`: the user has not signed in with this client before. Becomes `known` once the user has verified a code. */
  clientTrust: 'pending' | 'new' | 'known'
  /** Whether there is an address or number to which the code for a new client can be sent. */
  reachable: boolean
}

/** The status of a sign-in that begins. */
export const firstStatus = 'needs_identifier' satisfies SignInStatus

/**
 * The moves of a sign-in. A request with an identifier and a password makes two: `identify` and `attempt_first_factor`.
 * So does a request with a ticket. A move that verifies something leads to the next requirement, so that each
 * requirement is written in one place.
 */
export const signInMoves: Moves<SignInStatus, SignInMove, SignInState> = {
  needs_identifier: {
    identify: ({ identified }) => (identified ? 'needs_first_factor' : signInRefusals.identifierMissing),
    abandon: () => 'abandoned',
  },
  needs_first_factor: {
    prepare_first_factor: () => 'needs_first_factor',
    attempt_first_factor: due,
    abandon: () => 'abandoned',
  },
  needs_new_password: {
    reset_password: (state, settings) =>
      state.passwordReset ? due(state, settings) : signInRefusals.newPasswordMissing,
    abandon: () => 'abandoned',
  },
  needs_second_factor: {
    prepare_second_factor: ({ secondFactorNeeded }) =>
      secondFactorNeeded ? 'needs_second_factor' : signInRefusals.noSecondFactors,
    attempt_second_factor: (state, settings) => {
      if (!state.secondFactorNeeded) return signInRefusals.noSecondFactors
      return state.secondFactor ? due(state, settings) : signInRefusals.secondFactorMissing
    },
    abandon: () => 'abandoned',
  },
  needs_client_trust: {
    prepare_second_factor: () => 'needs_client_trust',
    attempt_second_factor: (state, settings) =>
      state.clientTrust === 'known' ? due(state, settings) : signInRefusals.clientTrustMissing,
    abandon: () => 'abandoned',
  },
  complete: {},
  abandoned: {},
}

/** What has to happen next, once the first factor is verified. */
function due(state: Readonly<SignInState>, settings: InstanceSettings): SignInStatus | Refusal {
  if (!state.identified) return signInRefusals.identifierMissing
  if (state.firstFactor === null) return signInRefusals.firstFactorMissing
  if (isPasswordReset(state.firstFactor) && !state.passwordReset) return 'needs_new_password'
  const isBoth = standsForBoth(state.firstFactor, settings)
  if (state.secondFactorNeeded && state.secondFactor === null && !isBoth) return 'needs_second_factor'
  return asksForClientTrust(state) ? 'needs_client_trust' : 'complete'
}

function isPasswordReset(strategy: FirstFactorStrategy): boolean {
  return strategy === 'reset_password_email_code' || strategy === 'reset_password_phone_code'
}

/**
 * A password may have been stolen. Codes and tickets reach the user through a channel that a password thief does not
 * control.
 */
function asksForClientTrust({
  firstFactor,
  secondFactorNeeded,
  clientTrust,
  reachable,
}: Readonly<SignInState>): boolean {
  return firstFactor === 'password' && !secondFactorNeeded && clientTrust === 'new' && reachable
}
