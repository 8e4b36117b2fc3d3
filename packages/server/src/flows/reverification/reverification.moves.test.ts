import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultSettings } from '../../instances/settings/settings.js'
import { next } from '../moves.js'
import {
  firstStatusOf,
  levelFor,
  reverificationMoves,
  type ReverificationLevel,
  type ReverificationMove,
  type ReverificationState,
  type ReverificationStatus,
} from './reverification.moves.js'

const settings = defaultSettings('development')
const levels: readonly ReverificationLevel[] = ['first_factor', 'second_factor', 'multi_factor']

/** What somebody tries, whether the proof is right, and whether the user has a second factor at that moment. */
const step = fc.record({
  move: fc.constantFrom<ReverificationMove>(
    'prepare_first_factor',
    'attempt_first_factor',
    'prepare_second_factor',
    'attempt_second_factor',
  ),
  right: fc.boolean(),
  hasSecondFactor: fc.boolean(),
})

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

interface Run {
  status: ReverificationStatus
  state: ReverificationState
}

function begin(wanted: ReverificationLevel, hasSecondFactor: boolean): Run {
  const level = levelFor(wanted, hasSecondFactor)
  const state = { level, firstFactorProved: false, secondFactorProved: false, hasSecondFactor }
  return { status: firstStatusOf(level), state }
}

/** As the service does it: a wrong proof makes no move, a right one is noted before the move. */
function take({ status, state }: Run, { move, right, hasSecondFactor }: Step): Run {
  if (move.startsWith('attempt') && (!right || !reverificationMoves[status][move])) return { status, state }
  const proved = {
    ...state,
    hasSecondFactor,
    firstFactorProved: state.firstFactorProved || move === 'attempt_first_factor',
    secondFactorProved: state.secondFactorProved || move === 'attempt_second_factor',
  }
  const noted = move.startsWith('attempt') ? proved : { ...state, hasSecondFactor }
  const outcome = next(reverificationMoves, status, move, noted, settings)
  return typeof outcome === 'string' ? { status: outcome, state: noted } : { status, state }
}

describe('the moves of a reverification', () => {
  it('never complete it without what its level asks for', () => {
    fc.assert(
      fc.property(fc.constantFrom(...levels), fc.boolean(), fc.array(step, { maxLength: 12 }), (wanted, has, steps) => {
        let run = begin(wanted, has)
        for (const one of steps) {
          run = take(run, one)
          const { level, firstFactorProved, secondFactorProved, hasSecondFactor } = run.state
          if (run.status !== 'complete') continue
          if (level !== 'second_factor') expect(firstFactorProved).toBe(true)
          if (level === 'second_factor') expect(secondFactorProved).toBe(true)
          if (level === 'multi_factor' && hasSecondFactor) expect(secondFactorProved).toBe(true)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('lead to the end from every status, and from there nowhere', () => {
    for (const wanted of levels) {
      for (const has of [true, false]) {
        let run = begin(wanted, has)
        const right = { right: true, hasSecondFactor: has }
        run = take(run, { move: 'attempt_first_factor', ...right })
        run = take(run, { move: 'attempt_second_factor', ...right })
        expect(run.status).toBe('complete')
      }
    }
    expect(reverificationMoves.complete).toEqual({})
  })

  it('begin with the first factor where there is no second one', () => {
    expect(levels.map((level) => levelFor(level, false))).toEqual(['first_factor', 'first_factor', 'first_factor'])
    expect(levels.map((level) => levelFor(level, true))).toEqual(levels)
    expect(levels.map(firstStatusOf)).toEqual(['needs_first_factor', 'needs_second_factor', 'needs_first_factor'])
  })
})
