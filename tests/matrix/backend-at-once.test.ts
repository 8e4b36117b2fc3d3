import { describe, expect, it } from 'vitest'
import { backendEndpoints } from '../../packages/server/src/compose/endpoints.js'
import { dialects } from '../../packages/server/src/server.test-support.js'
import { codeOf, goodBody, send, useWorld, type Filled } from './world.test-support.js'

type BackendEndpoint = (typeof backendEndpoints)[number]

const RACERS = 64
/** Instances that are filled at once: each takes two of a server's eight connections to PostgreSQL. */
const BATCH = 4

/** What they ask for exists only after something else: a token that was minted, a nonce, a proxy, a production instance. */
const NEVER_GOOD: Readonly<Record<string, string>> = {
  AttemptEmailAddressVerification: '404 resource_not_found',
  AttemptPhoneNumberVerification: '404 resource_not_found',
  ChangeDomain: '400 request_invalid_for_environment',
  ChangeProductionInstanceDomain: '400 request_invalid_for_environment',
  CreateAccountlessApplication: '403 feature_not_enabled',
  DeleteSvixApp: '400 svix_app_missing',
  GenerateSvixAuthURL: '400 svix_app_missing',
  GetHandshakePayload: '422 form_param_missing',
  GetPublicInterstitial: '400 missing_query_parameter',
  RefreshSession: '401 expired_session_token_invalid',
  UpdateProductionInstanceDomain: '400 request_invalid_for_environment',
  VerifyClient: '400 cookie_invalid',
  VerifyDomainProxy: '422 invalid_proxy_configuration',
  VerifySession: '400 invalid_session_token',
  AssignPermissionToOrganizationRole: '409 organization_role_permission_association_exists',
  CreateMachineScope: '409 conflict',
  createM2MToken: '403 authorization_invalid',
  getApiKeys: '400 bad_request',
  getM2MTokens: '400 bad_request',
  verifyM2MToken: '404 resource_not_found',
}

describe.each(dialects)('64 calls at once of every operation of the Backend API on %s', (dialect) => {
  const world = useWorld(dialect)

  /** The answers of the racers, and of one that comes after them. */
  const race = async (endpoint: BackendEndpoint, filled: Filled) => {
    const path = await filled.pathOf(endpoint)
    const attempt = async () => {
      const answer = await send(world, endpoint, path, {
        authorization: `Bearer ${filled.instance.secretKey}`,
        body: goodBody(endpoint, filled),
      })
      return `${answer.status} ${codeOf(answer) ?? 'good'}`
    }
    return { raced: await Promise.all(Array.from({ length: RACERS }, attempt)), after: await attempt() }
  }

  /** Whoever comes last is told what all of them are told, but for one who was first where that can be done only once. */
  const wrong = ({ operationId }: BackendEndpoint, { raced, after }: Awaited<ReturnType<typeof race>>) => {
    const good = raced.filter((outcome) => outcome.endsWith(' good'))
    const refused = raced.filter((outcome) => !good.includes(outcome))
    const never = NEVER_GOOD[operationId]
    const isAsOneAfterTheOther = after.endsWith(' good')
      ? never === undefined && refused.length === 0
      : good.length === (never === undefined ? 1 : 0) &&
        refused.every((outcome) => outcome === (never ?? after)) &&
        !after.startsWith('5')
    return isAsOneAfterTheOther ? [] : [`${operationId}: ${tally(raced)}, then ${after}`]
  }

  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])(
    'is answered as if one came after the other, with %s',
    { timeout: 240_000 },
    async (method) => {
      const endpoints = backendEndpoints.filter((one) => one.method === method)
      const found: string[] = []
      for (let from = 0; from < endpoints.length; from += BATCH) {
        const batch = endpoints.slice(from, from + BATCH)
        const filled = await Promise.all(batch.map(async () => (method === 'GET' ? world.victim : world.fill())))
        for (const [index, endpoint] of batch.entries()) {
          found.push(...wrong(endpoint, await race(endpoint, filled[index]!)))
        }
      }
      expect(found).toEqual([])
    },
  )
})

function tally(outcomes: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const outcome of outcomes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  return [...counts].map(([outcome, count]) => `${count} x ${outcome}`).join(', ')
}
