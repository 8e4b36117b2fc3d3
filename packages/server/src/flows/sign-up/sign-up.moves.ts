import type { Moves } from '../moves.js'
import { isComplete, signUpFields, type SignUpFacts } from './sign-up-fields.rules.js'
import { signUpRefusals } from './sign-up.errors.js'

export type SignUpFlowStatus = 'missing_requirements' | 'complete' | 'abandoned'
export type SignUpMove = 'update' | 'prepare_verification' | 'attempt_verification'

const outdated = () => signUpRefusals.outdated
const completed = () => signUpRefusals.completed

/** What a sign-up can do, by its status. Completing is no move of its own: it happens once nothing is left to do. */
export const signUpMoves: Moves<SignUpFlowStatus, SignUpMove, SignUpFacts> = {
  missing_requirements: {
    update: due,
    prepare_verification: () => 'missing_requirements',
    attempt_verification: due,
  },
  complete: { update: completed, prepare_verification: completed, attempt_verification: completed },
  abandoned: { update: outdated, prepare_verification: outdated, attempt_verification: outdated },
}

function due(facts: Readonly<SignUpFacts>, settings: Parameters<typeof signUpFields>[1]): SignUpFlowStatus {
  return isComplete(signUpFields(facts, settings), facts) ? 'complete' : 'missing_requirements'
}
