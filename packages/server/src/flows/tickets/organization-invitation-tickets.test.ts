import { describe, expect, it } from 'vitest'
import { openBrowser } from '../../browser.test-support.js'
import { ENCRYPTION_KEY } from '../../resources/users/user-parts.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { codesOf, totpAt } from '../profile-security/profile-security.test-support.js'
import { ADA, configure, newAda, openSignIn, PASSWORD, TOTP_SECRET } from '../sign-in/sign-in.test-support.js'

const RACERS = 64

describe.each(dialects)('tickets of invitations to organizations on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })

  /** An organization that has invited the address. */
  async function invite(emailAddress = ADA, fields: object = {}) {
    await server.call('PATCH', '/instance/organization_settings', { enabled: true })
    server.clock.advance(2000)
    const organization = await server.client.organizations.createOrganization({ name: 'Engines' })
    const { body } = await server.call('POST', `/organizations/${organization.id}/invitations`, {
      email_address: emailAddress,
      role: 'org:admin',
      public_metadata: { team: 'mills' },
      ...fields,
    })
    const ticket = new URL(body.url).searchParams.get('ticket')!
    const members = async () =>
      (await server.client.organizations.getOrganizationMembershipList({ organizationId: organization.id })).data
    const path = `/organizations/${organization.id}/invitations/${body.id}`
    return { organization, ticket, members, path, status: async () => (await server.call('GET', path)).body.status }
  }
  const eventTypes = async () => (await server.events()).map(({ type }) => type)
  const sessionOf = (client: { sessions: unknown[] }) => client.sessions[0] as Record<string, unknown>

  it('sign a user in, who joins with the role of the invitation and whose session is in the organization', async () => {
    const ada = await newAda(server)
    const { organization, ticket, members, status } = await invite()
    const browser = await openSignIn(server)
    const { body } = await browser.create({ strategy: 'ticket', ticket })
    expect(body.response).toMatchObject({
      status: 'complete',
      identifier: ADA,
      first_factor_verification: { object: 'verification_ticket', status: 'verified' },
    })
    expect(sessionOf(body.client)).toMatchObject({
      last_active_organization_id: organization.id,
      user: { id: ada.id, organization_memberships: [{ role: 'org:admin', organization: { id: organization.id } }] },
    })
    expect(await members()).toMatchObject([{ role: 'org:admin', publicMetadata: { team: 'mills' } }])
    expect(await status()).toBe('accepted')
    expect(await eventTypes()).toEqual(
      expect.arrayContaining(['organizationInvitation.accepted', 'organizationMembership.created', 'session.created']),
    )
  })

  it('prove the first factor alone: a second one is due, and nobody joins before it', async () => {
    await newAda(server, { totpSecret: TOTP_SECRET })
    const { ticket, members, status } = await invite()
    const browser = await openSignIn(server)
    const { body } = await browser.create({ strategy: 'ticket', ticket })
    expect(body.response).toMatchObject({
      status: 'needs_second_factor',
      supported_second_factors: [{ strategy: 'totp' }],
    })
    expect([await members(), await status()]).toEqual([[], 'pending'])
    const form = { strategy: 'totp', code: totpAt(server.clock.now()) }
    const done = await browser.step(body.response.id, 'attempt_second_factor', form)
    expect(done.body.response.status).toBe('complete')
    expect(await members()).toHaveLength(1)
  })

  it('complete a sign-in that has begun with the identifier, of the same user alone', async () => {
    await newAda(server)
    await server.client.users.createUser({ emailAddress: ['bob@example.com'], password: PASSWORD })
    const { ticket, members } = await invite()
    const browser = await openSignIn(server)
    const attempt = async (identifier: string) => {
      const { id } = (await browser.create({ identifier })).body.response
      return browser.step(id, 'attempt_first_factor', { strategy: 'ticket', ticket })
    }
    expect(codesOf(await attempt('bob@example.com'))).toEqual([400, 'ticket_invalid_code'])
    expect(await members()).toEqual([])
    expect((await attempt(ADA)).body.response.status).toBe('complete')
    expect(await members()).toHaveLength(1)
  })

  it('lead nobody in who has no account, and sign them up: with the address, which is verified', async () => {
    const { organization, ticket, members, status } = await invite()
    const browser = await openBrowser(server)
    const begun = await browser.call('POST /client/sign_ins', { form: { strategy: 'ticket', ticket } })
    expect(codesOf(begun)).toEqual([400, 'invitation_account_not_exists'])

    const form = { strategy: 'ticket', ticket, password: PASSWORD }
    const { body } = await browser.call('POST /client/sign_ups', { form })
    expect(body.response).toMatchObject({ status: 'complete', email_address: ADA })
    expect(sessionOf(body.client)).toMatchObject({
      last_active_organization_id: organization.id,
      user: { email_addresses: [{ email_address: ADA, verification: { status: 'verified', strategy: 'ticket' } }] },
    })
    expect(await members()).toMatchObject([{ role: 'org:admin' }])
    expect(await status()).toBe('accepted')
    const user = await server.call('GET', `/users/${body.response.created_user_id}`)
    expect(user.body.public_metadata).toEqual({})
  })

  it('let people sign up where only the invited may', async () => {
    await configure(server, { signUp: { mode: 'restricted' } })
    const { ticket, members } = await invite()
    const browser = await openBrowser(server)
    const uninvited = { form: { email_address: ADA, password: PASSWORD } }
    expect((await browser.call('POST /client/sign_ups', uninvited)).status).toBe(403)
    const { body } = await browser.call('POST /client/sign_ups', { form: { strategy: 'ticket', ticket } })
    expect(body.response).toMatchObject({ status: 'missing_requirements', missing_fields: ['password'] })
    expect(await members()).toEqual([])
    const more = { form: { strategy: 'ticket', ticket, password: PASSWORD } }
    const done = await browser.call(`PATCH /client/sign_ups/${body.response.id}`, more)
    expect(done.body.response.status).toBe('complete')
    expect(await members()).toHaveLength(1)
  })

  it('are refused once they are revoked, used, expired, or their organization is gone, also half-way', async () => {
    await newAda(server, { totpSecret: TOTP_SECRET })
    const { ticket, path, members } = await invite()
    const browser = await openSignIn(server)
    const { id } = (await browser.create({ strategy: 'ticket', ticket })).body.response
    expect((await server.call('POST', `${path}/revoke`, {})).status).toBe(200)
    const form = { strategy: 'totp', code: totpAt(server.clock.now()) }
    expect(codesOf(await browser.step(id, 'attempt_second_factor', form))).toEqual([
      400,
      'organization_invitation_revoked_code',
    ])
    expect((await browser.client()).sessions).toEqual([])
    expect(await members()).toEqual([])
    expect(codesOf(await browser.create({ strategy: 'ticket', ticket }))).toEqual([
      400,
      'organization_invitation_revoked_code',
    ])

    const other = await invite()
    await server.client.organizations.deleteOrganization(other.organization.id)
    expect(codesOf(await browser.create({ strategy: 'ticket', ticket: other.ticket }))).toEqual([
      400,
      'organization_invitation_to_deleted_organization',
    ])
    const late = await invite(ADA, { expires_in_days: 1 })
    server.clock.advance(2 * 24 * 60 * 60 * 1000)
    expect(codesOf(await browser.create({ strategy: 'ticket', ticket: late.ticket }))).toEqual([
      400,
      'ticket_expired_code',
    ])
  })

  it('are spent once by 64 who sign in with one', async () => {
    await newAda(server)
    const { ticket, members } = await invite()
    const browsers = await Promise.all(Array.from({ length: RACERS }, () => openSignIn(server)))
    const answers = await Promise.all(browsers.map((browser) => browser.create({ strategy: 'ticket', ticket })))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(await members()).toHaveLength(1)
  })

  it('are spent once by 64 who sign up with one', async () => {
    const { ticket, members } = await invite()
    const browsers = await Promise.all(Array.from({ length: RACERS }, () => openBrowser(server)))
    const form = { strategy: 'ticket', ticket, password: PASSWORD }
    const answers = await Promise.all(browsers.map((browser) => browser.call('POST /client/sign_ups', { form })))
    expect(answers.filter(({ body }) => body.response?.status === 'complete')).toHaveLength(1)
    expect(await members()).toHaveLength(1)
  })
})
