import { decodeJwt } from '@latchkey/crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { callFrontend } from '../../browser.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { impersonate, signedIn, signInAs } from '../account/account.test-support.js'
import { ADA, configure, openSignIn, PASSWORD } from '../sign-in/sign-in.test-support.js'

describe.each(dialects)('what clients of browsers rely on, on %s', (dialect) => {
  const server = useTestServer(dialect)
  const organizations = { enabled: true, personalAccountsEnabled: true }

  beforeEach(() => configure(server, { organizations }))

  const inOrganization = async () => {
    const person = await signedIn(server)
    const { id } = await server.client.organizations.createOrganization({ name: 'Tea & Co', createdBy: person.userId })
    const touch = (organizationId: string) =>
      person.call(`POST /client/sessions/${person.sessionId}/touch`, {
        form: { active_organization_id: organizationId },
      })
    const token = async (form: object = {}) => {
      const { body } = await person.call(`POST /client/sessions/${person.sessionId}/tokens`, { form: { ...form } })
      return body.jwt as string
    }
    return { person, id, touch, token }
  }
  const organizationIn = (jwt: string) => (decodeJwt(jwt).payload['o'] as { id?: string } | undefined)?.id

  it('a verification is null or has its strategy: none has an empty one (mistake 2)', async () => {
    await server.client.users.createUser({ emailAddress: [ADA], password: PASSWORD })
    const browser = await openSignIn(server)
    const signIn = (await browser.create({ identifier: ADA })).body.response
    expect(signIn).toMatchObject({ first_factor_verification: null, second_factor_verification: null })
    const form = { email_address: 'new@example.com', password: PASSWORD }
    const signUp = (await browser.call('POST /client/sign_ups', { form })).body.response
    for (const verification of Object.values(signUp.verifications) as ({ strategy?: string } | null)[]) {
      if (verification !== null) expect(verification.strategy).toMatch(/./)
    }
  })

  it('a GET leaves updated_at of the client as it is (mistake 12)', async () => {
    const person = await signedIn(server)
    const { updated_at } = await person.browser.client()
    server.clock.advance(5000)
    for (const route of ['GET /client', 'GET /me', `GET /client/sessions/${person.sessionId}`, 'GET /environment']) {
      await person.call(route)
    }
    expect((await person.browser.client()).updated_at).toBe(updated_at)
  })

  it('an active session has its last_active_token (mistake 13)', async () => {
    const person = await signedIn(server)
    for (const { status, last_active_token } of (await person.browser.client()).sessions) {
      expect([status, last_active_token.jwt]).toEqual(['active', expect.stringMatching(/^ey/)])
    }
  })

  it('a touch with another organization gives a token with the new organization, and with no empty one (mistakes 14 and 18)', async () => {
    const { person, id, touch, token } = await inOrganization()
    const entered = await touch(id)
    expect(organizationIn(entered.body.response.last_active_token.jwt)).toBe(id)
    expect(organizationIn(await token())).toBe(id)
    expect((await person.browser.client()).sessions[0].last_active_organization_id).toBe(id)
    const left = await touch('')
    expect(left.body.response.last_active_organization_id).toBeNull()
    expect(organizationIn(left.body.response.last_active_token.jwt)).toBeUndefined()
    expect(organizationIn(await token())).toBeUndefined()
  })

  it('a session begins with the organization that was active last, in whichever browser', async () => {
    const { person, id: first, touch } = await inOrganization()
    const begun = async () => {
      const { browser } = await signInAs(server, person.userId)
      const { sessions } = await browser.client()
      return sessions[0].last_active_organization_id as string | null
    }
    const { id: second } = await server.client.organizations.createOrganization({
      name: 'Ink',
      createdBy: person.userId,
    })
    expect(await begun()).toBe(second)
    await touch(first)
    expect(await begun()).toBe(first)
    expect(await begun()).toBe(first)
    await touch('')
    expect(await begun()).toBeNull()
    await touch(first)
    const impersonated = await signInAs(server, person.userId)
    await impersonate(server, impersonated)
    await impersonated.call(`POST /client/sessions/${impersonated.sessionId}/touch`, {
      form: { active_organization_id: second },
    })
    expect(await begun()).toBe(first)
    await server.client.organizations.deleteOrganization(first)
    expect(await begun()).toBeNull()
  })

  it('the role in a token has no org: before it, and no permission of the system is there (mistakes 16 and 17)', async () => {
    const { id, touch } = await inOrganization()
    const { jwt } = (await touch(id)).body.response.last_active_token
    const { o, fea, ...claims } = decodeJwt(jwt).payload as { o: Record<string, string>; fea?: string }
    expect(o['rol']).toBe('admin')
    expect(JSON.stringify([o, fea, claims])).not.toMatch(/org:|sys_/)
  })

  it('where an organization has to be chosen, a session waits with that task, and an active one has none (mistake 20)', async () => {
    await configure(server, { organizations: { enabled: true, personalAccountsEnabled: false } })
    const { person, id, touch, token } = await inOrganization()
    const waiting = (await person.browser.client()).sessions[0]
    expect(waiting).toMatchObject({ status: 'pending', tasks: [{ key: 'choose-organization' }] })
    expect(decodeJwt(await token()).payload['sts']).toBe('pending')
    const chosen = (await touch(id)).body.response
    expect(chosen.status).toBe('active')
    expect(chosen.tasks ?? []).toEqual([])
    expect(decodeJwt(await token()).payload['sts']).toBe('active')
    expect((await touch('')).body.response).toMatchObject({ status: 'active', last_active_organization_id: id })
  })

  it('where an organization has to be chosen, a token without one is one of the organization before (mistake 19)', async () => {
    await configure(server, { organizations: { enabled: true, personalAccountsEnabled: false } })
    const { id, touch, token } = await inOrganization()
    await touch(id)
    expect(organizationIn(await token({ organization_id: '' }))).toBe(id)
    expect(organizationIn(await token())).toBe(id)
  })

  it('no token says when it was first issued, since not all could (mistake 15)', async () => {
    const { person, id, touch, token } = await inOrganization()
    const tokens = [
      (await touch(id)).body.response.last_active_token.jwt,
      (await person.browser.client()).sessions[0].last_active_token.jwt,
      await token(),
      await token({ organization_id: '' }),
    ]
    for (const jwt of tokens) expect(Object.keys(decodeJwt(jwt).header)).not.toContain('oiat')
  })

  it('unsafe_metadata of a form is the object, not its text (mistake 24)', async () => {
    const person = await signedIn(server)
    const { body } = await person.call('PATCH /me/metadata', { form: { unsafe_metadata: { plan: { seats: 3 } } } })
    expect(body.response.unsafe_metadata).toEqual({ plan: { seats: 3 } })
    const browser = await openSignIn(server)
    const form = { email_address: 'new@example.com', password: PASSWORD, unsafe_metadata: { plan: 'free' } }
    const signUp = await browser.call('POST /client/sign_ups', { form })
    expect(signUp.body.response.unsafe_metadata).toEqual({ plan: 'free' })
  })

  it('an answer that a client parses is JSON with a body, also after a deletion and to a token that is refused (mistake 26)', async () => {
    const person = await signedIn(server)
    const removed = await person.call('DELETE /client')
    expect([removed.status, Object.keys(removed.body)]).toEqual([200, ['response', 'client']])
    const refused = await callFrontend(server, 'GET /me')
    expect(refused.body.errors).toHaveLength(1)
    expect(refused.headers.get('content-type')).toBe('application/json')
  })

  it('a redirect_url with commas comes back whole (mistake 22)', async () => {
    const target = 'http://localhost:3000/list?ids=1,2,3&at=52.5,13.4'
    const url = new URL(`${server.instance.frontendApiUrl}/v1/redirect`)
    url.searchParams.set('redirect_url', target)
    const answer = await server.fetch(url, { redirect: 'manual' })
    expect(answer.headers.get('location')).toBe(target)
  })

  it('a change of settings shows in the environment at once (mistake 40)', async () => {
    const shown = async () => (await callFrontend(server, 'GET /environment')).body.display_config.support_email
    expect(await shown()).not.toBe('help@example.com')
    await server.call('PATCH', '/instance', { support_email: 'help@example.com' })
    expect(await shown()).toBe('help@example.com')
  })
})
