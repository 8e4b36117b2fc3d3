import { describe, expect, it } from 'vitest'
import { useTestServer } from '../server.test-support.js'
import { findInexactNumber } from './exact-numbers.js'

describe('numbers in JSON', () => {
  it.each([
    '1145141919810893824',
    '9007199254740993',
    '-9007199254740993',
    '1e400',
    '-1e400',
    '1e-400',
    '0.12345678901234567891',
    '3.14159265358979323846',
    '12345678901234567e2',
  ])('that would change are found: %s', (number) => {
    expect(findInexactNumber(`{"a":1,"public_metadata":{"x":[true,{"id":${number}}]},"b":2}`)).toEqual({
      number,
      field: 'public_metadata',
    })
    expect(findInexactNumber(`[{"a":1},{"b":${number}}]`)).toEqual({ number, field: 'b' })
  })

  it.each([
    '9007199254740992',
    '0.1',
    '0.30000000000000004',
    '1.7976931348623157e308',
    '5e-324',
    '1e21',
    '1E+2',
    '100000000000000000000',
    '0.0000000000000000000000',
    '-0',
    '1.50000000000000000000',
  ])('that stay the same are left alone: %s', (number) => {
    expect(findInexactNumber(`{"a":${number}}`)).toBeUndefined()
  })

  it('are not looked for in text', () => {
    for (const text of ['1145141919810893824', '"1145141919810893824', '\\"1e400', ':1145141919810893824,'])
      expect(findInexactNumber(JSON.stringify({ a: text, [text]: 1 }))).toBeUndefined()
  })
})

describe('metadata', () => {
  const server = useTestServer('sqlite')

  it('is refused by name where a number would become another one, in JSON and in forms', async () => {
    const { id } = await server.client.users.createUser({ emailAddress: ['ada@example.com'] })
    const send = async (type: string, body: string) =>
      server.call('PATCH', `/users/${id}/metadata`, body, { headers: { 'content-type': type } })
    const number = '1145141919810893824'
    const form = new URLSearchParams({ private_metadata: `{"id":${number}}` }).toString()
    for (const { status, body } of [
      await send('application/json', `{"private_metadata":{"id":${number}}}`),
      await send('application/x-www-form-urlencoded', form),
    ]) {
      expect([status, body.errors[0]]).toMatchObject([
        422,
        {
          code: 'form_param_value_invalid',
          long_message: `private_metadata has the number ${number}, which would not stay exactly the same: send it as text`,
          meta: { param_name: 'private_metadata' },
        },
      ])
    }
    const exact = { id: number, share: 0.1, big: 9007199254740992 }
    await server.call('PATCH', `/users/${id}/metadata`, { private_metadata: exact })
    expect((await server.client.users.getUser(id)).privateMetadata).toEqual(exact)
  })
})
