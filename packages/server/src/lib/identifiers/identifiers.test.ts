import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  emailAddress,
  foldText,
  hasIllegalText,
  isTestEmailAddress,
  isTestPhoneNumber,
  phoneNumber,
  searchText,
  username,
  web3Wallet,
} from './index.js'

const canonical = (input: string) => {
  const result = emailAddress(input)
  return result.ok ? result.canonical : result.reason
}

describe('e-mail addresses', () => {
  it.each([
    ['ada@example.com', 'ada@example.com'],
    ['  Ada.Lovelace+News@EXAMPLE.com\n', 'ada.lovelace+news@example.com'],
    ["o'brien_{x}@sub.example.co.uk", "o'brien_{x}@sub.example.co.uk"],
    ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
    ['ada@XN--BCHER-KVA.example', 'ada@xn--bcher-kva.example'],
    ['ada@example。com', 'ada@example.com'],
    ['ａｄａ@example.com', 'ada@example.com'],
    ['jose\u0301@example.com', 'jos\u00e9@example.com'],
    ['JOSÉ@example.com', 'josé@example.com'],
    ['ΟΔΟΣ@example.gr', 'οδοσ@example.gr'],
    ['οδος@example.gr', 'οδοσ@example.gr'],
    ['ADMIN@example.com', 'admin@example.com'],
    ['admın@example.com', 'admın@example.com'],
    ['İ@example.com', 'i\u0307@example.com'],
  ])('reads %j as %j', (input, expected) => {
    expect(canonical(input)).toBe(expected)
  })

  it('keeps the address as entered, in the composed form', () => {
    expect(emailAddress(' Jose\u0301@Example.com ')).toEqual({
      ok: true,
      address: 'Jos\u00e9@Example.com',
      canonical: 'jos\u00e9@example.com',
    })
  })

  it.each([
    ['', 'invalid'],
    ['ada', 'invalid'],
    ['ada@', 'invalid'],
    ['@example.com', 'invalid_local_part'],
    ['ada@localhost', 'invalid'],
    ['ada@example..com', 'invalid'],
    ['ada@-example.com', 'invalid'],
    ['ada@127.0.0.1', 'invalid'],
    ['ada@0x7f.1', 'invalid'],
    ['ada@[127.0.0.1]', 'invalid'],
    ['ada@ex%61mple.com', 'invalid'],
    ['ada@example.com/x', 'invalid'],
    ['ada@exam ple.com', 'invalid'],
    ['ada @example.com', 'invalid_local_part'],
    ['.ada@example.com', 'invalid_local_part'],
    ['a..da@example.com', 'invalid_local_part'],
    ['a…da@example.com', 'invalid_local_part'],
    ['a＠b@example.com', 'invalid_local_part'],
    ['"ada"@example.com', 'invalid_local_part'],
    ['ada,eve@example.com', 'invalid_local_part'],
    ['ada\r\nBcc:eve@example.com', 'invalid_local_part'],
    ['a\0da@example.com', 'invalid'],
    ['a\ud800da@example.com', 'invalid'],
    [`${'a'.repeat(65)}@example.com`, 'too_long'],
    [`ada@${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.example.com`, 'too_long'],
    [`${'é'.repeat(40)}@example.com`, 'too_long'],
  ])('refuses %j: %s', (input, reason) => {
    expect(canonical(input)).toBe(reason)
  })

  it('composes no text that is longer than any address', { timeout: 1500 }, () => {
    expect(emailAddress(`a${'\u0301'.repeat(40_000)}${'\u0316'.repeat(40_000)}@example.com`)).toEqual({
      ok: false,
      reason: 'too_long',
    })
    expect(emailAddress(`${' '.repeat(2000)}ada@example.com`)).toMatchObject({ ok: true, address: 'ada@example.com' })
  })

  it('gives a canonical form that reads as itself', () => {
    const address = fc.tuple(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }), fc.domain())
    fc.assert(
      fc.property(address, ([localPart, domain]) => {
        const result = emailAddress(`${localPart}@${domain}`)
        if (result.ok) expect(canonical(result.canonical)).toBe(result.canonical)
      }),
    )
  })

  it('folds the same under a Turkish locale', () => {
    const script =
      'process.stdout.write(["ADMIN I", "İSTANBUL"].map((t) => t.normalize("NFKC").toLowerCase()).join("|"))'
    const turkish = execFileSync(process.execPath, ['-e', script], {
      env: { LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' },
    })
    expect(turkish.toString()).toBe(['ADMIN I', 'İSTANBUL'].map(foldText).join('|'))
  })
})

describe('phone numbers', () => {
  it.each([
    ['+14155552671', '+14155552671'],
    [' +1 (415) 555-2671 ', '+14155552671'],
    ['+44 20 7946 0958', '+442079460958'],
    ['+１ 415 555 2671', '+14155552671'],
    ['+15555550100', '+15555550100'],
    ['+1 (555) 555-0199', '+15555550199'],
  ])('reads %j as %s', (input, expected) => {
    expect(phoneNumber(input)).toMatchObject({ ok: true, number: expected })
  })

  it.each([
    '',
    '+',
    '4155552671',
    '+1415555267',
    '+15555550200',
    '+1 415 555 2671 ext. 5',
    'tel:+14155552671',
    '+1415555\u00002671',
    'call +14155552671',
    `+${'1'.repeat(500)}`,
  ])('refuses %j', (input) => {
    expect(phoneNumber(input)).toEqual({ ok: false, reason: 'invalid' })
  })

  it('folds no text that is longer than any number', { timeout: 1500 }, () => {
    expect(phoneNumber(`+1${'\u0301'.repeat(40_000)}${'\u0316'.repeat(40_000)}`)).toEqual({
      ok: false,
      reason: 'invalid',
    })
  })

  it('never throws', () => {
    const anyText = fc.property(fc.string({ unit: 'binary' }), (text) => void phoneNumber(`+${text}`))
    expect(() => fc.assert(anyText)).not.toThrow()
  })
})

