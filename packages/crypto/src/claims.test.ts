import { describe, expect, it } from 'vitest'
import { checkClaims, type ClaimRules } from './claims.js'

const NOW = 1_700_000_000
const claims = { sub: 'user_1', exp: NOW + 60, iss: 'https://one.example', azp: 'http://localhost:3000', aud: ['api', 'web'] }
const check = (changes: object, rules: ClaimRules = {}) =>
  checkClaims({ ...claims, ...changes }, { now: NOW * 1000, ...rules })
const code = (value: string) => expect.objectContaining({ code: value })

describe('the claims of a token', () => {
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
    [{ issuer: 'https://one.example' }, {}, 'ok'],
    [{ issuer: ['https://two.example'] }, {}, 'issuer_invalid'],
    [{ issuer: 'https://one.example' }, { iss: undefined }, 'issuer_invalid'],
    [{ issuer: 'https://one.example' }, { iss: 'https://one.example/' }, 'issuer_invalid'],
  ])('under the rule %j, %j is %s', (rules, changes, expected) => {
    if (expected === 'ok') expect(() => check(changes, rules)).not.toThrow()
    else expect(() => check(changes, rules)).toThrow(code(expected))
  })
})
