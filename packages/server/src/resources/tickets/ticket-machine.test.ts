import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { operator } from '../../kernel/caller.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { ENCRYPTION_KEY, servicesOf } from '../users/user-parts.test-support.js'
import type { TicketKind } from './tickets.table.js'

const caller = operator('test')
/** Seconds. */
const LIFETIME = 60

/** What may happen to one of the tickets; `which` and `kind` are any number and any kind. */
const step = fc.oneof(
  fc.record({ act: fc.constant('make' as const) }),
  fc.record({ act: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: LIFETIME }) }),
  fc.record({ act: fc.constant('redeem' as const), which: fc.nat(), here: fc.boolean(), fails: fc.boolean() }),
  fc.record({ act: fc.constant('revoke' as const), which: fc.nat() }),
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

interface Model {
  id: string
  token: string
  expiresAt: number
  status: 'pending' | 'accepted' | 'revoked'
}

describe.each(dialects)('a ticket on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })

  it('is used once or revoked once, in its time and for its purpose, whatever happens in whatever order', async () => {
    const { tickets } = await servicesOf(server)
    const { id: userId } = await server.client.users.createUser({ username: 'ada_l' })
    const codeOf = async (attempt: Promise<unknown>) =>
      attempt.then(
        () => 'done',
        (error: { errors?: { code: string }[]; message: string }) => error.errors?.[0]!.code ?? error.message,
      )

    /** What the rules say comes of redeeming; changes the model if it succeeds. */
    const expectRedeemed = (ticket: Model, { here, fails }: { here: boolean; fails: boolean }): string => {
      if (!here) return 'sign_in_token_not_in_sign_in_code'
      if (ticket.expiresAt <= server.clock.now()) return 'ticket_expired_code'
      if (ticket.status === 'accepted') return 'sign_in_token_already_used_code'
      if (ticket.status === 'revoked') return 'sign_in_token_revoked_code'
      if (fails) return 'the effects failed'
      ticket.status = 'accepted'
      return 'done'
    }
    const expectRevoked = (ticket: Model): string => {
      if (ticket.status !== 'pending') return 'sign_in_token_cannot_be_revoked_code'
      ticket.status = 'revoked'
      return 'done'
    }

    const take = async (made: Model[], one: Step): Promise<void> => {
      if (one.act === 'wait') return server.clock.advance(one.seconds * 1000)
      if (one.act === 'make') {
        const expiresInSeconds = LIFETIME
        const { id, token } = await server.client.signInTokens.createSignInToken({ userId, expiresInSeconds })
        made.push({ id, token, expiresAt: server.clock.now() + LIFETIME * 1000, status: 'pending' })
        return
      }
      const ticket = made[one.which % (made.length || 1)]
      if (!ticket) return
      if (one.act === 'revoke') {
        const revoked = await codeOf(server.client.signInTokens.revokeSignInToken(ticket.id))
        expect(revoked).toBe(expectRevoked(ticket))
        return
      }
      const kinds: TicketKind[] = one.here ? ['sign_in_token', 'actor_token'] : ['actor_token']
      const redeemed = await codeOf(
        tickets.redeem(ticket.token, kinds, caller, async () => {
          if (one.fails) throw new Error('the effects failed')
        }),
      )
      expect(redeemed).toBe(expectRedeemed(ticket, one))
    }

    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const made: Model[] = []
        await take(made, { act: 'make' })
        for (const one of steps) await take(made, one)
        const rows = await tickets.findAll(made.map(({ id }) => id))
        expect(made.map(({ id }) => rows.get(id)?.status)).toEqual(made.map(({ status }) => status))
      }),
      { numRuns: 25 },
    )
  })
})
