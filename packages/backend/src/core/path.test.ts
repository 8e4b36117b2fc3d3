import fc from 'fast-check'
import { expect, it } from 'vitest'
import { path } from './path.js'

it.each([
  ['user_1', '/users/user_1/ban'],
  ['u?x=1#y', '/users/u%3Fx%3D1%23y/ban'],
  ['../clients', '/users/..%2Fclients/ban'],
  ['%2e%2e', '/users/%252e%252e/ban'],
  ['a b/ü', '/users/a%20b%2F%C3%BC/ban'],
  ['...', '/users/.../ban'],
])('writes the id %j as one segment', (id, expected) => {
  expect(path`/users/${id}/ban`).toBe(expected)
})

it.each([undefined, null, '', '.', '..', 7, {}, ['a']])('refuses %j as an id', (id) => {
  expect(() => path`/users/${id as string}`).toThrow('A valid resource ID is required')
})

it('never lets an id change how many segments there are', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (id) => {
      fc.pre(id !== '.' && id !== '..')
      const url = new URL(`https://api.example/v1${path`/users/${id}/ban`}`)
      expect(url.pathname.split('/')).toHaveLength(5)
      expect(decodeURIComponent(url.pathname.split('/')[3]!)).toBe(id)
      expect(url.search + url.hash).toBe('')
    }),
  )
})

it('takes literals as they are', () => {
  expect(path`/users`).toBe('/users')
})
