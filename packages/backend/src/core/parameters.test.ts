import { describe, expect, it } from 'vitest'
import { matchesNothing, toBody, toQuery, toSnakeCase } from './parameters.js'

describe('names', () => {
  it.each([
    ['emailAddress', 'email_address'],
    ['primaryEmailAddressID', 'primary_email_address_id'],
    ['primaryWeb3WalletID', 'primary_web3_wallet_id'],
    ['web3Wallet', 'web3_wallet'],
    ['IDPName', 'idp_name'],
    ['last_active_at_since', 'last_active_at_since'],
    ['query', 'query'],
  ])('%s goes as %s', (name, expected) => {
    expect(toSnakeCase(name)).toBe(expected)
  })
})

describe('a query', () => {
  it('repeats arrays, keeps zero and false, leaves out what is empty', () => {
    const query = toQuery({
      userId: ['a', 'b'],
      offset: 0,
      banned: false,
      query: '',
      limit: undefined,
      orderBy: null,
      x: '+a&b',
    })
    expect(query).toBe('?user_id=a&user_id=b&offset=0&banned=false&x=%2Ba%26b')
  })

  it('writes a date in Unix milliseconds', () => {
    expect(toQuery({ createdAtAfter: new Date(1_700_000_000_000) })).toBe('?created_at_after=1700000000000')
  })

  it('is nothing when there is nothing to ask', () => {
    expect(toQuery({})).toBe('')
    expect(toQuery({ userId: [] })).toBe('')
  })
})

describe('a body', () => {
  it('translates the names of the top level only, and dates', () => {
    const date = new Date('2026-01-02T03:04:05.678Z')
    const body = toBody({
      createdAt: date,
      publicMetadata: { camelCase: { innerKey: date } },
      lastName: null,
      x: undefined,
    })
    expect(JSON.parse(body!)).toEqual({
      created_at: '2026-01-02T03:04:05.678Z',
      public_metadata: { camelCase: { innerKey: '2026-01-02T03:04:05.678Z' } },
      last_name: null,
    })
  })

  it('may be a list', () => {
    expect(toBody([{ emailAddress: 'a@x.y' }, { emailAddress: 'b@x.y' }])).toBe(
      '[{"email_address":"a@x.y"},{"email_address":"b@x.y"}]',
    )
    expect(toBody([])).toBe('[]')
  })

  it('is absent without parameters', () => {
    expect(toBody({})).toBeUndefined()
  })
})

it('knows that nothing is one of none', () => {
  expect(matchesNothing({ userId: [] })).toBe(true)
  expect(matchesNothing({ userId: ['a'], query: '' })).toBe(false)
  expect(matchesNothing({})).toBe(false)
})
