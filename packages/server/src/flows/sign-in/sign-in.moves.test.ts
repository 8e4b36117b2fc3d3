import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultSettings, type InstanceSettings } from '../../instances/settings/settings.js'
import { next, type Refusal } from '../moves.js'
import {
  firstStatus,
  signInMoves,
  type FirstFactorStrategy,
  type SecondFactorStrategy,
  type SignInMove,
  type SignInState,
  type SignInStatus,
} from './sign-in.moves.js'

const moves = [
  'identify',
  'prepare_first_factor',
  'attempt_first_factor',
  'prepare_second_factor',
  'attempt_second_factor',
  'reset_password',
  'abandon',
] as const satisfies readonly SignInMove[]
const statuses = Object.keys(signInMoves) as SignInStatus[]
const firstFactors: readonly FirstFactorStrategy[] = [
  'password',
  'email_code',
  'email_link',
  'phone_code',
  'passkey',
  'reset_password_email_code',
  'reset_password_phone_code',
  'ticket',
]
const secondFactors: readonly SecondFactorStrategy[] = ['totp', 'phone_code', 'backup_code', 'ticket']

const production = defaultSettings('production')
const settings = fc.constantFrom(defaultSettings('development'), production, {
  ...production,
  passkey: { ...production.passkey, satisfiesSecondFactor: false },
})
const clientTrust = fc.constantFrom('pending' as const, 'new' as const, 'known' as const)

/** Any state at all, also those that no sign-in should come to. */
const anyState: fc.Arbitrary<SignInState> = fc.record({
  identified: fc.boolean(),
  firstFactor: fc.constantFrom(null, ...firstFactors),
  secondFactorNeeded: fc.boolean(),
  secondFactor: fc.constantFrom(null, ...secondFactors),
  passwordReset: fc.boolean(),
  clientTrust,
  reachable: fc.boolean(),
})

const fresh: SignInState = {
  identified: false,
  firstFactor: null,
  secondFactorNeeded: false,
  secondFactor: null,
  passwordReset: false,
  clientTrust: 'known',
  reachable: true,
}

const isRefusal = (outcome: SignInStatus | Refusal): outcome is Refusal => typeof outcome !== 'string'
/** A passkey that its device unlocked, where the instance takes it for both factors. */
const isBoth = ({ firstFactor }: SignInState, { passkey }: InstanceSettings) =>
  firstFactor === 'passkey' && passkey.satisfiesSecondFactor
const isReset = (strategy: FirstFactorStrategy | null) => strategy?.startsWith('reset_password_') ?? false

/**
 * One step of somebody who tries everything. The proof that goes with a move may be right or not. Weighted, so that
 * many walks come far.
 */
const step = fc.record({
  move: fc.oneof(
    { arbitrary: fc.constantFrom(...moves.filter((move) => move !== 'abandon')), weight: 40 },
    { arbitrary: fc.constant('abandon' as const), weight: 1 },
  ),
  right: fc.oneof({ arbitrary: fc.constant(true), weight: 3 }, { arbitrary: fc.constant(false), weight: 1 }),
  first: fc.oneof(fc.constant('password' as const), fc.constantFrom(...firstFactors)),
  second: fc.constantFrom(...secondFactors),
})
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** What is known after the step, as far as the status lets anything be verified. */
function withProof(status: SignInStatus, state: SignInState, { move, right, first, second }: Step): SignInState {
  if (!right) return state
  if (move === 'identify') return { ...state, identified: true }
  if (move === 'reset_password') return { ...state, passwordReset: true }
  if (move === 'attempt_first_factor') return { ...state, firstFactor: first }
  if (move !== 'attempt_second_factor') return state
  return status === 'needs_client_trust' ? { ...state, clientTrust: 'known' } : { ...state, secondFactor: second }
}

/** A sign-in of one kind of user, tried in any way. */
const walk = fc.record({
  user: fc.record({ secondFactorNeeded: fc.boolean(), clientTrust, reachable: fc.boolean() }),
  steps: fc.array(step, { minLength: 1, maxLength: 30, size: 'max' }),
  settings,
})

