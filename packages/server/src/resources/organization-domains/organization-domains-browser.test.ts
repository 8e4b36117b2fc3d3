import { describe, expect, it } from 'vitest'
import { configure } from '../../flows/sign-in/sign-in.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { outcomeOf, useMembers, type Person } from '../organizations/member-browsers.test-support.js'

const MINUTE = 60_000

describe.each(dialects)('domains in a browser on %s', (dialect) => {
  const server = useTestServer(dialect)
  const { newPerson, newOrganization } = useMembers(server)

  const withDomains = async () => {
    await configure(server, {
      organizations: {
        enabled: true,
        domainsEnabled: true,
        domainsEnrollmentModes: ['automatic_invitation', 'automatic_suggestion'],
      },
    })
    server.clock.advance(2000)
    return newOrganization()
  }
  const add = (by: Person, path: string, form: Record<string, unknown>) => by.call(`POST ${path}/domains`, { form })
  const on = (by: Person, path: string, id: string) => ({
    prepare: (affiliation_email_address: string) =>
      by.call(`POST ${path}/domains/${id}/prepare_affiliation_verification`, { form: { affiliation_email_address } }),
    attempt: (code: string) =>
      by.call(`POST ${path}/domains/${id}/attempt_affiliation_verification`, { form: { code } }),
    mode: (form: Record<string, unknown>) => by.call(`POST ${path}/domains/${id}/update_enrollment_mode`, { form }),
    get: () => by.call(`GET ${path}/domains/${id}`),
    delete: () => by.call(`DELETE ${path}/domains/${id}`),
  })
  const lastCode = async () => (await server.messages()).at(-1)!.data!['otp_code'] as string
  const wrong = (code: string) => (code === '000000' ? '111111' : '000000')

  it('are verified by a code sent to an address at them', async () => {
    const { admin, id, path } = await withDomains()
    const added = await add(admin, path, { name: 'Acme-Tools.com' })
    expect(added.body.response).toMatchObject({
      object: 'organization_domain',
      organization_id: id,
      name: 'acme-tools.com',
      enrollment_mode: 'manual_invitation',
      affiliation_email_address: null,
      affiliation_verification: null,
      verification: null,
      total_pending_invitations: 0,
      total_pending_suggestions: 0,
    })
    const domain = on(admin, path, added.body.response.id)
    expect(outcomeOf(await domain.attempt('123456'))).toEqual([400, 'verification_missing'])
    expect(outcomeOf(await domain.prepare('nobody'))).toEqual([422, 'form_param_format_invalid'])
    const elsewhere = await domain.prepare('ada@mail.acme-tools.com')
    expect(elsewhere).toMatchObject({
      status: 422,
      body: {
        errors: [{ code: 'organization_domain_mismatch', meta: { param_name: 'affiliation_email_address' } }],
      },
    })
    expect((await domain.prepare('Boss@acme-tools.com')).body.response).toMatchObject({
      affiliation_email_address: 'Boss@acme-tools.com',
      verification: {
        status: 'unverified',
        strategy: 'affiliation_email_code',
        attempts: 0,
        expire_at: server.clock.now() + 10 * MINUTE,
      },
    })
    expect((await server.messages()).at(-1)).toMatchObject({ toAddress: 'Boss@acme-tools.com' })
    const code = await lastCode()
    expect(outcomeOf(await domain.attempt(wrong(code)))).toEqual([422, 'form_code_incorrect'])
    expect((await domain.get()).body.response.verification).toMatchObject({ status: 'unverified', attempts: 1 })
    expect((await domain.attempt(code)).body.response.verification).toMatchObject({ status: 'verified' })
    expect(outcomeOf(await domain.attempt(code))).toEqual([400, 'verification_already_verified'])
    expect(outcomeOf(await domain.prepare('boss@acme-tools.com'))).toEqual([400, 'verification_already_verified'])
  })

  it('refuse a code that was tried too often, has expired or was replaced', async () => {
    const { admin, path } = await withDomains()
    const domain = on(admin, path, (await add(admin, path, { name: 'acme-tools.com' })).body.response.id)
    await domain.prepare('boss@acme-tools.com')
    const first = await lastCode()
    for (let times = 0; times < 5; times++) await domain.attempt(wrong(first))
    expect(outcomeOf(await domain.attempt(first))).toEqual([400, 'verification_failed'])
    server.clock.advance(MINUTE)
    await domain.prepare('boss@acme-tools.com')
    const second = await lastCode()
    server.clock.advance(MINUTE)
    await domain.prepare('ceo@acme-tools.com')
    expect(outcomeOf(await domain.attempt(second))).toEqual([422, 'form_code_incorrect'])
    const third = await lastCode()
    server.clock.advance(10 * MINUTE)
    expect(outcomeOf(await domain.attempt(third))).toEqual([400, 'verification_expired'])
    expect((await domain.get()).body.response.verification).toMatchObject({ status: 'expired' })
  })

  it('are mailed no other code within half a minute, to whichever address', async () => {
    const { admin, path } = await withDomains()
    const domain = on(admin, path, (await add(admin, path, { name: 'acme-tools.com' })).body.response.id)
    expect((await domain.prepare('boss@acme-tools.com')).status).toBe(200)
    for (const address of ['boss@acme-tools.com', 'ceo@acme-tools.com']) {
      const refused = await domain.prepare(address)
      expect(outcomeOf(refused)).toEqual([429, 'verification_code_too_many_requests'])
      expect(refused.headers.get('retry-after')).toBe('30')
    }
    server.clock.advance(30_000)
    expect((await domain.prepare('ceo@acme-tools.com')).status).toBe(200)
  })

  it('take the code for tests at an address for tests', async () => {
    const { admin, path } = await withDomains()
    const domain = on(admin, path, (await add(admin, path, { name: 'acme-tools.com' })).body.response.id)
    await domain.prepare('boss+clerk_test@acme-tools.com')
    expect((await domain.attempt('424242')).body.response.verification.status).toBe('verified')
    expect(await server.messages()).toEqual([])
  })

  it('are verified at once for who has verified an address at them, and by one organization only', async () => {
    const { admin, path } = await withDomains()
    const unverified = (await add(admin, path, { name: 'acme-tools.com' })).body.response.id
    const boss = await newPerson('boss@acme-tools.com')
    const { body } = await boss.call('POST /organizations', { form: { name: 'Own' } })
    const own = `/organizations/${body.response.id}`
    const added = await add(boss, own, { name: 'acme-tools.com', enrollment_mode: 'automatic_suggestion' })
    expect(added.body.response).toMatchObject({
      enrollment_mode: 'automatic_suggestion',
      affiliation_email_address: 'boss@acme-tools.com',
      verification: { status: 'verified', strategy: 'affiliation_email_code' },
    })
    const late = on(admin, path, unverified)
    await late.prepare('x@acme-tools.com')
    expect(outcomeOf(await late.attempt(await lastCode()))).toEqual([422, 'organization_domain_already_exists'])
    expect((await late.get()).body.response.verification).toMatchObject({ status: 'unverified' })
    expect(outcomeOf(await add(admin, path, { name: 'acme-tools.com' }))).toEqual([
      422,
      'organization_domain_already_exists_same_organization',
    ])
  })

  it('need a name that an organization can have, and a mode that there is', async () => {
    const { admin, path } = await withDomains()
    const refusal = async (form: Record<string, unknown>) => outcomeOf(await add(admin, path, form))
    expect(await refusal({})).toEqual([422, 'form_param_missing'])
    expect(await refusal({ name: 'gmail.com' })).toEqual([422, 'organization_domain_common'])
    expect(await refusal({ name: 'nothing' })).toEqual([422, 'form_param_format_invalid'])
    const name = 'acme-tools.com'
    expect(await refusal({ name, enrollment_mode: 'magic' })).toEqual([
      422,
      'organization_domain_enrollment_mode_invalid',
    ])
    expect(await refusal({ name, enrollment_mode: 'enterprise_sso' })).toEqual([
      403,
      'organization_domain_enrollment_mode_not_enabled',
    ])
    // Only a proof verifies it.
    expect((await add(admin, path, { name, verified: 'true' })).body.response.verification).toBeNull()
  })

  it('ask people in by their mode, and take open questions back', async () => {
    const { admin, path } = await withDomains()
    const people = [await newPerson('ada@acme-tools.com'), await newPerson('bob@acme-tools.com')]
    const domain = on(admin, path, (await add(admin, path, { name: 'acme-tools.com' })).body.response.id)
    await domain.prepare('boss@acme-tools.com')
    await domain.attempt(await lastCode())
    const invited = await domain.mode({ enrollment_mode: 'automatic_invitation' })
    expect(invited.body.response).toMatchObject({
      enrollment_mode: 'automatic_invitation',
      total_pending_invitations: 2,
    })
    const mine = async () => (await people[0]!.call('GET /me/organization_invitations')).body.response.data
    expect(await mine()).toMatchObject([{ status: 'pending' }])
    const kept = await domain.mode({ enrollment_mode: 'automatic_suggestion' })
    expect(kept.body.response).toMatchObject({ total_pending_invitations: 2, total_pending_suggestions: 2 })
    const cleared = await domain.mode({ enrollment_mode: 'manual_invitation', delete_pending: 'true' })
    expect(cleared.body.response).toMatchObject({ total_pending_invitations: 0, total_pending_suggestions: 0 })
    expect(await mine()).toMatchObject([{ status: 'revoked' }])
    const events = (await server.events()).filter(({ type }) => type === 'organizationInvitation.revoked')
    expect(events).toHaveLength(2)
    expect(outcomeOf(await domain.mode({ enrollment_mode: 'magic' }))).toEqual([
      422,
      'organization_domain_enrollment_mode_invalid',
    ])
  })

  it('are listed, deleted, and those of one organization only', async () => {
    const { admin, path } = await withDomains()
    const { body } = await add(admin, path, { name: 'acme-tools.com' })
    const other = await newOrganization({ name: 'Other' })
    const count = async (query: Record<string, string>) =>
      (await admin.call(`GET ${path}/domains`, { query })).body.response.total_count
    expect([await count({}), await count({ verified: 'true' }), await count({ verified: 'false' })]).toEqual([1, 0, 1])
    expect(await count({ enrollment_mode: 'automatic_invitation' })).toBe(0)
    const foreign = on(other.admin, other.path, body.response.id)
    for (const answer of [
      await foreign.get(),
      await foreign.delete(),
      await foreign.mode({ enrollment_mode: 'manual_invitation' }),
      await foreign.prepare('boss@acme-tools.com'),
      await foreign.attempt('123456'),
    ]) {
      expect(outcomeOf(answer)).toEqual([404, 'resource_not_found'])
    }
    const domain = on(admin, path, body.response.id)
    expect((await domain.delete()).body.response).toEqual({
      object: 'organization_domain',
      id: body.response.id,
      deleted: true,
    })
    expect(outcomeOf(await domain.get())).toEqual([404, 'resource_not_found'])
    await server.client.instance.updateOrganizationSettings({ domainsEnabled: false })
    expect(outcomeOf(await admin.call(`GET ${path}/domains`))).toEqual([403, 'organization_domains_not_enabled'])
  })
})
