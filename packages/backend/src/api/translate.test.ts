import { expect, it } from 'vitest'
import { toWireNames, translate } from './translate.js'

it('names fields in camelCase all the way down, but not in what belongs to the application', () => {
  const json = {
    object: 'anything_new',
    new_field: [{ inner_field: 1, x509_cert: null }],
    public_metadata: { snake_case: { a_b: 1 } },
    claims: { user_id: '1' },
  }
  expect(translate(json)).toEqual({
    object: 'anything_new',
    newField: [{ innerField: 1, x509Cert: null }],
    publicMetadata: { snake_case: { a_b: 1 } },
    claims: { user_id: '1' },
  })
})

it('keeps the answer in raw, which nothing copies or prints', () => {
  const json = { object: 'session', id: 'sess_1', tasks: [{ key: 'setup-mfa' }] }
  const session = translate<{ raw: unknown }>(json)
  expect(session.raw).toBe(json)
  expect(Object.keys(session)).not.toContain('raw')
  expect(JSON.stringify(session)).not.toContain('raw')
})

it('gives each resource defaults of its own', () => {
  const [first, second] = translate<{ publicMetadata: object }[]>([{ object: 'user' }, { object: 'user' }])
  expect(first!.publicMetadata).toEqual({})
  expect(first!.publicMetadata).not.toBe(second!.publicMetadata)
})

it('makes a deleted object of what was deleted, whatever it was', () => {
  expect(translate({ object: 'user', id: 'user_1', deleted: true })).toEqual({
    object: 'user',
    id: 'user_1',
    slug: null,
    deleted: true,
  })
})

it('takes names that objects have from the start as names', () => {
  const json = JSON.parse('{"object":"constructor","__proto__":{"a_b":1},"to_string":1}') as object
  const fields = translate<Record<string, unknown>>(json)
  expect(Object.getPrototypeOf(fields)).toBe(Object.prototype)
  expect(fields['toString']).toBe(1)
})

it('translates a list inside of an answer', () => {
  expect(translate({ data: [{ object: 'role', role_name: 'a' }], total_count: 3 })).toMatchObject({
    data: [{ roleName: 'a', permissions: [] }],
    totalCount: 3,
  })
})

it.each([null, 7, 'text', true, undefined])('leaves %j as it is', (json) => {
  expect(translate(json)).toBe(json)
})

it('writes names for the wire all the way down, and leaves values', () => {
  const date = new Date(0)
  expect(toWireNames({ aB: [{ cD: { eF: date } }], gH: 'iJ' })).toEqual({ a_b: [{ c_d: { e_f: date } }], g_h: 'iJ' })
})
