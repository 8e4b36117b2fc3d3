import { expect } from 'vitest'
import { PROXY_URL } from '../../packages/server/src/resources/proxy-checks/proxy-checks.test-support.js'
import { gone, refused, type Rows, type World } from './every-method.test-support.js'

const letter = ({ own }: World) => ({
  to: { userId: own('user_1') },
  from: { address: 'hello@example.com' },
  subject: 'Hello',
  text: 'Hello',
})

/** The instance itself: its domains, mail, webhooks and OAuth applications, and instances without an account. */
export const instanceRows: Rows = {
  __experimental_accountlessApplications: {
    createAccountlessApplication: async ({ client, clientOf }) => {
      const made = await client.__experimental_accountlessApplications.createAccountlessApplication({ source: 'next' })
      expect(await clientOf(made.secretKey).instance.get()).toMatchObject({ environmentType: 'development' })
    },
    completeAccountlessApplicationOnboarding: async ({ client, clientOf }) => {
      const made = await client.__experimental_accountlessApplications.createAccountlessApplication()
      const { __experimental_accountlessApplications: own } = clientOf(made.secretKey)
      const { publishableKey, secretKey } = await own.completeAccountlessApplicationOnboarding()
      expect({ publishableKey, secretKey }).toEqual({ publishableKey: made.publishableKey, secretKey: made.secretKey })
    },
  },
  betaFeatures: {
    changeDomain: async ({ client, production }) => {
      const { instance, client: its } = await production()
      const homeUrl = `https://next-${instance.id.slice(-8).toLowerCase()}.example`
      await its.betaFeatures.changeDomain({ homeUrl })
      expect((await its.domains.list()).data).toMatchObject([{ name: new URL(homeUrl).host, isSatellite: false }])
      await refused(client.betaFeatures.changeDomain({ homeUrl }), 400, 'request_invalid_for_environment')
    },
  },
  domains: {
    list: async ({ client, own }) =>
      expect((await client.domains.list()).data).toContainEqual(
        expect.objectContaining({ id: own('dmn_1'), name: 'satellite.example', isSatellite: true }),
      ),
    add: async ({ client }) => {
      const { id } = await client.domains.add({ name: 'next.example', is_satellite: true })
      expect((await client.domains.list()).data).toContainEqual(expect.objectContaining({ id, name: 'next.example' }))
    },
    update: async ({ client, own }) => {
      await client.domains.update({ domainId: own('dmn_1'), name: 'changed.example' })
      expect((await client.domains.list()).data).toContainEqual(
        expect.objectContaining({ id: own('dmn_1'), name: 'changed.example' }),
      )
    },
    delete: async ({ client, own }) => {
      expect(await client.domains.delete(own('dmn_1'))).toMatchObject({ id: own('dmn_1'), deleted: true })
      await gone(client.domains.delete(own('dmn_1')))
    },
    deleteDomain: async ({ client, own }) => {
      expect(await client.domains.deleteDomain(own('dmn_1'))).toMatchObject({ id: own('dmn_1'), deleted: true })
      await gone(client.domains.deleteDomain(own('dmn_1')))
    },
  },
  emails: {
    create: async (world) => {
      const { id } = await world.client.emails.create(letter(world), { idempotencyKey: 'once' })
      expect(await world.client.emails.create(letter(world), { idempotencyKey: 'once' })).toMatchObject({ id })
      expect(await world.client.emails.get(id)).toMatchObject({ id, subject: 'Hello' })
    },
    createBatch: async (world) => {
      const nobody = { ...letter(world), to: { userId: 'user_2aaaaaaaaaaaaaaaaaaaaaaaaaa' } }
      const [sent, failed] = await world.client.emails.createBatch([letter(world), nobody])
      expect(sent).toMatchObject({ index: 0, statusCode: 200 })
      expect(failed).toMatchObject({ index: 1, statusCode: 422, errors: [{ code: expect.any(String) as string }] })
      expect(await world.client.emails.get(sent!.email!.id)).toMatchObject({ id: sent!.email!.id })
    },
    get: async (world) => {
      const { id } = await world.client.emails.create({ ...letter(world), to: { address: 'eve@example.com' } })
      expect(await world.client.emails.get(id)).toMatchObject({ id, toEmailAddress: 'eve@example.com' })
    },
  },
  idPOAuthAccessToken: {
    verify: async ({ client, own }) => {
      expect(await client.idPOAuthAccessToken.verify('oat_secret')).toMatchObject({
        clientId: expect.any(String) as string,
        subject: own('user_1'),
        revoked: false,
      })
      await gone(client.idPOAuthAccessToken.verify('oat_none'))
    },
  },
  oauthApplications: {
    list: async ({ client, own }) =>
      expect(await client.oauthApplications.list({ nameQuery: 'too', orderBy: 'name' })).toMatchObject({
        totalCount: 1,
        data: [{ id: own('oa_1') }],
      }),
    get: async ({ client, own }) =>
      expect(await client.oauthApplications.get(own('oa_1'))).toMatchObject({ name: 'Tool' }),
    create: async ({ client }) => {
      const redirectUris = ['https://app.example/callback']
      const { id, clientSecret } = await client.oauthApplications.create({ name: 'Next', redirectUris })
      expect(clientSecret).toBeTypeOf('string')
      expect(await client.oauthApplications.get(id)).toMatchObject({ name: 'Next', redirectUris })
    },
    update: async ({ client, own }) => {
      await client.oauthApplications.update({ oauthApplicationId: own('oa_1'), name: 'Changed', scopes: 'email' })
      expect(await client.oauthApplications.get(own('oa_1'))).toMatchObject({ name: 'Changed', scopes: 'email' })
    },
    delete: async ({ client, own }) => {
      await client.oauthApplications.delete(own('oa_1'))
      await gone(client.oauthApplications.get(own('oa_1')))
      await gone(client.idPOAuthAccessToken.verify('oat_secret'))
    },
    rotateSecret: async ({ client, own }) => {
      const { clientSecret } = await client.oauthApplications.rotateSecret(own('oa_1'))
      const next = await client.oauthApplications.rotateSecret(own('oa_1'))
      expect([clientSecret, next.clientSecret].every((secret) => typeof secret === 'string')).toBe(true)
      expect(next.clientSecret).not.toBe(clientSecret)
    },
    revokeToken: async ({ client, own }) => {
      await client.oauthApplications.revokeToken({ oauthApplicationId: own('oa_1'), token: 'oat_secret' })
      await gone(client.idPOAuthAccessToken.verify('oat_secret'))
    },
  },
  proxyChecks: {
    verify: async ({ client, own }) => {
      const domainId = own('dmn_1')
      const proxyUrl = PROXY_URL
      expect(await client.proxyChecks.verify({ domainId, proxyUrl })).toMatchObject({ proxyUrl, successful: true })
      const elsewhere = client.proxyChecks.verify({ domainId, proxyUrl: 'https://nowhere.example/__clerk' })
      await refused(elsewhere, 422, 'invalid_proxy_configuration')
    },
  },
  webhooks: {
    createSvixApp: async ({ client }) => {
      const { svix_url: url } = await client.webhooks.createSvixApp()
      expect(new URL(url).protocol).toMatch(/^https?:$/)
      await refused(client.webhooks.createSvixApp(), 400, 'svix_app_exists')
    },
    generateSvixAuthURL: async ({ client }) => {
      await client.webhooks.createSvixApp()
      const [one, another] = [await client.webhooks.generateSvixAuthURL(), await client.webhooks.generateSvixAuthURL()]
      expect(one.svix_url).not.toBe(another.svix_url)
    },
    deleteSvixApp: async ({ client }) => {
      await client.webhooks.createSvixApp()
      await client.webhooks.deleteSvixApp()
      await refused(client.webhooks.generateSvixAuthURL(), 400, 'svix_app_missing')
    },
  },
}
