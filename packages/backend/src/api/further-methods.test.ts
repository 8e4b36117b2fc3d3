import { beforeAll, expect, it } from 'vitest'
import { contractFolder, describeWithContract } from '../../../../tests/contract/contract.test-support.js'
import { createClerkClient } from '../index.js'
import { createRecorder } from '../recorder.test-support.js'
import * as samples from '../samples.test-support.js'
import { callMethod, furtherCalls, officialCalls, olderCalls, type Call } from './calls.test-support.js'
import { ApiDescription, type Operation } from './contract.test-support.js'

/** Fields whose content stays as it came. */
const opaque = new Set([
  'attributeMapping',
  'payee',
  'privateMetadata',
  'publicMetadata',
  'publicOrganizationData',
  'unsafeMetadata',
])

describeWithContract('the methods that @clerk/backend lacks', () => {
  const recorder = createRecorder()
  const client = createClerkClient({
    secretKey: 'sk_test_recorded',
    machineSecretKey: 'ak_recorded',
    fetch: recorder.fetch,
    maxRetries: 0,
  })
  let description: ApiDescription

  beforeAll(() => {
    description = new ApiDescription(contractFolder!)
  })

  async function requestsOf(call: Call) {
    recorder.answer({ body: { data: [], total_count: 0 } })
    // What comes of the answer is not the question here.
    await callMethod(client, call).catch(() => {})
    return recorder.requests
  }

  async function operationOf(call: Call): Promise<Operation> {
    const { method, path } = (await requestsOf(call))[0]!
    const operation = description.find(method, path.replace('/v1', ''))
    expect(operation, `${method} ${path}`).toBeDefined()
    return operation!
  }

  it.each(furtherCalls)('asks by %s for what the contract describes', async (...call) => {
    const operation = await operationOf(call)
    const { body, query } = recorder.requests[0]!
    expect(
      query.map((parameter) => parameter.split('=')[0]).filter((name) => !operation.query.includes(name!)),
    ).toEqual([])
    if (!isUpload(call)) expect(operation.check(body)).toBeUndefined()
  })

  it.each(furtherCalls)('translates what the contract answers to %s', async (...call) => {
    const operation = await operationOf(call)
    const sample = operation.sample('full')
    if (sample === undefined)
      recorder.answer(
        call[0] === 'interstitial.get' ? { body: '<html>', headers: { 'content-type': 'text/html' } } : { status: 204 },
      )
    else recorder.answer({ body: sample })
    const result = await callMethod(client, call)
    if (sample === undefined) expect(result).toBe(call[0] === 'interstitial.get' ? '<html>' : undefined)
    else expect(JSON.stringify(result).length).toBeGreaterThan(10)
    expect(namesWithUnderscores(result)).toEqual([])
  })

  it('reach, together with those it has, every operation there is', async () => {
    const reached = new Set<string>()
    for (const call of [...officialCalls, ...furtherCalls]) {
      for (const { method, path } of await requestsOf(call)) {
        const operation = description.find(method, path.replace('/v1', ''))
        if (operation) reached.add(operation.operationId)
      }
    }
    expect(description.operationIds.filter((operationId) => !reached.has(operationId))).toEqual([])
  })

  it.each(olderCalls)('asks by %s for what older versions describe', async (...call) => {
    const { method, path, body } = (await requestsOf(call))[0]!
    expect(description.find(method, path.replace('/v1', ''))?.check(body)).toBeUndefined()
    recorder.answer({ body: path === '/v1/emails' ? samples.email : samples.smsMessage })
    expect(namesWithUnderscores(await callMethod(client, call))).toEqual([])
  })
})

function isUpload([name]: Call): boolean {
  return name === 'oauthApplications.updateLogo'
}

function namesWithUnderscores(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesWithUnderscores)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, field]) =>
    opaque.has(name) || (name === 'data' && !Array.isArray(field))
      ? []
      : [...(name.includes('_') ? [name] : []), ...namesWithUnderscores(field)],
  )
}
