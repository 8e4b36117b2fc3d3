import { beforeEach, describe, expect, it } from 'vitest'
import { operator } from '../../kernel/caller.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { ENCRYPTION_KEY, servicesOf } from '../users/user-parts.test-support.js'
import type { TicketKind } from './tickets.table.js'

const caller = operator('test')
const ALL: TicketKind[] = ['sign_in_token', 'actor_token', 'agent_task', 'invitation']

const refused = (code: string, status = 400) => ({ status, errors: [{ code }] })
const decoded = (token: string, part: number) =>
  JSON.parse(Buffer.from(token.split('.')[part]!, 'base64url').toString()) as Record<string, unknown>

describe.each(dialects)('tickets on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })
  let userId: string

  beforeEach(async () => {
    userId = (await server.client.users.createUser({ username: 'ada_l' })).id
  })

  const services = () => servicesOf(server)
  const redeem = async (token: string, kinds: readonly TicketKind[] = ALL) =>
    (await services()).tickets.redeem(token, kinds, caller, async (ticket) => ticket)
  const signInToken = (expiresInSeconds?: number) =>
    server.client.signInTokens.createSignInToken({ userId, ...(expiresInSeconds ? { expiresInSeconds } : {}) })

  it('say what they are in a JWT that only this server can make', async () => {
    const { id, token } = await signInToken(60)

    expect(decoded(token, 0)).toEqual({ alg: 'HS256', cat: 'latchkey_ticket', typ: 'JWT' })
    expect(decoded(token, 1)).toEqual({
      eis: 60,
      exp: Math.ceil(server.clock.now() / 1000 + 60),
      iid: server.instance.id,
      sid: id,
      st: 'sign_in_token',
    })
    const [head, , signature] = token.split('.')
    const claims = { ...decoded(token, 1), exp: 9_999_999_999 }
    const forged = [head, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.')
    const none = [Buffer.from('{"alg":"none"}').toString('base64url'), token.split('.')[1], ''].join('.')
    for (const text of ['', 'ticket', 'a.b.c', forged, none, `${token}x`, `${token}.x`, token.slice(0, -1)]) {
      await expect(redeem(text)).rejects.toMatchObject(refused('ticket_invalid_code'))
    }
  })

  it('are no session tokens, and session tokens are no tickets', async () => {
    const session = await server.client.sessions.createSession({ userId })
    const { jwt } = await server.client.sessions.getToken(session.id)
    const { token } = await signInToken()

    await expect(redeem(jwt)).rejects.toMatchObject(refused('ticket_invalid_code'))
    const verified = await server.call('POST', `/sessions/${session.id}/verify`, { token })
    expect(verified.status).toBeGreaterThanOrEqual(400)
  })

  it('are redeemed once, and bring what they were made with', async () => {
    const { id, token } = await signInToken()

    expect(await redeem(token)).toMatchObject({ id, kind: 'sign_in_token', userId, status: 'accepted' })
    await expect(redeem(token)).rejects.toMatchObject(refused('sign_in_token_already_used_code'))
  })

  it('are redeemed once under 64 calls', async () => {
    const { token } = await signInToken()
    const { tickets } = await services()

    let effects = 0
    const outcomes = await Promise.allSettled(
      Array.from({ length: 64 }, () =>
        tickets.redeem(token, ALL, caller, async (_, tx) => tx.afterCommit(() => (effects += 1))),
      ),
    )

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(effects).toBe(1)
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') {
        expect(outcome.reason).toMatchObject(refused('sign_in_token_already_used_code'))
      }
    }
  })

  it('are spent together with their effects: what fails leaves them as they were', async () => {
    const { token } = await signInToken()
    const { tickets } = await services()

    const failing = tickets.redeem(token, ALL, caller, async () => {
      throw new Error('The user is banned')
    })
    await expect(failing).rejects.toThrow('The user is banned')
    expect(await redeem(token)).toMatchObject({ status: 'accepted' })
  })

  it('are refused where another kind is asked for', async () => {
    const actor = await server.client.actorTokens.create({ userId, actor: { sub: 'user_support' } })
    const task = await server.client.agentTasks.create({
      onBehalfOf: { userId },
      permissions: '*',
      agentName: 'shopper',
      taskDescription: 'Buy milk',
      redirectUrl: 'https://example.com',
    })
    const invitation = await server.client.invitations.createInvitation({ emailAddress: 'grace@example.com' })
    const tokens: [string, string][] = [
      ['sign_in_token_not_in_sign_in_code', (await signInToken()).token],
      ['actor_token_not_in_sign_in_code', actor.token],
      ['agent_task_not_in_sign_in', ticketIn(task.url)],
    ]

    for (const [code, token] of tokens) {
      await expect(redeem(token, ['invitation'])).rejects.toMatchObject(refused(code))
      // Refused before anything is spent.
      expect(await redeem(token)).toMatchObject({ status: 'accepted' })
    }
    await expect(redeem(ticketIn(invitation.url!), ['sign_in_token'])).rejects.toMatchObject(
      refused('ticket_invalid_code'),
    )
  })

  it('are good in their own instance only', async () => {
    const { token } = await signInToken()
    const other = await server.server.createInstance()
    const { tickets } = await servicesOf({ ...server, instance: other })

    await expect(tickets.redeem(token, ALL, caller, async () => {})).rejects.toMatchObject(
      refused('ticket_invalid_code'),
    )
    expect(await redeem(token)).toMatchObject({ status: 'accepted' })
  })

  it('expire to the millisecond', async () => {
    const [first, second] = [await signInToken(60), await signInToken(60)]

    server.clock.advance(60_000 - 1)
    expect(await redeem(first.token)).toMatchObject({ status: 'accepted' })
    server.clock.advance(1)
    await expect(redeem(second.token)).rejects.toMatchObject(refused('ticket_expired_code'))
  })

  it('are good for nothing once they are revoked', async () => {
    const { id, token } = await signInToken()

    await server.client.signInTokens.revokeSignInToken(id)
    await expect(redeem(token)).rejects.toMatchObject(refused('sign_in_token_revoked_code'))
  })

  it('end with their user, and say so', async () => {
    const { token } = await signInToken()
    const actor = await server.client.actorTokens.create({ userId, actor: { sub: 'user_support' } })

    await server.client.users.deleteUser(userId)
    await expect(redeem(token)).rejects.toMatchObject(refused('resource_not_found', 404))
    await expect(redeem(actor.token)).rejects.toMatchObject(refused('actor_token_subject_not_found', 404))
  })

  it('leave a trace of their use', async () => {
    const { id, token } = await signInToken()
    await redeem(token)

    const { audit } = await services()
    const entries = await audit.list({ targetId: id }, { limit: 10 })
    expect(entries.map(({ action }) => action)).toEqual(['sign_in_token.created', 'sign_in_token.accepted'])
  })
})

function ticketIn(url: string): string {
  return new URL(url).searchParams.get('ticket')!
}
