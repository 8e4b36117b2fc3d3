import { readFileSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import { openBrowser, shakeHands } from '../../packages/server/src/browser.test-support.js'
import { backendEndpoints, frontendEndpoints } from '../../packages/server/src/compose/endpoints.js'
import { typesAsDescribed } from '../../packages/server/src/described-events.test-support.js'
import { dialects, useTestServer } from '../../packages/server/src/server.test-support.js'
import { fetchByProxy, PROXY_URL } from '../../packages/server/src/resources/proxy-checks/proxy-checks.test-support.js'
import { describeWithContract } from '../contract/contract.test-support.js'
import { fieldDifferences } from './differences.js'
import { jsonTypes } from './json-types.js'

const source = readFileSync(
  new URL('../../node_modules/clerk-backend-2/dist/api/resources/JSON.d.ts', import.meta.url),
  'utf8',
)

type Json = Record<string, unknown>

const PASSWORD = 'analytical engine'

/** What all the calls are about: a user with one of everything, and a session. */
interface World {
  userId: string
  emailId: string
  phoneId: string
  sessionId: string
  clientId: string
}

/** What the official SDK declares, and the contract closes the answer without, or allows to be left out but not to be null. */
const undescribed: Record<string, string[]> = { AccountlessApplicationJSON: ['id'], SignUpJSON: ['external_account'] }

/** The fields an interface must have, but for those that we leave out on purpose. */
function requiredFields(type: string): string[] {
  const [, parent, body] =
    new RegExp(`^(?:export )?interface ${type}(?:<[^>]*>)?(?: extends (\\w+))? \\{\\n([\\s\\S]*?)^\\}`, 'm').exec(
      source,
    ) ?? []
  const own = [...(body ?? '').matchAll(/^ {4}'?([\w#]+)'?: /gm)].map(([, name]) => name!)
  const leftOut = [
    ...Object.keys((fieldDifferences as Record<string, object>)[type] ?? {}),
    ...(undescribed[type] ?? []),
  ]
  return [...new Set([...(parent ? requiredFields(parent) : []), ...own])].filter((name) => !leftOut.includes(name))
}

function at(value: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((here, key) => (here as Record<string, unknown> | undefined)?.[key], value)
}

describe.each(dialects)('the wire types on %s', (dialect) => {
  const server = useTestServer(dialect, { allowAccountless: true, fetch: fetchByProxy(() => server) })
  let world: World

  const get = async (path: string): Promise<unknown> => (await server.call('GET', path)).body
  const send = async (method: string, path: string, body?: Json): Promise<unknown> =>
    (await server.call(method, path, body)).body

  beforeEach(async () => {
    const user = `user_${server.instance.id.slice(4)}`
    await server.server.admin.seed(server.instance.id, {
      instance: { organization_settings: { enabled: true, domains_enabled: true } },
      oauth_applications: [{ name: 'CLI', grants: [{ user_id: user, access_token: oauthToken() }] }],
      users: [
        {
          id: user,
          email_addresses: ['ada@example.com'],
          password: PASSWORD,
          phone_numbers: ['+14155552671'],
          web3_wallets: ['0x52908400098527886E0F7030069857D2E4169EE7'],
          external_accounts: [
            {
              provider: 'oauth_github',
              provider_user_id: '7',
              email_address: 'ada@example.com',
              email_address_verified: true,
              access_token: 'gho_token',
            },
          ],
        },
      ],
    })
    const { body: stored } = await server.call('GET', `/users/${user}`)
    const { body: session } = await server.call('POST', '/sessions', { user_id: user })
    world = {
      userId: user,
      emailId: stored.email_addresses[0].id,
      phoneId: stored.phone_numbers[0].id,
      sessionId: session.id,
      clientId: session.client_id,
    }
  })

  const oauthToken = () => `oat_${server.instance.id.slice(4)}`
  const newOrganization = async () =>
    ((await send('POST', '/organizations', { name: 'Acme', created_by: world.userId })) as { id: string }).id
  const newInvitation = async () => {
    const email = { email_address: 'grace@example.com', role: 'org:member' }
    return send('POST', `/organizations/${await newOrganization()}/invitations`, email)
  }
  const newMachine = async () => ((await send('POST', '/machines', { name: 'API' })) as { id: string }).id

  /** One call for each operation that the table names. */
  const calls: Record<string, () => Promise<unknown>> = {
    GetUser: () => get(`/users/${world.userId}`),
    DeleteUser: () => send('DELETE', `/users/${world.userId}`),
    GetOAuthAccessToken: () => get(`/users/${world.userId}/oauth_access_tokens/github`),
    ListUserTrustedDevices: () => get(`/users/${world.userId}/trusted_devices`),
    GetEmailAddress: () => get(`/email_addresses/${world.emailId}`),
    GetPhoneNumber: () => get(`/phone_numbers/${world.phoneId}`),
    // In a browser, as one that the application opens has nobody's activity.
    GetSession: async () => {
      const browser = await openBrowser(server)
      const form = { identifier: 'ada@example.com', password: PASSWORD }
      const headers = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' }
      const { body } = await browser.call('POST /client/sign_ins', { form, headers })
      return get(`/sessions/${body.response.created_session_id}`)
    },
    CreateSessionToken: () => send('POST', `/sessions/${world.sessionId}/tokens`, {}),
    RefreshSession: async () => {
      const browser = await openBrowser(server)
      const form = { identifier: 'ada@example.com', password: PASSWORD }
      const { body } = await browser.call('POST /client/sign_ins', { form })
      const { cookies } = await shakeHands(server, browser)
      const [, refreshToken] = [...cookies].find(([name]) => name.startsWith('__refresh_'))!
      return send('POST', `/sessions/${body.response.created_session_id}/refresh`, {
        expired_token: cookies.get('__session'),
        refresh_token: refreshToken,
        request_origin: browser.origin,
        format: 'cookie',
      })
    },
    GetClient: () => get(`/clients/${world.clientId}`),
    GetJWKS: () => get('/jwks'),
    GetJWTTemplate: async () => {
      const { id } = (await send('POST', '/jwt_templates', { name: 'hasura', claims: { role: 'user' } })) as {
        id: string
      }
      return get(`/jwt_templates/${id}`)
    },
    GetInstance: () => get('/instance'),
    UpdateInstanceRestrictions: () => send('PATCH', '/instance/restrictions', { allowlist: false }),
    UpdateInstanceAuthConfig: () => send('PATCH', '/beta_features/instance_settings', { test_mode: true }),
    GetMachine: async () => get(`/machines/${await newMachine()}`),
    CreateMachineScope: async () =>
      send('POST', `/machines/${await newMachine()}/scopes`, { to_machine_id: await newMachine() }),
    GetMachineSecretKey: async () => get(`/machines/${await newMachine()}/secret_key`),
    createM2MToken: async () => {
      const { secret: key } = (await get(`/machines/${await newMachine()}/secret_key`)) as { secret: string }
      return (await server.call('POST', '/m2m_tokens', {}, { key })).body
    },
    createApiKey: async () => send('POST', '/api_keys', { name: 'deploy', subject: await newMachine() }),
    CreateAccountlessApplication: async () =>
      (await server.call('POST', '/accountless_applications', undefined, { key: null })).body,
    CreateSvixApp: () => send('POST', '/webhooks/svix'),
    CreateActorToken: () => send('POST', '/actor_tokens', { user_id: world.userId, actor: { sub: 'user_admin' } }),
    CreateSignInToken: () => send('POST', '/sign_in_tokens', { user_id: world.userId }),
    CreateTestingToken: () => send('POST', '/testing_tokens'),
    CreateAllowlistIdentifier: () => send('POST', '/allowlist_identifiers', { identifier: '*@example.com' }),
    CreateBlocklistIdentifier: () => send('POST', '/blocklist_identifiers', { identifier: '*@example.com' }),
    CreateInvitation: () => send('POST', '/invitations', { email_address: 'grace@example.com' }),
    CreateWaitlistEntry: () => send('POST', '/waitlist_entries', { email_address: 'grace@example.com' }),
    CreateRedirectURL: () => send('POST', '/redirect_urls', { url: 'my-app://callback' }),
    ListDomains: async () => {
      const frontendHost = `clerk.types-${server.instance.id.slice(-8).toLowerCase()}.example`
      const { secretKey: key } = await server.newInstance({ environmentType: 'production', frontendHost })
      return (await server.call('GET', '/domains', undefined, { key })).body
    },
    VerifyDomainProxy: () => send('POST', '/proxy_checks', { proxy_url: PROXY_URL }),
    CreateOAuthApplication: () =>
      send('POST', '/oauth_applications', { name: 'Tool', redirect_uris: ['https://tool.example/callback'] }),
    verifyOAuthAccessToken: () =>
      send('POST', '/oauth_applications/access_tokens/verify', { access_token: oauthToken() }),
    GetOrganization: async () => get(`/organizations/${await newOrganization()}`),
    CreateOrganizationDomain: async () =>
      send('POST', `/organizations/${await newOrganization()}/domains`, { name: 'acme.example' }),
    CreateOrganizationInvitation: newInvitation,
    ListInstanceOrganizationInvitations: async () => {
      await newInvitation()
      return get('/organization_invitations')
    },
    ListOrganizationMemberships: async () => get(`/organizations/${await newOrganization()}/memberships`),
    CreateOrganizationPermission: () =>
      send('POST', '/organization_permissions', { name: 'Read', key: 'org:reports:read', description: 'All' }),
    CreateOrganizationRole: () =>
      send('POST', '/organization_roles', { name: 'Reader', key: 'org:reader', description: 'Reads' }),
    GetSignUp: async () => {
      const browser = await openBrowser(server)
      const { body } = await browser.call('POST /client/sign_ups', { form: { email_address: 'grace@example.com' } })
      const { id } = body.response
      await browser.call(`POST /client/sign_ups/${id}/prepare_verification`, { form: { strategy: 'email_code' } })
      return get(`/sign_ups/${id}`)
    },
    createSignIn: async () => {
      const form = { identifier: 'ada@example.com' }
      return (await (await openBrowser(server)).call('POST /client/sign_ins', { form })).body
    },
    GetInstanceOrganizationSettings: () => get('/instance/organization_settings'),
  }

  /** What brings each event of the table about. */
  const causes: Record<string, () => Promise<unknown>> = {
    'email.created': () =>
      send('POST', '/emails', {
        from_email_name: 'news',
        subject: 'Hello',
        body: '<p>Hello</p>',
        email_address_id: world.emailId,
      }),
    'sms.created': () => send('POST', '/sms_messages', { message: 'Hello', phone_number_id: world.phoneId }),
  }

  const eventOf = async (type: string) => {
    await causes[type]!()
    return (await server.events()).find((record) => record.type === type)!
  }

  const yielded = jsonTypes.flatMap(({ type, yieldedBy }) =>
    'operationId' in yieldedBy ? [{ type, ...yieldedBy }] : [],
  )
  const carried = jsonTypes.flatMap(({ type, yieldedBy }) => ('event' in yieldedBy ? [{ type, ...yieldedBy }] : []))

  it.each(yielded)(
    '$type is yielded by $operationId, with the fields that the official SDK reads',
    async ({ type, operationId, api, at: pointer = '' }) => {
      const served = api === 'frontend' ? frontendEndpoints : backendEndpoints
      expect(served.map((endpoint) => endpoint.operationId)).toContain(operationId)
      const value = at(await calls[operationId]!(), pointer)

      expect(value).toBeTypeOf('object')
      expect(Object.keys(value as object)).toEqual(expect.arrayContaining(requiredFields(type)))
    },
  )

  it.each(carried)(
    '$type is carried by $event, with the fields that the official SDK reads',
    async ({ type, event, at: pointer = '' }) => {
      const { payload } = await eventOf(event)
      expect(Object.keys(at(payload, pointer) as object)).toEqual(expect.arrayContaining(requiredFields(type)))
    },
  )

  describeWithContract('the webhook', () => {
    it.each([...new Set(carried.map(({ event }) => event))])('%s is as the contract describes it', async (event) => {
      expect(typesAsDescribed([await eventOf(event)])).toEqual([event])
    })
  })
})

describe('the fields that the official SDK reads', () => {
  it('are found in its declarations', () => {
    expect(requiredFields('TokenJSON')).toEqual(['object', 'jwt'])
    expect(requiredFields('Web3WalletJSON')).toEqual(['object', 'id', 'web3_wallet'])
    expect(requiredFields('UserJSON')).toContain('last_active_at')
  })
})
