import type { InstanceSettings } from '../instances/settings/settings.js'

/** Why a move is refused. The flow keeps its status. */
export interface Refusal {
  /** An error code of the API. */
  code: string
  reason: string
}

/**
 * A flow: which moves each status allows, and where they lead. The functions are pure. A status without moves is final.
 *
 * `State` holds the facts about one run of the flow, such as which factor was verified.
 */
export type Moves<Status extends string, Move extends string, State> = {
  readonly [S in Status]: {
    readonly [M in Move]?: (state: Readonly<State>, settings: InstanceSettings) => Status | Refusal
  }
}

/** @param state the state after the move's action: for an attempt, with the factor verified */
export function next<Status extends string, Move extends string, State>(
  moves: Moves<Status, Move, State>,
  status: Status,
  move: Move,
  state: Readonly<State>,
  settings: InstanceSettings,
): Status | Refusal {
  const allowed = moves[status][move]
  if (!allowed) return { code: 'client_state_invalid', reason: `${move} is not possible while the status is ${status}` }
  return allowed(state, settings)
}
