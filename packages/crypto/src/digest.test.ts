import * as nodeBuffer from 'node:buffer'
import * as nodeCrypto from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { loadOn, PLATFORMS } from './platforms.test-support.js'

describe('the digest of a text', () => {
  afterEach(() => vi.restoreAllMocks())

  const digests = [
    ['', '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU'],
    ['abc', 'ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0'],
    ['é', nodeCrypto.createHash('sha256').update('é').digest('base64url')],
  ] as const

  it.each(PLATFORMS)('is SHA-256 of its UTF-8, by %s', async (platform) => {
    const { digest } = await loadOn(platform, () => import('./digest.js'))
    for (const [text, expected] of digests) expect(await digest(text)).toBe(expected)
  })

  it('is there at once on Node, also before it had a function for it', async () => {
    for (const crypto of [nodeCrypto, { ...nodeCrypto, hash: undefined }]) {
      vi.spyOn(process, 'getBuiltinModule').mockImplementation(((id: string) =>
        id === 'node:crypto' ? crypto : nodeBuffer) as never)
      const { digest } = await loadOn('node:crypto', () => import('./digest.js'))
      for (const [text, expected] of digests) expect(digest(text)).toBe(expected)
    }
  })
})