describe('usernames', () => {
  it.each([
    ['ada_l-1', {}, { ok: true, username: 'ada_l-1', canonical: 'ada_l-1' }],
    ['AdaL', {}, { ok: true, username: 'AdaL', canonical: 'adal' }],
    ['ada.l', { allowExtendedCharacters: true }, { ok: true, username: 'ada.l', canonical: 'ada.l' }],
    ['12345', { allowNumeric: true }, { ok: true, username: '12345', canonical: '12345' }],
    ['ad', { minLength: 2 }, { ok: true, username: 'ad', canonical: 'ad' }],
    ['ada', {}, { ok: false, reason: 'invalid_length', minLength: 4, maxLength: 64 }],
    ['a'.repeat(65), {}, { ok: false, reason: 'invalid_length', minLength: 4, maxLength: 64 }],
    ['ada.l', {}, { ok: false, reason: 'invalid_character' }],
    ['ada@x', { allowExtendedCharacters: true }, { ok: false, reason: 'invalid_character' }],
    ['ad a', {}, { ok: false, reason: 'invalid_character' }],
    ['josé', {}, { ok: false, reason: 'invalid_character' }],
    ['12345', {}, { ok: false, reason: 'needs_non_number_char' }],
    ['+14155552671', {}, { ok: false, reason: 'cannot_be_phone_number' }],
    [
      '+14155552671',
      { allowExtendedCharacters: true, allowNumeric: true },
      { ok: false, reason: 'cannot_be_phone_number' },
    ],
  ])('answers %j with settings %j', (input, settings, expected) => {
    expect(username(input, settings)).toEqual(expected)
  })
})

describe('wallets', () => {
  it.each([
    ['0xABCDEFabcdef0123456789012345678901234567', 'ethereum', '0xabcdefabcdef0123456789012345678901234567'],
    ['So11111111111111111111111111111111111111112', 'solana', 'So11111111111111111111111111111111111111112'],
    ['11111111111111111111111111111111', 'solana', '11111111111111111111111111111111'],
  ])('reads %s as %s', (input, kind, expected) => {
    expect(web3Wallet(input)).toMatchObject({ ok: true, kind, canonical: expected })
  })

  it.each([
    '',
    '0x',
    '0x123',
    '0xZBCDEFabcdef0123456789012345678901234567',
    '1'.repeat(31),
    'z'.repeat(44),
    'O'.repeat(40),
  ])('refuses %j', (input) => {
    expect(web3Wallet(input)).toEqual({ ok: false, reason: 'invalid' })
  })
})

describe('test identities', () => {
  it('knows test addresses and numbers', () => {
    expect(isTestEmailAddress('ada+clerk_test@example.com')).toBe(true)
    expect(isTestEmailAddress('ada+CLERK_TEST@example.com')).toBe(true)
    expect(isTestEmailAddress('ada+clerk_testing@example.com')).toBe(false)
    expect(isTestEmailAddress('ada@clerk_test.com')).toBe(false)
    expect(isTestPhoneNumber('+12015550142')).toBe(true)
    expect(isTestPhoneNumber('+12015550242')).toBe(false)
  })
})

describe('text', () => {
  it('folds once and for all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const folded = foldText(text)
        expect(foldText(folded)).toBe(folded)
        expect(foldText(text.normalize('NFD'))).toBe(folded)
        expect(foldText(text.toLowerCase())).toBe(folded)
      }),
      { numRuns: 2000 },
    )
  })

  it('folds long runs of marks in a time that grows with their length alone, and keeps them apart', () => {
    const marks = (count: number) => foldText(`a${'\u0316\u0301'.repeat(count)}\uff9e`)
    const before = process.cpuUsage()
    expect(marks(250_000)).not.toBe(marks(250_001))
    expect(foldText('\uff9e'.repeat(250_000)).length).toBeGreaterThan(250_000)
    expect(process.cpuUsage(before).user).toBeLessThan(3_000_000)
    expect(marks(20)).toBe(`a${'\u0316\u0301'.repeat(20)}\uff9e`.normalize('NFKC'))
  })

  it('knows text that cannot be stored', () => {
    expect(['a\0', '\ud800', 'a\udc00b', '\udc00\ud800'].map(hasIllegalText)).toEqual([true, true, true, true])
    expect(['', 'ada', '😀', 'é'].map(hasIllegalText)).toEqual([false, false, false, false])
  })

  it('makes one searchable line of several fields', () => {
    expect(searchText('Ada', null, '', 'LOVELACE\t ', 'Ａda@Example.com')).toBe('ada lovelace ada@example.com')
    expect(searchText(undefined)).toBe('')
  })
})
