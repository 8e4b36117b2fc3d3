import { describe, expect, it } from 'vitest'
import { ENCRYPTION_KEY } from '../../resources/users/user-parts.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { ADA, configure, newAda, openSignIn, PASSWORD, problem, TOTP_SECRET } from './sign-in.test-support.js'

describe.each(dialects)('sign-ins with a ticket on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })
  const tokenOf = async (userId: string) =>
    (await server.client.signInTokens.createSignInToken({ userId, expiresInSeconds: 600 })).token
  const actorTokenOf = async (userId: string, more: object = {}) =>
    (await server.call('POST', '/actor_tokens', { user_id: userId, actor: { sub: 'user_admin' }, ...more })).body
  const ticketIn = (url: string) => new URL(url).searchParams.get('ticket')!

  it('are complete at once, past a second factor too, and spend the ticket', async () => {
    const ada = await newAda(server, { totpSecret: TOTP_SECRET })
    const ticket = await tokenOf(ada.id)
    const browser = await openSignIn(server)
    const { status, body } = await browser.create({ strategy: 'ticket', ticket })
    expect(status).toBe(200)
    expect(body.response).toMatchObject({
      status: 'complete',
      first_factor_verification: { object: 'verification_ticket', status: 'verified', strategy: 'ticket' },
    })
    expect(body.client).toMatchObject({ last_authentication_strategy: 'ticket', sessions: [{ user: { id: ada.id } }] })
    const other = await openSignIn(server)
    expect(await other.create({ ticket })).toMatchObject({
      status: 400,
      body: problem('sign_in_token_already_used_code'),
    })
    expect((await other.client()).sign_in).toBeNull()
  })

  it('open a session in the organization of the token, for its members alone', async () => {
    await server.client.instance.updateOrganizationSettings({ enabled: true })
    const ada = await newAda(server)
    const { organizations, signInTokens } = server.client
    const first = await organizations.createOrganization({ name: 'First', createdBy: ada.id })
    await organizations.createOrganization({ name: 'Joined last', createdBy: ada.id })
    const foreign = await organizations.createOrganization({ name: 'Foreign' })
    const signIn = async (organizationId: string) => {
      const made = await server.call('POST', '/sign_in_tokens', { user_id: ada.id, org_id: organizationId })
      const { status, body } = await (await openSignIn(server)).create({ strategy: 'ticket', ticket: made.body.token })
      return { status, organization: body.client?.sessions[0]?.last_active_organization_id, id: made.body.id as string }
    }
    expect(await signIn(first.id)).toMatchObject({ status: 200, organization: first.id })
    const refused = await signIn(foreign.id)
    expect(refused.status).toBe(404)
    expect((await signInTokens.revokeSignInToken(refused.id)).status).toBe('revoked')
  })

  it('leave the ticket unspent when there is a session', async () => {
    const ada = await newAda(server)
    const ticket = await tokenOf(ada.id)
    const browser = await openSignIn(server)
    await browser.create({ identifier: ADA, password: PASSWORD })
    expect(await browser.create({ strategy: 'ticket', ticket })).toMatchObject({
      status: 400,
      body: problem('session_exists'),
    })
    const other = await openSignIn(server)
    expect((await other.create({ strategy: 'ticket', ticket })).body.response.status).toBe('complete')
  })

  it('complete one that has begun with the identifier, if it is the same user', async () => {
    const ada = await newAda(server)
    const bob = await server.client.users.createUser({ emailAddress: ['bob@example.com'] })
    const browser = await openSignIn(server)
    const { id } = (await browser.create({ identifier: ADA })).body.response
    const bobs = { strategy: 'ticket', ticket: await tokenOf(bob.id) }
    expect(await browser.step(id, 'attempt_first_factor', bobs)).toMatchObject({
      status: 400,
      body: problem('ticket_invalid_code'),
    })
    const adas = { strategy: 'ticket', ticket: await tokenOf(ada.id) }
    expect((await browser.step(id, 'attempt_first_factor', adas)).body.response.status).toBe('complete')
    const other = await openSignIn(server)
    expect((await other.create(bobs)).body.response.status).toBe('complete')
  })

  it('of somebody who acts for the user open a session that says so', async () => {
    await configure(server, { auth: { singleSessionMode: false } })
    const ada = await newAda(server)
    const { url } = await actorTokenOf(ada.id, { session_max_duration_in_seconds: 900 })
    const browser = await openSignIn(server)
    const { body } = await browser.create({ strategy: 'ticket', ticket: ticketIn(url) })
    expect(body.response.status).toBe('complete')
    const [session] = body.client.sessions
    expect(session).toMatchObject({
      actor: { sub: 'user_admin' },
      factor_verification_age: [-1, -1],
      expire_at: server.clock.now() + 900_000,
    })
    const claims = JSON.parse(Buffer.from(session.last_active_token.jwt.split('.')[1], 'base64url').toString())
    expect(claims.act).toEqual({ sub: 'user_admin' })
    expect(body.client.last_authentication_strategy).toBeNull()

    const bob = await server.client.users.createUser({ emailAddress: ['bob@example.com'], password: PASSWORD })
    expect(await browser.create({ identifier: 'bob@example.com', password: PASSWORD })).toMatchObject({
      status: 409,
      body: problem('session_creation_not_allowed'),
    })
    const other = await openSignIn(server)
    await other.create({ identifier: 'bob@example.com', password: PASSWORD })
    const { url: second } = await actorTokenOf(ada.id)
    const refused = await other.create({ strategy: 'ticket', ticket: ticketIn(second) })
    expect(refused).toMatchObject({ status: 400, body: problem('session_exists') })
    expect((await other.client()).sessions).toMatchObject([{ user: { id: bob.id } }])
  })

  it('of somebody who acts for the user end when they were to, however busy the session is', async () => {
    const ada = await newAda(server)
    const { url } = await actorTokenOf(ada.id, { session_max_duration_in_seconds: 900 })
    const browser = await openSignIn(server)
    const { body } = await browser.create({ strategy: 'ticket', ticket: ticketIn(url) })
    const { id, expire_at: end } = body.client.sessions[0]
    expect(end).toBe(server.clock.now() + 900_000)
    const touch = () => browser.call(`POST /client/sessions/${id}/touch`, { form: {} })
    const token = () => browser.call(`POST /client/sessions/${id}/tokens`, { form: {} })
    for (const minutes of [5, 5, 4]) {
      server.clock.advance(minutes * 60_000)
      expect(await touch()).toMatchObject({ status: 200, body: { response: { status: 'active', expire_at: end } } })
      expect((await token()).status).toBe(200)
    }
    server.clock.advance(60_000)
    expect((await touch()).status).toBeGreaterThanOrEqual(400)
    expect((await token()).status).toBeGreaterThanOrEqual(400)
    expect(await server.client.sessions.getSession(id)).toMatchObject({ status: 'expired', expireAt: end })
  })

  it('of an invitation lead to a sign-up, or to the sign-in of who has an account', async () => {
    const invited = await server.client.invitations.createInvitation({ emailAddress: 'new@example.com', notify: false })
    const ticket = ticketIn(invited.url!)
    const browser = await openSignIn(server)
    expect(await browser.create({ strategy: 'ticket', ticket })).toMatchObject({
      status: 400,
      body: problem('invitation_account_not_exists'),
    })
    await newAda(server)
    const again = await server.client.invitations.createInvitation({
      emailAddress: ADA,
      notify: false,
      ignoreExisting: true,
    })
    const known = await browser.create({ strategy: 'ticket', ticket: ticketIn(again.url!) })
    expect(known.body.response).toMatchObject({ status: 'needs_first_factor', identifier: ADA })
    await server.client.invitations.revokeInvitation(again.id)
    expect(await browser.create({ ticket: ticketIn(again.url!) })).toMatchObject({
      status: 400,
      body: problem('revoked_invitation'),
    })
  })

  it('are refused with a text that is no ticket, with an expired or revoked one, and with another instance’s', async () => {
    const ada = await newAda(server)
    const browser = await openSignIn(server)
    const create = (ticket: string) => browser.create({ strategy: 'ticket', ticket })
    for (const text of ['x', 'a.b.c', `${await tokenOf(ada.id)}x`]) {
      expect(await create(text)).toMatchObject({ status: 400, body: problem('ticket_invalid_code') })
    }
    const revoked = await server.client.signInTokens.createSignInToken({ userId: ada.id, expiresInSeconds: 600 })
    await server.client.signInTokens.revokeSignInToken(revoked.id)
    expect(await create(revoked.token)).toMatchObject({ status: 400, body: problem('sign_in_token_revoked_code') })
    const late = await tokenOf(ada.id)
    server.clock.advance(600_000)
    expect(await create(late)).toMatchObject({ status: 400, body: problem('ticket_expired_code') })
    expect((await browser.client()).sessions).toEqual([])
  })
})
