import { describe, expect, it, vi } from 'vitest'
import { PasswordHasher } from '../lib/passwords/index.js'
import { API_URL, useTestServer } from '../server.test-support.js'

describe('the cost of a request', () => {
  const server = useTestServer('sqlite')

  it.each([
    ['a list', `{"public_metadata":{"a":[${'1,'.repeat(400_000)}1]}}`],
    ['an object', `{${Array.from({ length: 60_000 }, (_, index) => `"k${index}":1`).join()}}`],
    ['lists in lists', `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
  ])('refuses very many values in %s before it parses them', async (_, body) => {
    const parse = vi.spyOn(JSON, 'parse')
    try {
      const answer = await server.server.fetch(
        new Request(`${API_URL}/v1/users`, {
          method: 'POST',
          body,
          headers: { authorization: `Bearer ${server.instance.secretKey}`, 'content-type': 'application/json' },
        }),
      )
      expect(parse.mock.calls.filter(([text]) => text.length === body.length)).toEqual([])
      parse.mockRestore()
      expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('more than 10000 values')])
    } finally {
      parse.mockRestore()
    }
  })

  it('counts no values inside a text', async () => {
    for (const text of [',[{'.repeat(50_000), '",'.repeat(50_000), '\\\\",'.repeat(20_000)])
      expect((await server.call('POST', '/users', { first_name: text })).body.errors[0].code).toBe(
        'form_param_max_length_exceeded',
      )
  })

  it('hashes no password for a client that has hung up', async () => {
    const gone = new AbortController()
    const create = (index: number, signal?: AbortSignal) =>
      server.server.fetch(
        new Request(`${API_URL}/v1/users`, {
          method: 'POST',
          body: JSON.stringify({ username: `ada_${index}`, password: 'correct horse battery' }),
          headers: { authorization: `Bearer ${server.instance.secretKey}`, 'content-type': 'application/json' },
          ...(signal ? { signal } : {}),
        }),
      )
    const hash = vi.spyOn(PasswordHasher.prototype, 'hash')
    try {
      const all = [create(0), ...Array.from({ length: 30 }, (_, index) => create(index + 1, gone.signal))]
      await expect.poll(() => hash.mock.calls.length, { interval: 0 }).toBeGreaterThan(4)
      gone.abort()
      const statuses = (await Promise.all(all)).map(({ status }) => status)
      expect(statuses[0]).toBe(200)
      expect(statuses.filter((status) => status === 499).length).toBeGreaterThan(15)
    } finally {
      hash.mockRestore()
    }
  })

  it('refuses a form of very many names', async () => {
    const form = Array.from({ length: 60_000 }, (_, index) => `k${index}=1`).join('&')
    const { status } = await server.call('POST', '/users', form, {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(status).toBe(400)
  })
})
