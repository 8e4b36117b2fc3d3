import { hash as bcrypt } from 'bcrypt'
import { describe, expect, it } from 'vitest'
import { PasswordHasher } from '../passwords/index.js'
import { systemRandom } from '../../kernel/runtime.js'
import { backupCodeProblem, costTooMuch, findBackupCode, generateBackupCodes, hashBackupCodes } from './backup-codes.js'
import { generateTotpSecret, readTotpSecret, totpStep } from '../totp/totp.js'

/** RFC 6238's secret, "12345678901234567890", in base32. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

describe('TOTP', () => {
  // RFC 6238, appendix B: the last six of the eight digits.
  it.each([
    [59, '287082', 1],
    [1111111109, '081804', 37037036],
    [1234567890, '005924', 41152263],
    [2000000000, '279037', 66666666],
    [20000000000, '353130', 666666666],
  ])('at %i s takes %s for step %i', (seconds, code, step) => {
    expect(totpStep(SECRET, code, seconds * 1000)).toBe(step)
  })

  it('takes the code one period early or late, as the same step', () => {
    for (const seconds of [30, 59, 60, 89]) expect(totpStep(SECRET, '287 082', seconds * 1000)).toBe(1)
    for (const seconds of [90, 3600]) expect(totpStep(SECRET, '287082', seconds * 1000)).toBeUndefined()
  })

  it.each(['', '28708', '2870820', '287083', 'abcdef', '２87082', '287082\0', '-87082'])('refuses %j', (code) => {
    expect(totpStep(SECRET, code, 59_000)).toBeUndefined()
  })

  it('makes secrets of 160 bits', () => {
    const secret = generateTotpSecret(systemRandom)
    expect(secret).toMatch(/^[A-Z2-7]{32}$/)
    expect(readTotpSecret(secret)).toBe(secret)
    expect(generateTotpSecret({ bytes: () => new Uint8Array(20) })).toBe('A'.repeat(32))
  })

  it.each([
    ['gezd gnbv-gy3t qojq gezd gnbv gy3t qojq', SECRET],
    ['GEZDGNBVGY3TQOJQ====', 'GEZDGNBVGY3TQOJQ'],
    ['JBSWY3DPEHPK3PXP', 'JBSWY3DPEHPK3PXP'],
    ['', undefined],
    ['GEZDGNBVGY3TQOJ', undefined],
    ['0EZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', undefined],
    ['A'.repeat(300), undefined],
  ])('reads the secret %j as %j', (input, expected) => {
    expect(readTotpSecret(input)).toBe(expected)
  })
})

describe('backup codes', () => {
  const hasher = new PasswordHasher({ memoryKib: 64, passes: 1 })
  const options = { hasher, signal: undefined, random: systemRandom }

  it('are ten, different, and found again by any spelling', async () => {
    const codes = generateBackupCodes(systemRandom)
    expect(new Set(codes).size).toBe(10)
    expect(codes.every((code) => /^[2-9a-km-np-z]{8}$/.test(code))).toBe(true)

    const digests = await hashBackupCodes(codes, options)
    expect(digests.every((digest) => digest.startsWith('$argon2id$'))).toBe(true)
    expect(await findBackupCode(digests, codes[7]!, hasher, undefined)).toBe(7)
    expect(
      await findBackupCode(
        digests,
        ` ${codes[2]!.slice(0, 4).toUpperCase()}-${codes[2]!.slice(4)} `,
        hasher,
        undefined,
      ),
    ).toBe(2)
    expect(await findBackupCode(digests, 'zzzzzzzz', hasher, undefined)).toBe(-1)
    expect(await findBackupCode(digests, '', hasher, undefined)).toBe(-1)
    expect(await findBackupCode([], codes[0]!, hasher, undefined)).toBe(-1)
  })

  it('have a salt for each set', async () => {
    const [first] = await hashBackupCodes(['abcd2345'], options)
    const [second] = await hashBackupCodes(['abcd2345'], options)
    expect(first).not.toBe(second)
    expect(await findBackupCode([first!, second!], 'abcd2345', hasher, undefined)).toBe(0)
  })

  it('are found after the cost of hashing has changed', async () => {
    const digests = await hashBackupCodes(['abcd2345', 'bcde3456'], options)
    expect(
      await findBackupCode(digests, 'bcde3456', new PasswordHasher({ memoryKib: 128, passes: 2 }), undefined),
    ).toBe(1)
  })

  it('may be imported plain and as bcrypt digests', async () => {
    const imported = ['Plain-Code', await bcrypt('Exact-Code', 4)]
    expect(imported.map(backupCodeProblem)).toEqual([undefined, undefined])
    const digests = await hashBackupCodes(imported, options)
    expect(digests[1]).toBe(imported[1])
    expect(await findBackupCode(digests, 'plaincode', hasher, undefined)).toBe(0)
    expect(await findBackupCode(digests, 'Exact-Code', hasher, undefined)).toBe(1)
    expect(await findBackupCode(digests, 'exactcode', hasher, undefined)).toBe(-1)
    expect(await findBackupCode(digests, imported[1]!, hasher, undefined)).toBe(-1)
  })

  it.each([
    ['', 'empty'],
    [' - ', 'empty'],
    ['x'.repeat(73), 'too_long'],
    ['$2b$10$short', 'digest_invalid'],
    ['$2b$15$abcdefghijklmnopqrstuu2WetwwXA.pNSuqjH3O8Qiwa5GRIJUEm', 'digest_invalid'],
  ])('cannot be %j: %s', (code, problem) => {
    expect(backupCodeProblem(code)).toBe(problem)
  })

  it('may cost no more together than ten of the highest cost', () => {
    const digests = (count: number, cost: string) =>
      Array.from({ length: count }, () => `$2b$${cost}$abcdefghijklmnopqrstuu2WetwwXA.pNSuqjH3O8Qiwa5GRIJUEm`)
    expect([digests(10, '12'), digests(40, '10'), digests(50, '09'), ['plain']].map(costTooMuch)).toEqual([
      false,
      false,
      false,
      false,
    ])
    expect(
      [digests(11, '12'), digests(50, '10'), [...digests(10, '12'), ...digests(1, '04')]].map(costTooMuch),
    ).toEqual([true, true, true])
  })
})
