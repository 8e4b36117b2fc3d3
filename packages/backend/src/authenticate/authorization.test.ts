import { describe, expect, it } from 'vitest'
import type { SessionClaims } from '@latchkey/types'
import { signedInAuthObject } from './auth-objects.js'
import type { AuthorizationParams } from './authorization.js'

const HOUR = 60
const base = { v: 2, sub: 'user_1', sid: 'sess_1', fva: [1, -1] }

/** What a session with these claims answers. */
const has = (claims: object, params: unknown) =>
  signedInAuthObject({}, 'token', { ...base, ...claims } as SessionClaims).has(params as AuthorizationParams)

describe('the role of a session', () => {
  const admin = { o: { id: 'org_1', rol: 'admin' } }
  it.each([
    [admin, 'org:admin', true],
    [admin, 'admin', true],
    [admin, 'org:org:admin', true],
    [admin, 'org:member', false],
    [admin, 'Admin', false],
    [admin, 'org:', false],
    [admin, '', false],
    [admin, null, false],
    [admin, ['org:admin'], false],
    [{}, 'org:admin', false],
    [{ o: { id: 'org_1' } }, 'org:admin', false],
    [{ o: { id: 'org_1', rol: '' } }, '', false],
    [{ o: { id: '', rol: 'admin' } }, 'org:admin', false],
    [{ v: 1, org_id: 'org_1', org_role: 'admin' }, 'org:admin', true],
    [{ v: 1, org_id: 'org_1', org_role: 'org:admin' }, 'admin', true],
    [{ v: 1, org_id: 'org_1', org_role: '' }, 'org:', false],
    [{ v: 1, org_id: 'org_1', org_role: ['org:admin'] }, 'org:admin', false],
    [{ v: 1, org_role: 'org:admin' }, 'org:admin', false],
    [{ ...admin, sub: '' }, 'org:admin', false],
  ])('with %j, is it %j: %j', (claims, role, expected) => {
    expect(has(claims, { role })).toBe(expected)
  })
})

describe('the permissions of a session', () => {
  // invoices: bits 1 and 3; widgets: bit 2.
  const claims = { o: { id: 'org_1', per: 'create,read,manage', fpm: '5,2' }, fea: 'o:invoices,u:search,o:widgets' }
  it.each([
    [claims, 'org:invoices:create', true],
    [claims, 'invoices:create', true],
    [claims, 'org:invoices:read', false],
    [claims, 'org:invoices:manage', true],
    [claims, 'org:widgets:read', true],
    [claims, 'org:widgets:create', false],
    [claims, 'org:widgets:manage', false],
    [claims, 'org:search:create', false],
    [claims, 'org:invoices', false],
    [claims, '', false],
    [claims, ['org:invoices:create'], false],
    [{ ...claims, o: { ...claims.o, per: ' create , read ', fpm: ' 1 , 3 ' } }, 'org:widgets:read', true],
    [{ ...claims, o: { ...claims.o, fpm: '5' } }, 'org:widgets:read', false],
    [{ ...claims, o: { ...claims.o, fpm: '-1,x' } }, 'org:invoices:create', false],
    [{ ...claims, o: { ...claims.o, fpm: '1x,2' } }, 'org:invoices:create', false],
    [{ ...claims, o: { ...claims.o, fpm: 'x1,2' } }, 'org:invoices:create', false],
    [{ ...claims, o: { ...claims.o, fpm: '' } }, 'org:invoices:create', false],
    [{ ...claims, o: { ...claims.o, fpm: undefined } }, 'org:invoices:create', false],
    [{ ...claims, o: { ...claims.o, per: undefined } }, 'org:invoices:create', false],
    [{ ...claims, o: { ...claims.o, id: '' } }, 'org:invoices:create', false],
    [{ ...claims, fea: undefined }, 'org:invoices:create', false],
    [
      {
        o: { id: 'org_1', per: Array.from({ length: 64 }, (_, index) => `p${index}`).join(), fpm: String(2n ** 63n) },
        fea: 'o:x',
      },
      'org:x:p63',
      true,
    ],
    [
      {
        o: { id: 'org_1', per: Array.from({ length: 64 }, (_, index) => `p${index}`).join(), fpm: String(2n ** 63n) },
        fea: 'o:x',
      },
      'org:x:p31',
      false,
    ],
    [{ v: 1, org_id: 'org_1', org_permissions: ['org:a:b'] }, 'a:b', true],
    [{ v: 1, org_id: 'org_1', org_permissions: ['a:b'] }, 'a:b', false],
    [{ v: 1, org_id: 'org_1', org_permissions: 'org:a:b' }, 'a:b', false],
    [{ v: 1, org_id: 'org_1' }, 'a:b', false],
    [{ v: 1, org_permissions: ['org:a:b'] }, 'a:b', false],
  ])('%j hold %j: %j', (facts, permission, expected) => {
    expect(has(facts, { permission })).toBe(expected)
  })
})

