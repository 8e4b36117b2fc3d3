import { describe, expect, it } from 'vitest'
import { combinations, useServerWithSdk } from './official-sdk.test-support.js'

const UNKNOWN = 'jtmp_2aaaaaaaaaaaaaaaaaaaaaaaaaa'
const notFound = { status: 404, errors: [{ code: 'resource_not_found' }] }

describe.each(combinations)('instance settings and JWT templates of $sdk on $dialect', (combination) => {
  const official = useServerWithSdk(combination, ['instance', 'jwtTemplates'])
  const onlyNew = it.runIf(combination.sdk === '@clerk/backend 3')

  it('gets and updates the instance', async () => {
    const { instance } = official.client

    expect(await instance.get()).toMatchObject({ id: official.test.instance.id, environmentType: 'development' })
    await instance.update({
      allowedOrigins: ['chrome-extension://abc'],
      testMode: true,
      hibp: false,
      supportEmail: 'help@example.com',
    })
    expect(await instance.get()).toMatchObject({ allowedOrigins: ['chrome-extension://abc'] })
  })

  it('updates the restrictions', async () => {
    const { instance } = official.client

    const blocking = await instance.updateRestrictions({ blockEmailSubaddresses: true })
    expect(blocking).toMatchObject({ allowlist: false, blocklist: false, blockEmailSubaddresses: true })
    const ignoring = await instance.updateRestrictions({ ignoreDotsForGmailAddresses: true })
    expect(ignoring).toMatchObject({ blockEmailSubaddresses: true, ignoreDotsForGmailAddresses: true })
  })

  it('updates the organization settings', async () => {
    const { instance } = official.client

    expect(await instance.updateOrganizationSettings({ enabled: true, maxAllowedMemberships: 7 })).toMatchObject({
      enabled: true,
      maxAllowedMemberships: 7,
    })
    expect(await instance.updateOrganizationSettings({ adminDeleteEnabled: false })).toMatchObject({
      enabled: true,
      adminDeleteEnabled: false,
    })
  })

  onlyNew('gets the organization settings', async () => {
    const { instance } = official.client
    const updated = await instance.updateOrganizationSettings({ enabled: true, maxAllowedMemberships: 9 })

    expect(await instance.getOrganizationSettings()).toEqual(updated)
  })

  it('creates, gets, lists, updates and deletes templates', async () => {
    const { jwtTemplates } = official.client
    const created = await jwtTemplates.create({ name: 'hasura', claims: { plan: '{{user.public_metadata.plan}}' } })

    expect(created).toMatchObject({
      name: 'hasura',
      claims: { plan: '{{user.public_metadata.plan}}' },
      lifetime: 60,
      allowedClockSkew: 5,
      customSigningKey: false,
      signingAlgorithm: 'RS256',
    })
    expect(await jwtTemplates.get(created.id)).toEqual(created)
    expect(await jwtTemplates.list()).toMatchObject({ data: [{ id: created.id }], totalCount: 1 })
    expect(
      await jwtTemplates.update({ templateId: created.id, name: 'hasura2', claims: { aud: 'hasura' }, lifetime: 120 }),
    ).toMatchObject({
      id: created.id,
      name: 'hasura2',
      claims: { aud: 'hasura' },
      lifetime: 120,
    })
    expect(await jwtTemplates.get(created.id)).toMatchObject({
      name: 'hasura2',
      claims: { aud: 'hasura' },
      lifetime: 120,
    })
    expect(await jwtTemplates.delete(created.id)).toMatchObject({
      object: 'jwt_template',
      id: created.id,
      deleted: true,
    })
    await expect(jwtTemplates.get(created.id)).rejects.toMatchObject(notFound)
  })

  it('refuses templates that are wrong or unknown', async () => {
    const { jwtTemplates } = official.client

    await expect(jwtTemplates.create({ name: 'bad', claims: { sub: 'me' } })).rejects.toMatchObject({
      status: 400,
      errors: [{ code: 'jwt_template_reserved_claim' }],
    })
    await expect(jwtTemplates.get(UNKNOWN)).rejects.toMatchObject(notFound)
    await expect(jwtTemplates.update({ templateId: UNKNOWN, name: 'x', claims: {} })).rejects.toMatchObject(notFound)
    await expect(jwtTemplates.delete(UNKNOWN)).rejects.toMatchObject(notFound)
  })
})
