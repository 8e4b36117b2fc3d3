import { z } from 'zod'
import type { WireContext } from '../../instances/instance-context.js'
import { anyObject, component, milliseconds } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import { me, type Me } from '../me/me.wire.js'
import { publicUserData, toPublicUser } from '../users/public-user-data.wire.js'
import { factorAge } from './session-claims.rules.js'
import type { SessionRecord } from './sessions.table.js'
import { statusJSON, token } from './sessions.wire.js'

const schema = component(
  'FrontendSession',
  z.object({
    object: z.literal('session'),
    id: z.string(),
    status: z.enum(['active', 'pending', 'revoked', 'ended', 'expired', 'removed', 'abandoned', 'replaced']),
    actor: anyObject.nullable(),
    tasks: z.array(z.object({ key: z.string() })).nullable(),
    last_active_organization_id: z.string().nullable(),
    last_active_token: token.schema.nullable(),
    user: me.schema,
    public_user_data: publicUserData.schema,
    factor_verification_age: z.array(z.int()),
    last_active_at: milliseconds,
    expire_at: milliseconds,
    abandon_at: milliseconds,
    created_at: milliseconds,
    updated_at: milliseconds,
  }),
)

/** A session with everything that its browser shows of it. */
export interface SessionView {
  session: SessionRecord
  user: Me
  /** Null once the session is over. */
  lastActiveToken: string | null
}

/** A session as its browser sees it. */
export const frontendSession = {
  schema,
  toJSON: ({ session, user, lastActiveToken }: SessionView, context: WireContext) => {
    const now = context.clock.now()
    return toWire(schema, session, {
      object: 'session',
      ...statusJSON(session, context),
      last_active_token: lastActiveToken === null ? null : token.toJSON(lastActiveToken),
      user: me.toJSON(user, context),
      public_user_data: publicUserData.toJSON(toPublicUser(user), context),
      factor_verification_age: [
        factorAge(session.firstFactorVerifiedAt, now),
        factorAge(session.secondFactorVerifiedAt, now),
      ],
    })
  },
}
