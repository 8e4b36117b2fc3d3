import type {
  ReverificationLevel,
  ReverificationStatus,
} from '../../resources/session-reverifications/session-reverifications.table.js'
import type { Moves, Refusal } from '../moves.js'
import { reverificationRefusals } from './reverification.errors.js'

export type { ReverificationLevel, ReverificationStatus }

export type ReverificationMove =
  | 'prepare_first_factor'
  | 'attempt_first_factor'
  | 'prepare_second_factor'
  | 'attempt_second_factor'

/** The facts about one reverification that decide its moves. */
export interface ReverificationState {
  level: ReverificationLevel
  firstFactorProved: boolean
  secondFactorProved: boolean
  /** Whether the user has a second factor to prove. */
  hasSecondFactor: boolean
}

/** What a reverification asks for: nobody can prove a second factor that they do not have. */
export function levelFor(wanted: ReverificationLevel, hasSecondFactor: boolean): ReverificationLevel {
  return hasSecondFactor ? wanted : 'first_factor'
}

/** The status of a reverification that begins. */
export function firstStatusOf(level: ReverificationLevel): ReverificationStatus {
  return level === 'second_factor' ? 'needs_second_factor' : 'needs_first_factor'
}

/** The moves of a reverification. An attempt that proves something leads to what is due next. */
export const reverificationMoves: Moves<ReverificationStatus, ReverificationMove, ReverificationState> = {
  needs_first_factor: {
    prepare_first_factor: () => 'needs_first_factor',
    attempt_first_factor: due,
  },
  needs_second_factor: {
    prepare_second_factor: ({ hasSecondFactor }) =>
      hasSecondFactor ? 'needs_second_factor' : reverificationRefusals.noSecondFactors,
    attempt_second_factor: due,
  },
  complete: {},
}

function due(state: Readonly<ReverificationState>): ReverificationStatus | Refusal {
  const { level, firstFactorProved, secondFactorProved, hasSecondFactor } = state
  if (level !== 'second_factor' && !firstFactorProved) return reverificationRefusals.firstFactorMissing
  if (level === 'first_factor' || secondFactorProved) return 'complete'
  if (level === 'second_factor') return reverificationRefusals.secondFactorMissing
  // Somebody may have removed the second factor meanwhile.
  return hasSecondFactor ? 'needs_second_factor' : 'complete'
}
