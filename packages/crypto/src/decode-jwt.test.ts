import { describe, expect, it, vi } from 'vitest'
import { decodeJwt, parseJwt } from './decode-jwt.js'

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const tokenWith = (header: object, payload: unknown = {}) => `${part(header)}.${part(payload)}.AAAA`
let made = 0
/** A header that no other test has. */
const newHeader = (more: object = {}) => ({ alg: 'RS256', kid: `key_${made++}`, ...more })
const malformed = (reason: string) =>
  expect.objectContaining({ code: 'token_malformed', message: `The token is not a JWT: ${reason}.` })

describe('a token taken apart', () => {
  it('shows its parts as they were written', () => {
    const header = { alg: 'RS256', typ: 'JWT', kid: 'ins_1', cat: 'cl_x', other: [1] }
    const text = tokenWith(header, { sub: 'user_1', ü: null })
    const [first, second, third] = text.split('.')
    expect(decodeJwt(text)).toEqual({
      header,
      payload: { sub: 'user_1', ü: null },
      signature: Buffer.alloc(3),
      raw: { header: first, payload: second, signature: third, text },
    })
  })

  it.each([
    [7, 'it is of type number, not a string'],
    [undefined, 'it is of type undefined, not a string'],
    ['AAAA', 'it must have three parts'],
    ['AAAA.AAAA', 'it must have three parts'],
    ['AAAA.AAAA.AAAA.AAAA', 'it must have three parts'],
    [`${part({ alg: 'RS256' })}.${part({})}.`, 'its signature is not base64url'],
    [`${part({ alg: 'RS256' })}.${part({})}.A`, 'its signature is not base64url'],
    [`${part([])}.${part({})}.AAAA`, 'its header is not base64url of a JSON object'],
    [`${part({ alg: 'RS256' })}.${part(null)}.AAAA`, 'its payload is not base64url of a JSON object'],
    [`${part({ alg: 'RS256' })}.${part(1)}.AAAA`, 'its payload is not base64url of a JSON object'],
    [`.${part({})}.AAAA`, 'its header is not base64url of a JSON object'],
    [`${part({ alg: 'RS256' })}..AAAA`, 'its payload is not base64url of a JSON object'],
    [tokenWith({}), 'alg in its header is not a string'],
    [tokenWith({ alg: null }), 'alg in its header is not a string'],
    [tokenWith({ alg: ['RS256'] }), 'alg in its header is not a string'],
    ...['typ', 'kid', 'cat'].flatMap((name) =>
      [null, 7, {}, ['x']].map((value) => [
        tokenWith({ alg: 'RS256', [name]: value }),
        `${name} in its header is not a string`,
      ]),
    ),
  ] as [never, string][])('is refused when it is %j: %s', (token, reason) => {
    expect(() => decodeJwt(token)).toThrow(malformed(reason))
    expect(() => decodeJwt(token)).toThrow(malformed(reason))
  })

  it('belongs to who asked for it, who may change it', () => {
    const text = tokenWith(newHeader())
    decodeJwt(text).header.alg = 'none'
    expect(decodeJwt(text).header.alg).toBe('RS256')
    expect(parseJwt(text).header.alg).toBe('RS256')
  })
})

describe('headers, which many tokens share', () => {
  it('are read once, and cannot be changed', () => {
    const header = newHeader()
    const known = parseJwt(tokenWith(header, { sub: 'user_1' })).header
    expect(parseJwt(tokenWith(header, { sub: 'user_2' })).header).toBe(known)
    expect(() => {
      known.alg = 'none'
    }).toThrow(TypeError)
  })

  it('are kept up to 512 characters, so that strangers cannot fill the memory', () => {
    const isKept = (header: object) => parseJwt(tokenWith(header)).header === parseJwt(tokenWith(header)).header
    // Three bytes are four characters.
    const filledTo = (characters: number) => {
      const header = newHeader({ x: '' })
      return { ...header, x: 'x'.repeat((characters / 4) * 3 - JSON.stringify(header).length) }
    }
    expect(part(filledTo(512))).toHaveLength(512)
    expect(isKept(filledTo(512))).toBe(true)
    expect(isKept(filledTo(516))).toBe(false)
  })

  it('are kept up to the latest fifty', async () => {
    vi.resetModules()
    const { parseJwt: parse } = await import('./decode-jwt.js')
    const headers = Array.from({ length: 50 }, () => newHeader())
    const known = headers.map((header) => parse(tokenWith(header)).header)
    const isKept = (index: number) => parse(tokenWith(headers[index]!)).header === known[index]
    expect(headers.every((_, index) => isKept(index))).toBe(true)
    parse(tokenWith(newHeader()))
    expect([isKept(1), isKept(49), isKept(0)]).toEqual([true, true, false])
  })
})
