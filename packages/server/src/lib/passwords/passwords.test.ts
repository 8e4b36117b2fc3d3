import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { commonPasswords } from './common-passwords.js'
import { digestFormats } from './digest-formats.js'
import {
  checkPassword,
  createBreachChecker,
  isImportableDigest,
  needsRehash,
  PasswordHasher,
  QueueFull,
  TaskAbandoned,
  WorkQueue,
} from './index.js'

describe('PasswordHasher', () => {
  const hasher = new PasswordHasher()

  it('hashes with argon2id and a new salt each time', async () => {
    const first = await hasher.hash('correct horse', undefined)
    const second = await hasher.hash('correct horse', undefined)
    expect(first).toEqual({ hasher: 'argon2id', digest: expect.stringMatching(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/) })
    expect(second.digest).not.toBe(first.digest)
    expect(await hasher.verify(first, 'correct horse', undefined)).toBe(true)
    expect(await hasher.verify(first, 'Correct horse', undefined)).toBe(false)
    expect(isImportableDigest(first.hasher, first.digest)).toBe(true)
  })

  it('tells the ends of long passwords apart, and bytes after NUL', async () => {
    const stored = await hasher.hash(`${'x'.repeat(72)}a\0b`, undefined)
    expect(await hasher.verify(stored, `${'x'.repeat(72)}a\0b`, undefined)).toBe(true)
    expect(await hasher.verify(stored, `${'x'.repeat(72)}a\0c`, undefined)).toBe(false)
    expect(await hasher.verify(stored, `${'x'.repeat(72)}a`, undefined)).toBe(false)
  })

  it('takes no unknown hasher, damaged digest or endless password', async () => {
    const stored = await hasher.hash('correct horse', undefined)
    expect(await hasher.verify({ hasher: 'constructor', digest: stored.digest }, 'correct horse', undefined)).toBe(
      false,
    )
    expect(await hasher.verify({ ...stored, digest: stored.digest.slice(1) }, 'correct horse', undefined)).toBe(false)
    expect(await hasher.verify(stored, 'x'.repeat(5000), undefined)).toBe(false)
    expect(isImportableDigest('md6', 'x')).toBe(false)
  })

  it('spends a check on users who do not exist', async () => {
    expect(await hasher.verifyDummy('whatever', undefined)).toBe(false)
  })

  it('says which stored digests are too weak to keep', () => {
    const weak = Object.keys(digestFormats).filter(needsRehash)
    expect(weak).toEqual([
      'hmac_sha256_utf16_b64',
      'ldap_ssha',
      'md5',
      'md5_phpass',
      'md5_salted',
      'sha256',
      'sha256_salted',
      'sha512_symfony',
    ])
  })

  it('leaves the event loop free and refuses more than may wait', async () => {
    const busy = new PasswordHasher({ concurrency: 2, queueLimit: 3 })
    const order: string[] = []
    setImmediate(() => order.push('event loop'))
    const results = await Promise.allSettled(
      Array.from({ length: 7 }, () => busy.hash('correct horse', undefined).then(() => order.push('hash'))),
    )
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(5)
    expect(results.filter((result) => result.status === 'rejected' && result.reason instanceof QueueFull)).toHaveLength(
      2,
    )
    expect(order).toEqual(['event loop', ...Array<string>(5).fill('hash')])
  })
})

describe('WorkQueue', () => {
  it('starts no task that nobody waits for any more, and gives its place to others', async () => {
    const queue = new WorkQueue({ concurrency: 1, limit: 2, patience: 60_000 })
    let finish = () => {}
    const first = queue.run(() => new Promise<void>((resolve) => (finish = resolve)))
    const gone = new AbortController()
    const started: string[] = []
    const task = (name: string) => async () => void started.push(name)
    const abandoned = [queue.run(task('a'), gone.signal), queue.run(task('b'), gone.signal)]
    await expect(queue.run(task('c'))).rejects.toThrow(QueueFull)
    gone.abort()
    for (const run of abandoned) await expect(run).rejects.toThrow(TaskAbandoned)
    await expect(queue.run(task('d'), gone.signal)).rejects.toThrow(TaskAbandoned)
    const last = queue.run(task('e'), new AbortController().signal)
    finish()
    await Promise.all([first, last])
    expect(started).toEqual(['e'])
    await queue.run(task('f'), gone.signal).catch(() => {})
    await queue.run(task('g'))
    expect(started).toEqual(['e', 'g'])
  })

  it('refuses a task whose turn does not come in time, and never starts it', async () => {
    const queue = new WorkQueue({ concurrency: 1, limit: 2, patience: 1 })
    let finish = () => {}
    const first = queue.run(() => new Promise<void>((resolve) => (finish = resolve)))
    let started = false
    await expect(queue.run(async () => void (started = true))).rejects.toThrow(QueueFull)
    finish()
    await first
    expect(started).toBe(false)
    expect(await queue.run(async () => 'next')).toBe('next')
  })

  it('runs in order, never more at a time than allowed, also after failures', async () => {
    const queue = new WorkQueue({ concurrency: 2, limit: 10, patience: 60_000 })
    const started: number[] = []
    let running = 0
    let most = 0
    const task = (number: number) => async () => {
      started.push(number)
      running += 1
      most = Math.max(most, running)
      await new Promise((resolve) => setTimeout(resolve, 2))
      running -= 1
      if (number % 2) throw new Error('odd')
      return number
    }
    const results = await Promise.allSettled([0, 1, 2, 3, 4, 5].map((number) => queue.run(task(number))))
    expect(started).toEqual([0, 1, 2, 3, 4, 5])
    expect(most).toBe(2)
    expect(results.map((result) => result.status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
    ])
    expect(await queue.run(task(6))).toBe(6)
  })
})

