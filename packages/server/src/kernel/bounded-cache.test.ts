import { expect, it } from 'vitest'
import { boundedCache } from './bounded-cache.js'

it('keeps so many values, the ones that were used last', () => {
  const cache = boundedCache<number>(3)
  for (const [value, key] of ['a', 'b', 'c'].entries()) cache.set(key, value)
  cache.get('a')
  cache.set('d', 3)
  expect([...cache.keys()].sort()).toEqual(['a', 'c', 'd'])
})

it('takes little memory while it is empty, however much it may keep', () => {
  const before = process.memoryUsage()
  const caches = Array.from({ length: 100 }, () => boundedCache<number>(100_000))
  const after = process.memoryUsage()
  expect(caches).toHaveLength(100)
  const taken = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers
  expect(taken).toBeLessThan(50_000_000)
})
