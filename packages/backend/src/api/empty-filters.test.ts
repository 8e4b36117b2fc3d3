import { expect, it } from 'vitest'
import { createClerkClient } from '../index.js'
import { createRecorder } from '../recorder.test-support.js'
import { callMethod, furtherCalls, officialCalls, type Call } from './calls.test-support.js'

const recorder = createRecorder()
const client = createClerkClient({ secretKey: 'sk_test_recorded', fetch: recorder.fetch, maxRetries: 0 })

/** The call with nothing in one of its filters; undefined where it has no filter of this kind. */
function withEmptyFilter([name, ...args]: Call): Call | undefined {
  const [params, ...rest] = args.toReversed()
  if (typeof params !== 'object' || params === null || Array.isArray(params)) return undefined
  const filter = Object.entries(params).find(([, value]) => Array.isArray(value))?.[0]
  return filter === undefined ? undefined : [name, ...rest.toReversed(), { ...params, [filter]: [] }]
}

async function requestsOf(call: Call) {
  recorder.answer({ body: { data: [], total_count: 0 } })
  const result = await callMethod(client, call)
  return { result, requests: recorder.requests.map(({ method }) => method) }
}

const reads: Call[] = []
for (const call of [...officialCalls, ...furtherCalls]) {
  const empty = withEmptyFilter(call)
  if (empty && (await requestsOf(call)).requests.every((method) => method === 'GET')) reads.push(empty)
}

it('are tried with each list that takes several values for a filter', () => {
  expect([...new Set(reads.map(([name]) => name))].toSorted()).toEqual([
    'enterpriseConnections.getEnterpriseConnectionTestRunList',
    'organizations.getInstanceOrganizationDomainList',
    'organizations.getOrganizationInvitationList',
    'organizations.getOrganizationList',
    'organizations.getOrganizationMembershipList',
    'samlConnections.getSamlConnectionList',
    'users.getCount',
    'users.getUserList',
  ])
})

it.each(reads)('%s asks for nothing, and gets it, with %j', async (...call) => {
  const { result, requests } = await requestsOf(call)
  expect(requests).toEqual([])
  expect(result).toEqual(call[0] === 'users.getCount' ? 0 : { data: [], totalCount: 0 })
})
