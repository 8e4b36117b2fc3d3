import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { describeDatabase, parseDatabase, stateFolderOf } from './database-location.js'
import { readServeOptions } from './serve-options.js'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-options-'))
afterAll(() => rmSync(folder, { recursive: true }))

const read = (flags = {}, environment = {}) => readServeOptions(flags, environment, 'warn')
const encryptionKey = Buffer.alloc(32, 1).toString('base64')
const publishableKey = `pk_test_${Buffer.from('good-owl-12.clerk.accounts.dev$').toString('base64')}`

describe('the options of dev and start', () => {
  it('have defaults', () => {
    expect(read()).toEqual({
      port: 4400,
      host: 'localhost',
      database: { kind: 'file', path: resolve('.latchkey/dev.db') },
      secretKey: undefined,
      publishableKey: undefined,
      publicUrl: undefined,
      seed: undefined,
      json: false,
      logLevel: 'warn',
      requestLog: true,
      encryptionKey: undefined,
      otherEncryptionKeys: [],
      messages: {},
      trustedProxies: undefined,
      auditRetentionDays: undefined,
      eventRetentionDays: undefined,
      allowAccountless: false,
    })
  })

  it('come from the environment where the command line is silent', () => {
    const environment = {
      LATCHKEY_PORT: '5000',
      LATCHKEY_HOST: '0.0.0.0',
      LATCHKEY_DATABASE: ':memory:',
      LATCHKEY_SECRET_KEY: 'sk_test_fromEnvironment',
      LATCHKEY_PUBLISHABLE_KEY: publishableKey,
      LATCHKEY_PUBLIC_URL: 'https://id.example.com/',
      LATCHKEY_JSON: 'true',
      LATCHKEY_LOG_LEVEL: 'debug',
      LATCHKEY_ENCRYPTION_KEY: encryptionKey,
      LATCHKEY_TRUSTED_PROXIES: 'loopback, 10.0.0.0/8',
      LATCHKEY_AUDIT_RETENTION_DAYS: '90',
    }
    expect(read({}, environment)).toMatchObject({
      port: 5000,
      host: '0.0.0.0',
      database: { kind: 'memory' },
      secretKey: 'sk_test_fromEnvironment',
      publishableKey,
      publicUrl: 'https://id.example.com',
      json: true,
      logLevel: 'debug',
      requestLog: true,
      encryptionKey,
      trustedProxies: { value: 'loopback, 10.0.0.0/8', source: 'LATCHKEY_TRUSTED_PROXIES' },
      auditRetentionDays: 90,
      eventRetentionDays: undefined,
    })
    expect(read({ port: '6000', database: 'a.db' }, environment)).toMatchObject({
      port: 6000,
      database: { kind: 'file', path: resolve('a.db') },
    })
  })

  it('count an empty variable as absent', () => {
    expect(read({}, { LATCHKEY_PORT: '', LATCHKEY_ENCRYPTION_KEY: '' })).toMatchObject({
      port: 4400,
      encryptionKey: undefined,
      otherEncryptionKeys: [],
    })
  })

  it.each([
    [{ port: '70000' }, '"--port" must be a port between 0 and 65535, got 70000'],
    [{ port: '80a' }, '"--port" must be a port between 0 and 65535, got 80a'],
    [{ port: '-1' }, '"--port" must be a port between 0 and 65535, got -1'],
    [
      { publicUrl: 'id.example.com' },
      '"--public-url" must be an http or https URL without a query, got id.example.com',
    ],
    [
      { publicUrl: 'https://id.example.com?a=1' },
      '"--public-url" must be an http or https URL without a query, got https://id.example.com?a=1',
    ],
    [
      { publishableKey: 'pk_test_bm8' },
      '"--publishable-key" must be pk_test_ or pk_live_ and the base64 of "<frontend host>$", got pk_test_bm8',
    ],
    [{ auditRetentionDays: '0' }, '"--audit-retention-days" must be days between 1 and 36500, got 0'],
    [{ auditRetentionDays: 'forever' }, '"--audit-retention-days" must be days between 1 and 36500, got forever'],
    [{ logLevel: 'loud' }, '"--log-level" must be one of debug, info, warn, error, silent, got loud'],
    [
      { database: 'mysql://user:hush@host/name' },
      '"--database" must be a path, :memory: or postgres://user@host/name, got mysql://user@host/name',
    ],
  ])('refuse %j by name and value', (flags, message) => {
    expect(() => read(flags)).toThrow(message)
  })

  it('name the variable a wrong value came from', () => {
    expect(() => read({}, { LATCHKEY_PORT: 'http' })).toThrow(
      '"LATCHKEY_PORT" must be a port between 0 and 65535, got http',
    )
    expect(() => read({}, { LATCHKEY_ENCRYPTION_KEY: 'aGVsbG8=' })).toThrow(
      '"LATCHKEY_ENCRYPTION_KEY" must be 32 bytes as base64 or hex, such as "openssl rand -base64 32" prints, got 5 bytes',
    )
    expect(() => read({}, { LATCHKEY_JSON: 'maybe' })).toThrow('"LATCHKEY_JSON" must be true or false, got maybe')
  })
})

describe('the secret key', () => {
  const file = join(folder, 'key')
  writeFileSync(file, 'sk_live_fromFile\n')

  it('is read from a file, without the line end', () => {
    expect(read({ secretKeyFile: file }).secretKey).toBe('sk_live_fromFile')
  })

  it('on the command line beats the environment, whichever way each is given', () => {
    expect(read({ secretKeyFile: file }, { LATCHKEY_SECRET_KEY: 'sk_test_a' }).secretKey).toBe('sk_live_fromFile')
    expect(read({ secretKey: 'sk_test_a' }, { LATCHKEY_SECRET_KEY_FILE: file }).secretKey).toBe('sk_test_a')
    expect(() => read({ secretKey: 'sk_test_a', secretKeyFile: file })).toThrow(
      'Give either "--secret-key" or "--secret-key-file", not both',
    )
    expect(() => read({}, { LATCHKEY_SECRET_KEY: 'sk_test_a', LATCHKEY_SECRET_KEY_FILE: file })).toThrow('not both')
  })

  it('never stands whole in a message', () => {
    expect(() => read({ secretKey: 'a-password-that-is-long' })).toThrow(
      '"--secret-key" must be a key that starts with sk_test_ or sk_live_, got 23 other characters',
    )
    expect(() => read({ secretKeyFile: join(folder, 'none') })).toThrow(
      /^"--secret-key-file" names a file that cannot be read: .*none \(ENOENT\)$/,
    )
  })
})

describe('a database', () => {
  const parse = (value: string) => parseDatabase({ value, source: '--database' })

  it('is shown without its password', () => {
    expect(describeDatabase(parse('postgres://ada:secret@db.example.com:5432/app?sslmode=require&password=x'))).toBe(
      'postgres://ada@db.example.com:5432/app?sslmode=require',
    )
    expect(describeDatabase(parse(':memory:'))).toBe(':memory:')
  })

  it('has its keys beside it', () => {
    expect(stateFolderOf(parse('.latchkey/dev.db'))).toBe(resolve('.latchkey'))
    expect(stateFolderOf(parse('/srv/app/users.db'))).toBe('/srv/app/.latchkey')
    expect(stateFolderOf(parse('postgres://localhost/app'))).toBe(resolve('.latchkey'))
    expect(stateFolderOf(parse(':memory:'))).toBeNull()
  })
})
