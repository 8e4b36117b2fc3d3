import { describe, expect, it } from 'vitest'
import { systemRandom } from '../../kernel/runtime.js'
import { createVault } from './vault.js'

const KEY = Buffer.alloc(32, 1).toString('base64')
const OTHER_KEY = Buffer.alloc(32, 2).toString('base64')

describe('the vault', () => {
  const vault = createVault(KEY, systemRandom)

  it('opens what it has sealed, which looks different each time', () => {
    const [first, second] = [vault.seal('secret'), vault.seal('secret')]

    expect(first).not.toBe(second)
    expect([vault.open(first), vault.open(second)]).toEqual(['secret', 'secret'])
  })

  it('opens nothing that was changed or sealed under another key', () => {
    const sealed = vault.seal('secret')
    const changed = sealed.slice(0, -2) + (sealed.endsWith('AA') ? 'BB' : 'AA')

    expect(() => vault.open(changed)).toThrow()
    expect(() => createVault(OTHER_KEY, systemRandom).open(sealed)).toThrow('LATCHKEY_ENCRYPTION_KEY')
  })

  it('opens what another of its keys has sealed, and seals it again, also inside JSON', () => {
    const both = createVault(OTHER_KEY, systemRandom, [KEY])
    const [old, own] = [vault.seal('secret'), both.seal('secret')]

    expect([both.open(old), both.open(own)]).toEqual(['secret', 'secret'])
    expect(() => vault.open(own)).toThrow(`this server has ${vault.keyId}`)
    const list = JSON.stringify([{ secret: old, expiresAt: 1795910849026.5 }, { secret: own }])
    const [first, second] = JSON.parse(both.reseal(list)) as { secret: string }[]
    expect(first).toEqual({ secret: expect.stringMatching(`^${both.keyId}\\.`), expiresAt: 1795910849026.5 })
    expect([both.open(first!.secret), second!.secret]).toEqual(['secret', own])
    expect(both.reseal(own)).toBe(own)
    expect(() => vault.reseal(own)).toThrow('LATCHKEY_OTHER_ENCRYPTION_KEYS')
  })

  it('digests under each of its keys, its own first', () => {
    const digests = createVault(OTHER_KEY, systemRandom, [KEY, OTHER_KEY]).digests('code', '123456')

    expect(digests).toEqual([
      createVault(OTHER_KEY, systemRandom).digest('code', '123456'),
      vault.digest('code', '123456'),
    ])
  })

  it('digests alike on every node, and differently for another text, purpose or key', () => {
    const digest = vault.digest('code', '123456')

    expect(digest).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(createVault(KEY, systemRandom).digest('code', '123456')).toBe(digest)
    expect(
      new Set([
        digest,
        vault.digest('code', '123457'),
        vault.digest('other', '123456'),
        createVault(OTHER_KEY, systemRandom).digest('code', '123456'),
      ]).size,
    ).toBe(4)
  })
})
