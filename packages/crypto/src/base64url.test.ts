import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type * as Base64url from './base64url.js'
import { loadOn, PLATFORMS } from './platforms.test-support.js'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

describe.each(PLATFORMS)('base64url by %s', (platform) => {
  let lib: typeof Base64url
  beforeEach(async () => {
    lib = await loadOn(platform, () => import('./base64url.js'))
  })
  afterEach(() => vi.restoreAllMocks())

  it.each([
    ['', ''],
    ['f', 'Zg'],
    ['fo', 'Zm8'],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg'],
    ['fooba', 'Zm9vYmE'],
    ['foobar', 'Zm9vYmFy'],
    ['~~~???', 'fn5-Pz8_'],
    ['Grüße 🔑', 'R3LDvMOfZSDwn5SR'],
  ])('writes %j as %j and reads it', (text, encoded) => {
    expect(lib.encodeBase64url(text)).toBe(encoded)
    expect(lib.encodeBase64url(new TextEncoder().encode(text))).toBe(encoded)
    expect(lib.decodeText(encoded)).toBe(text)
    expect([...lib.decodeBase64url(encoded)!]).toEqual([...new TextEncoder().encode(text)])
  })

  it('writes the part that a view shows of a buffer', () => {
    expect(lib.encodeBase64url(new TextEncoder().encode('a foo b').subarray(2, 5))).toBe('Zm9v')
  })

  it('reads one spelling of any bytes and no other', () => {
    const letters = fc.constantFrom(...ALPHABET, '+', '/', '=', ' ', '\n', '.', '\0', 'é', '€')
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 9 }), (characters) => {
        const text = characters.join('')
        const bytes = Buffer.from(text, 'base64url')
        const expected = bytes.toString('base64url') === text ? [...bytes] : null
        const decoded = lib.decodeBase64url(text)
        expect(decoded && [...decoded]).toEqual(expected)
      }),
      { numRuns: 2_000 },
    )
  })

  it('wants the unused bits of the last character to be zero', () => {
    const accepted = (start: string) => [...ALPHABET].filter((last) => lib.decodeBase64url(start + last)).join('')
    expect(accepted('A')).toBe('AQgw')
    expect(accepted('AA')).toBe('AEIMQUYcgkosw048')
    expect(accepted('AAA')).toBe(ALPHABET)
    expect(accepted('AAAA')).toBe('')
  })

  it.each([
    'Zg==',
    'Zm8=',
    'Zg=',
    'Zm9v=',
    'Zm9v====',
    ' Zm9v',
    'Zm9v\n',
    'Zm\n9v',
    'fn5+',
    'Pz8/',
    'Zm9v.',
    'Zm9vY',
    'Zm€v',
    'A',
    '====',
  ])('reads nothing from %j', (text) => {
    expect(lib.decodeBase64url(text)).toBeNull()
    expect(lib.decodeText(text)).toBeNull()
  })

  it('reads text to the letter, a byte order mark too', () => {
    const codePoints = fc.array(
      fc.oneof(fc.integer({ max: 0xd7ff, min: 0 }), fc.integer({ min: 0xe000, max: 0x10ffff })),
    )
    fc.assert(
      fc.property(codePoints, (points) => {
        const text = String.fromCodePoint(...points)
        expect(lib.decodeText(Buffer.from(text).toString('base64url'))).toBe(text)
      }),
    )
    expect(lib.decodeText(Buffer.from('\uFEFFa').toString('base64url'))).toBe('\uFEFFa')
  })

  it.each([[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0x61, 0xe2, 0x82], [0x80]])(
    'reads no text from bytes that are no UTF-8: %i',
    (...bytes) => {
      const encoded = Buffer.from(bytes).toString('base64url')
      expect(lib.decodeText(encoded)).toBeNull()
      expect([...lib.decodeBase64url(encoded)!]).toEqual(bytes)
    },
  )
})