describe('checkPassword', () => {
  const reasons = (password: string, options = {}) => checkPassword(password, options).map((problem) => problem.reason)

  it.each([
    ['correct horse', {}, []],
    ['1234567', {}, ['length_too_short']],
    ['ñññññññ', {}, ['length_too_short']],
    ['x'.repeat(72), {}, []],
    ['x'.repeat(73), {}, ['length_too_long']],
    ['ñ'.repeat(37), {}, ['size_in_bytes_exceeded']],
    ['x'.repeat(100), { maxLength: 100 }, []],
    [
      'abcdefgh',
      { requireUppercase: true, requireNumbers: true, requireSpecialCharacter: true },
      ['no_uppercase', 'no_number', 'no_special_char'],
    ],
    ['ABCDEFGH', { requireLowercase: true }, ['no_lowercase']],
    [
      'Abcdefg1!',
      { requireLowercase: true, requireUppercase: true, requireNumbers: true, requireSpecialCharacter: true },
      [],
    ],
    ['abcdefg!', { requireSpecialCharacter: true, specialCharacters: '@' }, ['no_special_char']],
    ['short', { minLength: 4 }, []],
  ])('answers %j under %j', (password, settings, expected) => {
    expect(reasons(password, { settings })).toEqual(expected)
  })

  it('refuses an identifier in any case', () => {
    expect(reasons('ADA@example.com', { identifiers: ['+14155552671', 'ada@Example.com'] })).toEqual([
      'matches_identifier',
    ])
    expect(reasons('ada@example.com1', { identifiers: ['ada@example.com'] })).toEqual([])
  })

  it('says the bounds', () => {
    expect(checkPassword('x', { settings: { minLength: 12 } })).toEqual([{ reason: 'length_too_short', minLength: 12 }])
  })
})

describe('createBreachChecker', () => {
  it('holds ten thousand passwords', () => {
    const passwords = commonPasswords.split(/\s+/)
    expect(new Set(passwords).size).toBe(10_000)
    expect(passwords.every((password) => password.length >= 8 && password === password.toLowerCase())).toBe(true)
  })

  it('knows the commonest without a network', async () => {
    const checker = createBreachChecker({ fetch: () => Promise.reject(new Error('no network')) })
    const breached = [
      'password',
      'Password',
      '12345678',
      'qwertyuiop',
      'iloveyou',
      'correct horse battery staple',
      'constructor',
    ]
    expect(await Promise.all(breached.map((password) => checker.isBreached(password)))).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
      false,
    ])
  })

  it('asks the range service with five digits of the hash', async () => {
    const asked: string[] = []
    const sha1 = (password: string) => createHash('sha1').update(password).digest('hex').toUpperCase()
    const lines = [`${sha1('tr0ub4dor&3x').slice(5)}:12`, `${sha1('only padding').slice(5)}:0`]
    const checker = createBreachChecker({
      rangeUrl: 'https://breached.example/range/',
      fetch: async (url) => {
        asked.push(new Request(url).url)
        return new Response(lines.join('\r\n'))
      },
    })
    expect(await checker.isBreached('tr0ub4dor&3x')).toBe(true)
    expect(await checker.isBreached('only padding')).toBe(false)
    expect(await checker.isBreached('never seen 5150')).toBe(false)
    expect(asked[0]).toBe(`https://breached.example/range/${sha1('tr0ub4dor&3x').slice(0, 5)}`)
  })

  it.each([
    ['is down', () => Promise.reject(new Error('down'))],
    ['answers an error', () => Promise.resolve(new Response('', { status: 503 }))],
  ])('lets the password pass when the service %s, and says so', async (_what, fetch) => {
    const errors: unknown[] = []
    const checker = createBreachChecker({
      rangeUrl: 'https://breached.example',
      fetch,
      onError: (error) => errors.push(error),
    })
    expect(await checker.isBreached('never seen 5150')).toBe(false)
    expect(errors).toHaveLength(1)
  })
})
