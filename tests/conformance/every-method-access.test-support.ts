import { expect } from 'vitest'
import { openBrowser } from '../../packages/server/src/browser.test-support.js'
import { gone, refused, type Rows, type World } from './every-method.test-support.js'

const actorToken = ({ client, own }: World) =>
  client.actorTokens.create({ userId: own('user_1'), actor: { sub: 'support@example.com' }, expiresInSeconds: 60 })

const agentTask = ({ client, own }: World) =>
  client.agentTasks.create({
    onBehalfOf: { userId: own('user_1') },
    permissions: '*',
    agentName: 'Agent',
    taskDescription: 'Read',
    redirectUrl: 'https://app.example/done',
  })

const signInToken = ({ client, own }: World) =>
  client.signInTokens.createSignInToken({ userId: own('user_1'), expiresInSeconds: 60 })

/** A list that asks for no status has no revoked ones. */
const isListed = async ({ client, own }: World, status: 'pending' | 'revoked') =>
  (await client.invitations.getInvitationList({ status })).data.some(({ id }) => id === own('inv_1'))

const waiting = async ({ client, own }: World) =>
  (await client.waitlistEntries.list()).data.find(({ id }) => id === own('wle_1'))

async function begunSignUp({ test }: World): Promise<string> {
  const browser = await openBrowser(test)
  const form = { email_address: 'new@example.com' }
  return (await browser.call('POST /client/sign_ups', { form })).body.response.id as string
}

