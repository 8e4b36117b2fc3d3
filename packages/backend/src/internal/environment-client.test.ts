import { expect, it, vi } from 'vitest'
import { createEnvironmentClient } from './environment-client.js'

it('is made at first use, and once', () => {
  const read = vi.fn<() => { secretKey: string }>(() => ({ secretKey: 'sk_test_x' }))
  const client = createEnvironmentClient(read)
  expect(read).not.toHaveBeenCalled()
  expect(client.users).toBe(client.users)
  expect('organizations' in client).toBe(true)
  expect(read).toHaveBeenCalledTimes(1)
})

it('is made anew until there is a secret key', () => {
  const environment: { secretKey?: string } = {}
  const client = createEnvironmentClient(() => ({ ...environment }))
  const before = client.users
  environment.secretKey = 'sk_test_x'
  expect(client.users).not.toBe(before)
  expect(client.users).toBe(client.users)
})

it('is not changed by assignments', () => {
  const client = createEnvironmentClient(() => ({ secretKey: 'sk_test_x' }))
  expect(() => Object.assign(client, { users: null })).toThrow(TypeError)
  expect(client.users).toBeTypeOf('object')
})
