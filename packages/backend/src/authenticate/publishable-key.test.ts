import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { accountsUrlOf, instanceOf, isDevelopmentAccountsHost, parsePublishableKey } from './publishable-key.js'

const keyOf = (kind: string, text: string) => `pk_${kind}_${btoa(text)}`

describe('a publishable key', () => {
  it('says which instance it is of', () => {
    expect(parsePublishableKey(keyOf('live', 'clerk.example.com$'))).toEqual({
      type: 'production',
      frontendApi: 'clerk.example.com',
    })
    expect(parsePublishableKey(keyOf('test', 'happy-mole-1.clerk.accounts.dev$'))).toEqual({
      type: 'development',
      frontendApi: 'happy-mole-1.clerk.accounts.dev',
    })
  })

  it.each([
    undefined,
    '',
    'pk_test_',
    'x',
    'pk_other_Y2xlcmsuZXhhbXBsZS5jb20k',
    keyOf('live', 'clerk.example.com'),
    keyOf('live', 'clerk.example.com$$'),
    keyOf('live', 'clerk$example.com$'),
    keyOf('live', 'clerk.example.com$x'),
    keyOf('live', 'localhost$'),
    keyOf('live', '$'),
    `x${keyOf('live', 'clerk.example.com$')}`,
    `${keyOf('live', 'clerk.example.com$')}_x`,
    keyOf('live', 'clerk.example.com$').toUpperCase(),
    keyOf('live', 'clerk.example.com$').replace('pk', 'sk'),
    'pk_live_%%%%',
  ])('is not %j', async (key) => {
    expect(parsePublishableKey(key)).toBeNull()
    const message = key
      ? 'The publishable key is not valid: it must be pk_test_… or pk_live_… as the dashboard shows it.'
      : /^Missing publishable key. Pass publishableKey/
    await expect(instanceOf(key)).rejects.toThrow(message)
  })

  it('tells the cookies of its instance from those of others', async () => {
    for (const key of [keyOf('live', 'clerk.one.example$'), keyOf('test', 'two.clerk.accounts.dev$')]) {
      const instance = await instanceOf(key)
      expect(instance).toEqual({
        ...parsePublishableKey(key),
        publishableKey: key,
        cookieSuffix: createHash('sha1').update(key).digest('base64url').slice(0, 8),
      })
    }
  })

  it('is read once; the latest hundred are kept', async () => {
    const key = (index: number) => keyOf('live', `clerk.kept-${index}.example$`)
    const instances = []
    for (let index = 0; index < 100; index++) instances.push(await instanceOf(key(index)))
    instances.forEach((instance, index) => expect(instanceOf(key(index))).toBe(instance))
    await instanceOf(key(100))
    expect(instanceOf(key(1))).toBe(instances[1])
    expect(instanceOf(key(0))).toBeInstanceOf(Promise)
  })
})

describe('hosted pages', () => {
  it.each([
    ['clerk.example.com', 'https://accounts.example.com'],
    ['happy-mole-1.clerk.accounts.dev', 'https://happy-mole-1.accounts.dev'],
    ['happy-mole-1.clerk.accountsstage.dev', 'https://happy-mole-1.accountsstage.dev'],
    ['clerk.happy-mole-1.lcl.dev', 'https://accounts.happy-mole-1.lcl.dev'],
    ['auth.example.com', 'https://auth.example.com'],
    ['', ''],
    [undefined, ''],
  ])('of %j are at %j', (frontendApi, url) => {
    expect(accountsUrlOf(frontendApi)).toBe(url)
  })

  it.each([
    ['happy-mole-1.accounts.dev', true],
    ['happy-mole-1.accountsstage.dev', true],
    ['happy-mole-1.accounts.lclclerk.com', true],
    ['accounts.happy-mole-1.lcl.dev', true],
    ['accounts.happy-mole-1.lclstage.dev', true],
    ['accounts.happy-mole-1.lclclerk.com', true],
    ['happy-mole-1.clerk.accounts.dev', false],
    ['happy-mole-1.clerk.accountsstage.dev', false],
    ['happy-mole-1.clerk.accounts.lclclerk.com', false],
    ['happy-mole-1.lcl.dev', false],
    ['xaccounts.happy-mole-1.lcl.dev', false],
    ['x.accounts.happy-mole-1.lcl.dev', false],
    ['accounts.happy-mole-1.lcl.dev.evil.com', false],
    ['happy-mole-1.accounts.dev.evil.com', false],
    ['accounts.dev', false],
    ['accounts.example.com', false],
    ['', false],
  ])('of development instances may be at %j: %j', (host, expected) => {
    expect(isDevelopmentAccountsHost(host)).toBe(expected)
  })
})
