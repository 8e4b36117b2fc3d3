import { createServer } from '@latchkey/server'
import { describe, expect, it } from 'vitest'
import { nameProxies, parseProxies } from './proxy-settings.js'

describe('trusted proxies', () => {
  it.each([
    ['loopback', ['loopback']],
    ['loopback, 10.0.0.0/8 ,::1', ['loopback', '10.0.0.0/8', '::1']],
  ])('are a list with commas: %j', async (value, proxies) => {
    expect(parseProxies({ value, source: '--trusted-proxies' })).toEqual(proxies)
    await (await createServer({ trustedProxies: proxies })).close()
  })

  it.each([
    [
      { value: 'loopback,10.0.0.0/33', source: '--trusted-proxies' },
      '"--trusted-proxies" must be addresses, ranges such as 10.0.0.0/8, loopback or private, separated by commas, got 10.0.0.0/33',
    ],
    [
      { value: 'proxy.internal', source: 'LATCHKEY_TRUSTED_PROXIES' },
      '"LATCHKEY_TRUSTED_PROXIES" must be addresses, ranges such as 10.0.0.0/8, loopback or private, separated by commas, got proxy.internal',
    ],
  ])('are refused by the name of the setting: %j', async (setting, message) => {
    const error = await createServer({ trustedProxies: parseProxies(setting) }).catch((thrown: unknown) => thrown)
    expect(nameProxies(error, setting)).toMatchObject({ name: 'CommandError', message })
  })

  it.each(['', ' ,, '])('are at least one: %j', (value) => {
    expect(() => parseProxies({ value, source: '--trusted-proxies' })).toThrow(
      `"--trusted-proxies" must be addresses, ranges, loopback or private, separated by commas, got ${value || '""'}`,
    )
  })

  it('are not blamed for other errors', () => {
    const error = new RangeError('something else')
    expect(nameProxies(error, { value: 'loopback', source: '--trusted-proxies' })).toBe(error)
  })
})