/** Who may come in, and with what: invitations, lists and tickets. */
export const accessRows: Rows = {
  actorTokens: {
    create: async (world) =>
      expect(await actorToken(world)).toMatchObject({
        status: 'pending',
        userId: world.own('user_1'),
        actor: { sub: 'support@example.com' },
        url: expect.stringContaining('ticket=') as string,
      }),
    revoke: async (world) => {
      const { id } = await actorToken(world)
      expect(await world.client.actorTokens.revoke(id)).toMatchObject({ id, status: 'revoked' })
      await refused(world.client.actorTokens.revoke(id), 400, 'actor_token_cannot_be_revoked_code')
    },
  },
  agentTasks: {
    create: async (world) =>
      expect(await agentTask(world)).toMatchObject({ url: expect.stringContaining('ticket=') as string }),
    revoke: async (world) => {
      const { agentTaskId } = await agentTask(world)
      expect(await world.client.agentTasks.revoke(agentTaskId)).toMatchObject({ agentTaskId })
      await refused(world.client.agentTasks.revoke(agentTaskId), 400, 'agent_task_cannot_be_revoked')
    },
  },
  allowlistIdentifiers: {
    getAllowlistIdentifierList: async ({ client, own }) =>
      expect(await client.allowlistIdentifiers.getAllowlistIdentifierList()).toMatchObject({
        totalCount: 1,
        data: [{ id: own('alid_1') }],
      }),
    createAllowlistIdentifier: async ({ client }) => {
      const { allowlistIdentifiers } = client
      const asked = { identifier: '*@next.example', notify: false }
      const made = await allowlistIdentifiers.createAllowlistIdentifier(asked)
      expect((await allowlistIdentifiers.getAllowlistIdentifierList()).data).toContainEqual(made)
    },
    deleteAllowlistIdentifier: async ({ client, own }) => {
      await client.allowlistIdentifiers.deleteAllowlistIdentifier(own('alid_1'))
      expect(await client.allowlistIdentifiers.getAllowlistIdentifierList()).toMatchObject({ totalCount: 0 })
    },
  },
  blocklistIdentifiers: {
    getBlocklistIdentifierList: async ({ client, own }) =>
      expect(await client.blocklistIdentifiers.getBlocklistIdentifierList()).toMatchObject({
        totalCount: 1,
        data: [{ id: own('blid_1') }],
      }),
    createBlocklistIdentifier: async ({ client }) => {
      const { blocklistIdentifiers } = client
      const made = await blocklistIdentifiers.createBlocklistIdentifier({ identifier: '*@next.example' })
      expect((await blocklistIdentifiers.getBlocklistIdentifierList()).data).toContainEqual(made)
    },
    deleteBlocklistIdentifier: async ({ client, own }) => {
      await client.blocklistIdentifiers.deleteBlocklistIdentifier(own('blid_1'))
      expect(await client.blocklistIdentifiers.getBlocklistIdentifierList()).toMatchObject({ totalCount: 0 })
    },
  },
  invitations: {
    getInvitationList: async ({ client, own }) =>
      expect(await client.invitations.getInvitationList({ status: 'pending', query: 'invited' })).toMatchObject({
        totalCount: 1,
        data: [{ id: own('inv_1'), emailAddress: 'invited@example.com' }],
      }),
    createInvitation: async ({ client }) => {
      const made = await client.invitations.createInvitation({ emailAddress: 'next@example.com', expiresInDays: 3 })
      const { data } = await client.invitations.getInvitationList({ query: 'next@' })
      expect(data).toMatchObject([{ id: made.id, status: 'pending' }])
    },
    createInvitationBulk: async ({ client }) => {
      const made = await client.invitations.createInvitationBulk([
        { emailAddress: 'a@example.com' },
        { emailAddress: 'b@example.com', notify: false },
      ])
      expect(made).toHaveLength(2)
      expect(await client.invitations.getInvitationList()).toMatchObject({ totalCount: 3 })
    },
    revokeInvitation: async (world) => {
      await world.client.invitations.revokeInvitation(world.own('inv_1'))
      expect([await isListed(world, 'pending'), await isListed(world, 'revoked')]).toEqual([false, true])
    },
    deleteInvitation: async (world) => {
      await world.client.invitations.deleteInvitation(world.own('inv_1'))
      expect([await isListed(world, 'pending'), await isListed(world, 'revoked')]).toEqual([false, false])
    },
  },
  redirectUrls: {
    getRedirectUrlList: async ({ client, own }) =>
      expect(await client.redirectUrls.getRedirectUrlList()).toMatchObject({ data: [{ id: own('ru_1') }] }),
    getRedirectUrl: async ({ client, own }) =>
      expect(await client.redirectUrls.getRedirectUrl(own('ru_1'))).toMatchObject({ url: 'my-app://other' }),
    createRedirectUrl: async ({ client }) => {
      const made = await client.redirectUrls.createRedirectUrl({ url: 'my-app://callback' })
      expect(await client.redirectUrls.getRedirectUrl(made.id)).toEqual(made)
    },
    deleteRedirectUrl: async ({ client, own }) => {
      await client.redirectUrls.deleteRedirectUrl(own('ru_1'))
      await gone(client.redirectUrls.getRedirectUrl(own('ru_1')))
    },
  },
  signInTokens: {
    createSignInToken: async (world) =>
      expect(await signInToken(world)).toMatchObject({ status: 'pending', userId: world.own('user_1') }),
    revokeSignInToken: async (world) => {
      const { id } = await signInToken(world)
      expect(await world.client.signInTokens.revokeSignInToken(id)).toMatchObject({ id, status: 'revoked' })
      await refused(world.client.signInTokens.revokeSignInToken(id), 400, 'sign_in_token_cannot_be_revoked_code')
    },
  },
  signUps: {
    get: async (world) =>
      expect(await world.client.signUps.get(await begunSignUp(world))).toMatchObject({
        status: 'missing_requirements',
        emailAddress: 'new@example.com',
      }),
    update: async (world) => {
      const signUpAttemptId = await begunSignUp(world)
      await world.client.signUps.update({ signUpAttemptId, externalId: 'crm_7' })
      expect(await world.client.signUps.get(signUpAttemptId)).toMatchObject({ externalId: 'crm_7' })
    },
  },
  testingTokens: {
    createTestingToken: async ({ client, test }) => {
      const token: unknown = await client.testingTokens.createTestingToken()
      // The official client hands it on as it came. In seconds, and soon.
      const { expires_at: expiresAt } = token as { expires_at: number }
      expect(expiresAt - test.clock.now() / 1000).toBeGreaterThan(0)
      expect(expiresAt - test.clock.now() / 1000).toBeLessThan(86_400)
    },
  },
  waitlistEntries: {
    list: async ({ client, own }) =>
      expect(await client.waitlistEntries.list({ status: 'pending', orderBy: '-created_at' })).toMatchObject({
        totalCount: 1,
        data: [{ id: own('wle_1'), emailAddress: 'waiting@example.com' }],
      }),
    create: async ({ client }) => {
      const made = await client.waitlistEntries.create({ emailAddress: 'next@example.com', notify: false })
      expect((await client.waitlistEntries.list({ query: 'next@' })).data).toMatchObject([{ id: made.id }])
    },
    createBulk: async ({ client }) => {
      await client.waitlistEntries.createBulk([
        { emailAddress: 'a@example.com' },
        { emailAddress: 'b@example.com', notify: false },
      ])
      expect(await client.waitlistEntries.list()).toMatchObject({ totalCount: 3 })
    },
    invite: async (world) => {
      await world.client.waitlistEntries.invite(world.own('wle_1'))
      expect(await waiting(world)).toMatchObject({ status: 'invited', invitation: { status: 'pending' } })
    },
    reject: async (world) => {
      await world.client.waitlistEntries.reject(world.own('wle_1'))
      expect(await waiting(world)).toMatchObject({ status: 'rejected' })
    },
    delete: async (world) => {
      await world.client.waitlistEntries.delete(world.own('wle_1'))
      expect(await waiting(world)).toBeUndefined()
    },
  },
}
