import { beforeAll, describe, expect, it } from 'vitest'
import * as samples from '../samples.test-support.js'
import { openBothSDKs, withDots, type BothSDKs } from './both-sdks.test-support.js'
import { furtherCalls, methodsOf, officialCalls, olderCalls } from './calls.test-support.js'

describe('the SDK and @clerk/backend', () => {
  let both: BothSDKs

  beforeAll(async () => {
    both = await openBothSDKs()
  })

  it.each(officialCalls)('make the same request by %s', async (...call) => {
    const { ours, official } = await both.call(call, { body: { data: [], total_count: 0 } })
    expect(official.requests).not.toEqual([])
    expect(ours.requests).toEqual(withDots(official.requests))
  })

  it('have the same methods, each of which is called here, and some more', () => {
    const official = methodsOf(both.official)
    const called = (calls: typeof officialCalls): string[] => [...new Set(calls.map(([name]) => name))].toSorted()
    expect(called(officialCalls)).toEqual(official.toSorted())
    const further = called([...furtherCalls, ...olderCalls])
    expect(methodsOf(both.ours).toSorted()).toEqual([...official, ...further].toSorted())
  })

  it.each([
    ['users.disableUserMFA', 'DELETE', '/v1/users/user_1/mfa'],
    ['users.deleteUserBackupCodes', 'DELETE', '/v1/users/user_1/backup_code'],
    ['users.deleteUserTOTP', 'DELETE', '/v1/users/user_1/totp'],
  ])('ask the same by %s, which here answers what its type says', async (name, method, path) => {
    const { ours } = await both.call([name, 'user_1'], { body: { user_id: 'user_1' } })
    expect(ours.requests).toMatchObject([{ method, path }])
    expect(ours.result).toEqual({ userId: 'user_1' })
  })

  it('make nothing of an answer without content', async () => {
    const { ours, official } = await both.call(['instance.update', { testMode: false, hibp: null }], { status: 204 })
    expect(ours).toEqual(official)
    expect(ours.result).toBeUndefined()
  })

  it('agree about what a user is called and what came', async () => {
    const { ours, official } = await both.call(['users.getUser', 'user_1'], { body: samples.user })
    expect(ours.result).toMatchObject(official.result as object)
    const [expected, actual] = [await both.official.users.getUser('user_1'), await both.ours.users.getUser('user_1')]
    for (const getter of ['primaryEmailAddress', 'primaryPhoneNumber', 'primaryWeb3Wallet'] as const) {
      expect(actual[getter]).toMatchObject({ id: expected[getter]!.id })
    }
    expect(actual.fullName).toBe(expected.fullName)
    expect(actual.raw).toEqual(expected.raw)
  })

  it('agree about each e-mail of a batch', async () => {
    const { ours, official } = await both.call(
      ['emails.createBatch', [{ to: { userId: 'user_1' }, from: { address: 'a@x.y' }, subject: 's', text: 't' }]],
      {
        body: [
          { index: 0, email: samples.email, status_code: 200 },
          {
            index: 1,
            errors: [{ code: 'a', message: 'b', long_message: 'c' }],
            status_code: 422,
            retry_after_seconds: 3,
          },
        ],
      },
    )
    expect(ours.result).toMatchObject(official.result as object)
  })
})
