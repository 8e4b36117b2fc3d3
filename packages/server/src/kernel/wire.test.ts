import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { camelCase, camelizer, inVersion, toWire, type Camelized } from './wire.js'

describe('names at the edge', () => {
  const body = z.object({
    first_name: z.string().nullish(),
    public_metadata: z.record(z.string(), z.unknown()).optional(),
    web3_wallet: z.array(z.string()).optional(),
    items: z.array(z.object({ end_at: z.int() })).optional(),
    attribute_mapping: z.object({ user_id: z.string() }).optional(),
  })
  const rename = camelizer(body) as (value: unknown) => Camelized<z.output<typeof body>>

  it('become camelCase at every level that the schema names', () => {
    const renamed = rename({
      first_name: 'Ada',
      web3_wallet: ['0x'],
      items: [{ end_at: 1 }, { end_at: 2 }],
      attribute_mapping: { user_id: 'u' },
    })
    expect(renamed).toEqual({
      firstName: 'Ada',
      web3Wallet: ['0x'],
      items: [{ endAt: 1 }, { endAt: 2 }],
      attributeMapping: { userId: 'u' },
    })
    expect(camelCase('created_at_before')).toBe('createdAtBefore')
  })

  it('stay inside metadata, which no schema names', () => {
    expect(rename({ public_metadata: { snake_case: { still_snake: 1 } } })).toEqual({
      publicMetadata: { snake_case: { still_snake: 1 } },
    })
  })

  it('tell null from absent', () => {
    expect(rename({ first_name: null })).toEqual({ firstName: null })
    expect(Object.keys(rename({ first_name: undefined }))).toEqual([])
  })

  it('are renamed in a choice with one form that has names, as in a seed', () => {
    const text = z.string().transform((address) => ({ email_address: address }))
    const list = z.object({ emails: z.array(z.union([text, z.strictObject({ email_address: z.string() })])) })
    expect(camelizer(list)(list.parse({ emails: ['a@x.y', { email_address: 'b@x.y' }] }))).toEqual({
      emails: [{ emailAddress: 'a@x.y' }, { emailAddress: 'b@x.y' }],
    })
  })

  it.each([
    ['a choice of objects', z.union([z.object({ a_b: z.string() }), z.object({ c_d: z.string() })])],
    ['an intersection', z.intersection(z.object({ a_b: z.string() }), z.object({ c_d: z.string() }))],
    ['a pipe into an object', z.preprocess((value) => value, z.object({ a_b: z.string() }))],
    ['a map', z.map(z.string(), z.object({ a_b: z.string() }))],
  ])('refuse %s at start, whose names would stay', (_, schema) => {
    expect(() => camelizer(z.object({ field: schema }))).toThrow(TypeError)
  })
})

describe('a record on the wire', () => {
  const schema = z.object({
    object: z.literal('key'),
    id: z.string(),
    created_at: z.int(),
    secret: z.string().optional(),
    note: z.string().nullable(),
  })
  const record = { id: 'k_1', createdAt: 5, secret: 'SEALED', note: null, hash: 'HASH' }

  it('has the fields of the schema and no other', () => {
    expect(toWire(schema, record, { object: 'key' })).toEqual({
      object: 'key',
      id: 'k_1',
      created_at: 5,
      secret: 'SEALED',
      note: null,
    })
  })

  it('takes a computed field before the column of its name, even undefined or null', () => {
    expect(toWire(schema, record, { object: 'key', secret: undefined })).not.toHaveProperty('secret')
    expect(toWire(schema, record, { object: 'key', id: 'k_2' }).id).toBe('k_2')
  })

  it('does not compile without a field that the record lacks, or with one it does not know', () => {
    // @ts-expect-error `object` is missing
    expect(toWire(schema, record, {})).not.toHaveProperty('object')
    // @ts-expect-error `created_at` is not a number
    expect(toWire(schema, { ...record, createdAt: 'now' }, { object: 'key' }).created_at).toBe('now')
    // @ts-expect-error the schema has no such field
    expect(toWire(schema, record, { object: 'key', colour: 'red' })).not.toHaveProperty('colour')
  })
})

describe('an answer in an older version', () => {
  const answer = {
    before: {
      '2024-10-01': (json: { name: string }) => ({ title: json.name }),
      '2025-11-10': (json: { name: string; age: number }) => ({ name: json.name }),
    },
  }

  it.each([
    ['2026-05-12', { name: 'a', age: 1 }],
    ['2025-11-10', { name: 'a', age: 1 }],
    ['2025-04-10', { name: 'a' }],
    ['2024-10-01', { name: 'a' }],
    ['2021-02-05', { title: 'a' }],
  ] as const)('is the newest, changed back at each date after %s', (version, expected) => {
    expect(inVersion({ name: 'a', age: 1 }, answer, version)).toEqual(expected)
  })
})
