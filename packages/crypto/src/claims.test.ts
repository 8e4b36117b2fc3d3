import { afterEach, describe, expect, it, vi } from 'vitest'
import { checkClaims, type ClaimRules } from './claims.js'

const NOW = 1_700_000_000
const claims = {
  sub: 'user_1',
  exp: NOW + 60,
  iss: 'https://one.example',
  azp: 'http://localhost:3000',
  aud: ['api', 'web'],
}
const check = (changes: object, rules: ClaimRules = {}) =>
  checkClaims({ ...claims, ...changes }, { now: NOW * 1000, ...rules })
const code = (value: string) => expect.objectContaining({ code: value })

describe('the claims of a token', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  it.each([
    ['exp', NOW - 4, 'ok'],
    ['exp', NOW - 5, 'token_expired'],
    ['nbf', NOW + 5, 'ok'],
    ['nbf', NOW + 6, 'token_not_active_yet'],
    ['iat', NOW + 5, 'ok'],
    ['iat', NOW + 6, 'token_issued_in_future'],
    ['exp', undefined, 'claim_invalid'],
    ['exp', String(NOW + 60), 'claim_invalid'],
    ['exp', Infinity, 'claim_invalid'],
    ['exp', null, 'claim_invalid'],
    ['exp', 1e300, 'ok'],
    ['exp', -1e300, 'token_expired'],
    ['nbf', String(NOW), 'claim_invalid'],
    ['iat', null, 'claim_invalid'],
    ['sub', undefined, 'claim_invalid'],
    ['sub', '', 'claim_invalid'],
    ['sub', 7, 'claim_invalid'],
    ['sub', ['user_1'], 'claim_invalid'],
  ])('%s = %j is %s, with five seconds of skew', (claim, value, expected) => {
    if (expected === 'ok') expect(() => check({ [claim]: value })).not.toThrow()
    else expect(() => check({ [claim]: value })).toThrow(code(expected))
  })

  it.each([
    ['azp', 'authorized_party_invalid', { authorizedParties: [undefined] as never }],
    ['azp', 'authorized_party_invalid', { authorizedParties: [undefined, 'https://a.example'] as never }],
    ['azp', 'authorized_party_invalid', { authorizedParties: [''] }],
    ['iss', 'issuer_invalid', { issuer: [undefined] as never }],
    ['aud', 'audience_invalid', { audience: [undefined] as never, requireAudience: true }],
  ])('without %s are refused with %s under rules whose variable is not set', (claim, expected, rules) => {
    for (const value of [undefined, null, ''])
      expect(() => check({ [claim]: value }, rules)).toThrow(code(expected) as never)
  })

  it('end and begin to the millisecond', () => {
    expect(() => check({ exp: NOW - 5 }, { now: NOW * 1000 - 1 })).not.toThrow()
    expect(() => check({ exp: NOW - 5 }, { now: NOW * 1000 })).toThrow(code('token_expired'))
    for (const claim of ['nbf', 'iat']) {
      expect(() => check({ [claim]: NOW + 5 }, { now: NOW * 1000 })).not.toThrow()
      expect(() => check({ [claim]: NOW + 5 }, { now: NOW * 1000 - 1 })).toThrow(
        code(claim === 'nbf' ? 'token_not_active_yet' : 'token_issued_in_future'),
      )
    }
  })

  it('are held against the current time, unless another one is given', () => {
    vi.useFakeTimers({ now: NOW * 1000, toFake: ['Date'] })
    expect(() => checkClaims({ sub: 'user_1', exp: NOW - 4 }, {})).not.toThrow()
    expect(() => checkClaims({ sub: 'user_1', exp: NOW - 5 }, {})).toThrow(code('token_expired'))
  })

  it('takes the skew in seconds', () => {
    expect(() => check({ exp: NOW - 59 }, { clockSkew: 60 })).not.toThrow()
    expect(() => check({ exp: NOW }, { clockSkew: 0 })).toThrow(code('token_expired'))
  })

  it.each([
    [{ audience: 'api' }, {}, 'ok'],
    [{ audience: ['x', 'web'] }, {}, 'ok'],
    [{ audience: 'web' }, { aud: 'web' }, 'ok'],
    [{ audience: [] }, { aud: undefined }, 'ok'],
    [{ audience: 'other' }, {}, 'audience_invalid'],
    [{ audience: 'api' }, { aud: undefined }, 'ok'],
    [{ audience: 'api', requireAudience: true }, { aud: undefined }, 'audience_invalid'],
    [{ requireAudience: true }, { aud: undefined }, 'ok'],
    [{ audience: 'api' }, { aud: null }, 'audience_invalid'],
    [{ audience: 'api' }, { aud: [] }, 'audience_invalid'],
    [{ audience: 'api' }, { aud: [['api']] }, 'audience_invalid'],
    [{ authorizedParties: ['http://localhost:3000'] }, {}, 'ok'],
    [{ authorizedParties: [] }, { azp: undefined }, 'ok'],
    [{ authorizedParties: ['http://localhost'] }, {}, 'authorized_party_invalid'],
    [{ authorizedParties: ['http://localhost:3000'] }, { azp: undefined }, 'authorized_party_invalid'],
    [{ authorizedParties: [''] }, { azp: '' }, 'authorized_party_invalid'],
    [{ issuer: 'https://one.example' }, {}, 'ok'],
    [{ issuer: ['https://two.example'] }, {}, 'issuer_invalid'],
    [{ issuer: 'https://one.example' }, { iss: undefined }, 'issuer_invalid'],
    [{ issuer: 'https://one.example' }, { iss: 'https://one.example/' }, 'issuer_invalid'],
  ])('under the rule %j, %j is %s', (rules, changes, expected) => {
    if (expected === 'ok') expect(() => check(changes, rules)).not.toThrow()
    else expect(() => check(changes, rules)).toThrow(code(expected))
  })

  it.each([
    [{ sub: 7 }, {}, 'Invalid JWT sub 7, expected a string.'],
    [{ exp: '1' }, {}, 'Invalid JWT exp "1", expected a number of seconds.'],
    [{ nbf: '1' }, {}, 'Invalid JWT nbf "1", expected a number of seconds.'],
    [{ iat: '1' }, {}, 'Invalid JWT iat "1", expected a number of seconds.'],
    [{}, { audience: 'other' }, 'Invalid JWT aud ["api","web"], expected ["other"].'],
    [
      {},
      { authorizedParties: ['http://a', 'http://b'] },
      'Invalid JWT azp ["http://localhost:3000"], expected ["http://a","http://b"].',
    ],
    [{}, { issuer: 'x' }, 'Invalid JWT iss ["https://one.example"], expected ["x"].'],
    [{ exp: NOW - 60 }, {}, 'The token expired at 2023-11-14T22:12:20.000Z.'],
    [{ nbf: NOW + 60 }, {}, 'The token is not active before 2023-11-14T22:14:20.000Z.'],
    [{ iat: NOW + 60 }, {}, 'The token was issued in the future, at 2023-11-14T22:14:20.000Z.'],
    [{ exp: -1e300 }, {}, 'The token expired at -1e+300.'],
  ])('%j under the rule %j is explained', (changes, rules, message) => {
    expect(() => check(changes, rules)).toThrow(expect.objectContaining({ name: 'JwtError', message }))
  })
})