interface Visit {
  from: SignInStatus
  move: SignInMove
  to: SignInStatus
  refused: boolean
  state: SignInState
}

/** Takes the steps as a server does: what a refused move would have proved is not kept. */
function visits({ user, steps, settings }: typeof walk extends fc.Arbitrary<infer T> ? T : never): Visit[] {
  let status: SignInStatus = firstStatus
  let state: SignInState = { ...fresh, ...user }
  return steps.map((taken) => {
    const from = status
    const proved = withProof(from, state, taken)
    const outcome = next(signInMoves, from, taken.move, Object.freeze(proved), settings)
    if (!isRefusal(outcome)) [status, state] = [outcome, proved]
    return { from, move: taken.move, to: status, refused: isRefusal(outcome), state }
  })
}

describe('sign-in', () => {
  it('never completes without a verified first factor, nor without a second one that the user has', () => {
    fc.assert(
      fc.property(walk, (walked) => {
        for (const { to, state } of visits(walked)) {
          if (to !== 'complete') continue
          expect(state.identified).toBe(true)
          expect(state.firstFactor).not.toBeNull()
          if (state.secondFactorNeeded && !isBoth(state, walked.settings)) expect(state.secondFactor).not.toBeNull()
          if (isReset(state.firstFactor)) expect(state.passwordReset).toBe(true)
        }
      }),
      { numRuns: 3000 },
    )
  })

  it('never completes so, whatever status and state it is given', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...statuses),
        fc.constantFrom(...moves),
        anyState,
        settings,
        (status, move, state, given) => {
          if (next(signInMoves, status, move, state, given) !== 'complete') return
          expect(state.identified && state.firstFactor !== null).toBe(true)
          expect(state.secondFactor !== null || !state.secondFactorNeeded || isBoth(state, given)).toBe(true)
          expect(state.passwordReset || !isReset(state.firstFactor)).toBe(true)
        },
      ),
      { numRuns: 5000 },
    )
  })

  it('never leads a password alone past a client that the user does not know', () => {
    fc.assert(
      fc.property(walk, (walked) => {
        const { secondFactorNeeded, clientTrust: trust, reachable } = walked.user
        if (secondFactorNeeded || trust !== 'new' || !reachable) return
        for (const { to, state } of visits(walked)) {
          if (to === 'complete' && state.firstFactor === 'password') expect(state.clientTrust).toBe('known')
        }
      }),
      { numRuns: 3000 },
    )
  })

  it('stays as it is with a refused move', () => {
    fc.assert(
      fc.property(walk, (walked) => {
        for (const { from, to, refused } of visits(walked)) if (refused) expect(to).toBe(from)
      }),
    )
    fc.assert(
      fc.property(
        fc.constantFrom(...statuses),
        fc.constantFrom(...moves),
        anyState,
        settings,
        (status, move, state, given) => {
          const before = structuredClone(state)
          const outcome = next(signInMoves, status, move, state, given)
          expect(state).toEqual(before)
          expect(next(signInMoves, status, move, state, given)).toEqual(outcome)
          if (isRefusal(outcome)) expect(outcome).toEqual({ code: expect.any(String), reason: expect.any(String) })
        },
      ),
    )
  })

  it.each(['complete', 'abandoned'] as const)('makes no move once it is %s', (status) => {
    fc.assert(
      fc.property(fc.constantFrom(...moves), anyState, settings, (move, state, given) => {
        expect(next(signInMoves, status, move, state, given)).toMatchObject({ code: 'client_state_invalid' })
      }),
    )
  })

  it('can be abandoned until then', () => {
    for (const status of statuses.filter((one) => one !== 'complete' && one !== 'abandoned')) {
      expect(next(signInMoves, status, 'abandon', fresh, defaultSettings('production'))).toBe('abandoned')
    }
  })

  it('can come from every unfinished status to its end', () => {
    const complete = { ...fresh, identified: true, firstFactor: 'email_code', secondFactor: 'totp' } as const
    const ways: [SignInStatus, SignInMove, SignInState][] = [
      ['needs_first_factor', 'attempt_first_factor', complete],
      ['needs_second_factor', 'attempt_second_factor', { ...complete, secondFactorNeeded: true }],
      ['needs_client_trust', 'attempt_second_factor', { ...complete, firstFactor: 'password' }],
      [
        'needs_new_password',
        'reset_password',
        { ...complete, firstFactor: 'reset_password_email_code', passwordReset: true },
      ],
    ]
    for (const [status, move, state] of ways) {
      expect(next(signInMoves, status, move, state, defaultSettings('production'))).toBe('complete')
    }
    const visited = fc.sample(walk, { numRuns: 3000, seed: 1 }).flatMap((walked) => visits(walked).map(({ to }) => to))
    expect([...new Set(visited)].sort()).toEqual([...statuses].sort())
  })

  describe('after the first factor', () => {
    const after = (state: Partial<SignInState>) =>
      next(
        signInMoves,
        'needs_first_factor',
        'attempt_first_factor',
        { ...fresh, identified: true, ...state },
        defaultSettings('production'),
      )

    it.each<[string, Partial<SignInState>, SignInStatus]>([
      ['a password', { firstFactor: 'password' }, 'complete'],
      [
        'a password of a user with a second factor',
        { firstFactor: 'password', secondFactorNeeded: true },
        'needs_second_factor',
      ],
      ['a password with a new client', { firstFactor: 'password', clientTrust: 'new' }, 'needs_client_trust'],
      [
        'a password with a new client of a user who cannot be reached',
        { firstFactor: 'password', clientTrust: 'new', reachable: false },
        'complete',
      ],
      [
        'a password with a new client of a user with a second factor',
        { firstFactor: 'password', clientTrust: 'new', secondFactorNeeded: true },
        'needs_second_factor',
      ],
      ['a passkey of a user with a second factor', { firstFactor: 'passkey', secondFactorNeeded: true }, 'complete'],
      ['a code with a new client', { firstFactor: 'email_code', clientTrust: 'new' }, 'complete'],
      [
        'a code to reset the password',
        { firstFactor: 'reset_password_phone_code', secondFactorNeeded: true },
        'needs_new_password',
      ],
      [
        'a ticket of a user with a second factor, which it stands for too',
        { firstFactor: 'ticket', secondFactor: 'ticket', secondFactorNeeded: true },
        'complete',
      ],
    ])('%s', (_, state, status) => {
      expect(after(state)).toBe(status)
    })

    it('asks for the second factor after a new password', () => {
      const state: SignInState = {
        ...fresh,
        identified: true,
        firstFactor: 'reset_password_email_code',
        passwordReset: true,
        secondFactorNeeded: true,
      }
      expect(next(signInMoves, 'needs_new_password', 'reset_password', state, defaultSettings('production'))).toBe(
        'needs_second_factor',
      )
    })
  })

  it.each<[SignInStatus, SignInMove, Partial<SignInState>, string]>([
    ['needs_identifier', 'attempt_first_factor', { firstFactor: 'password' }, 'client_state_invalid'],
    ['needs_identifier', 'identify', {}, 'client_state_invalid'],
    ['needs_first_factor', 'attempt_first_factor', { identified: true }, 'verification_missing'],
    ['needs_first_factor', 'attempt_second_factor', { secondFactor: 'totp' }, 'client_state_invalid'],
    ['needs_second_factor', 'attempt_second_factor', { secondFactorNeeded: true }, 'verification_missing'],
    ['needs_second_factor', 'attempt_second_factor', {}, 'no_second_factors'],
    ['needs_second_factor', 'prepare_second_factor', {}, 'no_second_factors'],
    ['needs_client_trust', 'attempt_second_factor', { clientTrust: 'new' }, 'verification_missing'],
    ['needs_new_password', 'reset_password', {}, 'client_state_invalid'],
    ['needs_new_password', 'attempt_first_factor', { firstFactor: 'password' }, 'client_state_invalid'],
  ])('in %s refuses %s with %j: %s', (status, move, state, code) => {
    expect(next(signInMoves, status, move, { ...fresh, ...state }, defaultSettings('production'))).toMatchObject({
      code,
    })
  })
})