describe.each([
  ['feature', 'fea'],
  ['plan', 'pla'],
])('the %s of a session', (name, claim) => {
  it.each([
    ['o:one', 'one', true],
    ['u:one', 'one', true],
    ['o:two,u:one', 'one', true],
    ['o:one', 'org:one', true],
    ['o:one', 'o:one', true],
    ['o:one', 'organization:one', true],
    ['o:one', 'user:one', false],
    ['u:one', 'user:one', true],
    ['u:one', 'u:one', true],
    ['u:one', 'org:one', false],
    ['ou:one', 'org:one', true],
    ['ou:one', 'user:one', true],
    ['uo:one', 'org:one', true],
    ['uo:one', 'user:one', true],
    [' o:one ,u:two', 'org:one', true],
    ['o:one', 'two', false],
    ['o:one', 'other:one', false],
    ['o:one', 'toString:one', false],
    ['x:one', 'one', false],
    ['o:org', 'org:', true],
    ['o:one', '', false],
    ['', 'one', false],
    [undefined, 'one', false],
    [['o:one'], 'one', false],
    ['one', 'one', false],
    ['o:one,two', 'one', false],
  ])('%j has %j: %j', (list, wanted, expected) => {
    const facts = signedInAuthObject({}, 'token', { ...base, v: 1, [claim]: list } as never)
    expect(facts.has({ [name]: wanted })).toBe(expected)
    expect(facts.has({ [name]: [wanted] } as never)).toBe(false)
  })
})

describe('how lately a user was verified', () => {
  it.each([
    // The levels by name
    ['strict_mfa', [9, 9], true],
    ['strict_mfa', [10, 9], false],
    ['strict_mfa', [9, 10], false],
    ['strict_mfa', [9, -1], true],
    ['strict_mfa', [10, -1], false],
    ['strict', [99, 9], true],
    ['strict', [9, 10], false],
    ['strict', [9, -1], true],
    ['strict', [10, -1], false],
    ['moderate', [99, 59], true],
    ['moderate', [9, HOUR], false],
    ['lax', [0, 24 * HOUR - 1], true],
    ['lax', [0, 24 * HOUR], false],
    ['other', [0, 0], false],
    ['toString', [0, 0], false],
    ['', [0, 0], false],
    // Other levels
    [{ level: 'first_factor', afterMinutes: 5 }, [4, -1], true],
    [{ level: 'first_factor', afterMinutes: 5 }, [4, 99], true],
    [{ level: 'first_factor', afterMinutes: 5 }, [5, 0], false],
    [{ level: 'first_factor', afterMinutes: 5 }, [-1, 0], false],
    [{ level: 'first_factor', afterMinutes: 5 }, [-1, -1], false],
    [{ level: 'second_factor', afterMinutes: 5 }, [99, 4], true],
    [{ level: 'second_factor', afterMinutes: 5 }, [-1, 4], true],
    [{ level: 'second_factor', afterMinutes: 5 }, [4, 5], false],
    [{ level: 'multi_factor', afterMinutes: 5 }, [4, 4], true],
    [{ level: 'multi_factor', afterMinutes: 5 }, [-1, 4], false],
    [{ level: 'multi_factor', afterMinutes: 0.5 }, [0, 0], true],
    // What is none
    [{ level: 'third_factor', afterMinutes: 5 }, [0, 0], false],
    [{ level: 'first_factor', afterMinutes: 0 }, [0, 0], false],
    [{ level: 'first_factor', afterMinutes: -1 }, [0, 0], false],
    [{ level: 'first_factor', afterMinutes: Number.NaN }, [0, 0], false],
    [{ level: 'first_factor', afterMinutes: '5' }, [0, 0], false],
    [{ level: 'first_factor' }, [0, 0], false],
    [{ afterMinutes: 5 }, [0, 0], false],
    [null, [0, 0], false],
    [5, [0, 0], false],
    // Ages that are none
    ['lax', undefined, false],
    ['lax', null, false],
    ['lax', [0], false],
    ['lax', [0, 0, 0], false],
    ['lax', ['0', 0], false],
    ['lax', [0, '0'], false],
    ['lax', [0, -2], false],
    ['lax', [-0.5, 0], false],
    ['lax', [0, null], false],
    ['lax', { 0: 0, 1: 0, length: 2 }, false],
  ])('%j for the ages %j: %j', (reverification, fva, expected) => {
    expect(has({ fva }, { reverification })).toBe(expected)
  })
})
