import { z } from 'zod'
import type { Offer } from '../../factors/offers.rules.js'
import type { WireContext } from '../../instances/instance-context.js'
import { anyObject, component, milliseconds } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import type { SessionReverificationRecord } from '../../resources/session-reverifications/session-reverifications.table.js'
import type { SessionRecord } from '../../resources/sessions/sessions.table.js'
import { statusJSON, token } from '../../resources/sessions/sessions.wire.js'
import type { VerificationRecord } from '../../resources/verifications/verifications.table.js'
import { factor, toFactorJSON, toVerificationJSON, verification } from '../sign-in/sign-ins.wire.js'

const session = component(
  'ReverifiedSession',
  z.object({
    object: z.literal('session'),
    id: z.string(),
    status: z.enum(['active', 'pending', 'revoked', 'ended', 'expired', 'removed', 'abandoned', 'replaced']),
    actor: anyObject.nullable(),
    tasks: z.array(z.object({ key: z.string() })).nullable(),
    last_active_token: token.schema.nullable(),
    last_active_at: milliseconds,
    expire_at: milliseconds,
    abandon_at: milliseconds,
  }),
)

const schema = component(
  'SessionReverification',
  z.object({
    object: z.literal('session_reverification'),
    id: z.string(),
    level: z.enum(['first_factor', 'second_factor', 'multi_factor']),
    status: z.enum(['needs_first_factor', 'needs_second_factor', 'complete']),
    supported_first_factors: z.array(factor).nullable(),
    supported_second_factors: z.array(factor).nullable(),
    first_factor_verification: verification.nullable(),
    second_factor_verification: verification.nullable(),
    session: session,
  }),
)

/** A reverification with everything that its browser shows of it. */
export interface ReverificationView {
  reverification: SessionReverificationRecord
  /** Null where none is asked for. */
  firstFactors: Offer[] | null
  /** Null until it is their turn. */
  secondFactors: Offer[] | null
  firstVerification: VerificationRecord | null
  secondVerification: VerificationRecord | null
  session: SessionRecord
  lastActiveToken: string | null
}

export const sessionReverification = {
  schema,
  toJSON: (view: ReverificationView, context: Pick<WireContext, 'clock' | 'instance'>) => {
    const now = context.clock.now()
    return toWire(schema, view.reverification, {
      object: 'session_reverification',
      supported_first_factors: view.firstFactors?.map(toFactorJSON) ?? null,
      supported_second_factors: view.secondFactors?.map(toFactorJSON) ?? null,
      first_factor_verification: toVerificationJSON(view.firstVerification, now),
      second_factor_verification: toVerificationJSON(view.secondVerification, now),
      session: toWire(session, view.session, {
        object: 'session',
        ...statusJSON(view.session, context),
        last_active_token: view.lastActiveToken === null ? null : token.toJSON(view.lastActiveToken),
      }),
    })
  },
}
