import { createClerkClient } from '@latchkey/backend'
import { describe, expect, it } from 'vitest'
import { API_URL, dialects, useTestServer } from '../../server.test-support.js'

describe.each(dialects)('applications without an account on %s', (dialect) => {
  const server = useTestServer(dialect, { allowAccountless: true })
  const needDefault = async () => {
    if (!(await server.server.admin.defaultInstance())) await server.newInstance({ isDefault: true })
  }
  const clientWith = (secretKey: string) => createClerkClient({ secretKey, apiUrl: API_URL, fetch: server.fetch })

  it('are instances of their own, for whoever asks without a key', async () => {
    await needDefault()
    const answer = await server.call('POST', '/accountless_applications?source=nextjs', undefined, { key: null })
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({
      object: 'accountless_application',
      publishable_key: expect.stringMatching(/^pk_test_/),
      secret_key: expect.stringMatching(/^sk_test_/),
      claim_url: expect.stringMatching(new RegExp(`^${API_URL}/i/ins_`)),
    })
    const own = clientWith(answer.body.secret_key)
    await own.users.createUser({ emailAddress: ['ada@example.com'] })
    expect(await own.users.getCount()).toBe(1)
    expect(await server.client.users.getCount()).toBe(0)
    expect((await server.server.admin.listInstances()).at(-1)).toMatchObject({ name: 'nextjs' })
  })

  it('are set up by whoever has the key', async () => {
    await needDefault()
    const { __experimental_accountlessApplications: accountless } = server.client
    const made = await accountless.createAccountlessApplication({ source: 'nextjs' })
    const authorization = new Headers({ authorization: `Bearer ${made.secretKey}` })
    expect(await accountless.completeAccountlessApplicationOnboarding({ requestHeaders: authorization })).toEqual(made)
    await expect(
      accountless.completeAccountlessApplicationOnboarding({
        requestHeaders: new Headers({ authorization: 'Bearer sk_test_none' }),
      }),
    ).rejects.toMatchObject({ status: 401 })
  })
})

describe('applications without an account', () => {
  const server = useTestServer('sqlite')

  it('are refused where operators have not allowed them', async () => {
    await server.newInstance({ isDefault: true })
    const before = (await server.server.admin.listInstances()).length
    const { status, body } = await server.call('POST', '/accountless_applications', undefined, { key: null })
    expect({ status, code: body.errors[0].code }).toEqual({ status: 403, code: 'feature_not_enabled' })
    expect(await server.server.admin.listInstances()).toHaveLength(before)
  })
})
