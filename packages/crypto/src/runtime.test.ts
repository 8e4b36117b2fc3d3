import * as nodeBuffer from 'node:buffer'
import * as nodeCrypto from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { loadOn } from './platforms.test-support.js'

describe("Node's own modules", () => {
  afterEach(() => {
    vi.restoreAllMocks()
    vi.unstubAllGlobals()
  })
  const find = async () => (await loadOn('node:crypto', () => import('./runtime.js'))).node

  it('are used where they are', async () => {
    const node = await find()
    expect(node?.crypto.createPublicKey).toBe(nodeCrypto.createPublicKey)
    expect(node?.buffer.Buffer).toBe(Buffer)
  })

  it.each([
    ['there is no process', undefined],
    ['the process knows no built-in modules', {}],
    ['none of them is there', { getBuiltinModule: () => undefined }],
    [
      'there is node:buffer only',
      { getBuiltinModule: (id: string) => (id === 'node:buffer' ? nodeBuffer : undefined) },
    ],
    [
      'there is node:crypto only',
      { getBuiltinModule: (id: string) => (id === 'node:crypto' ? nodeCrypto : undefined) },
    ],
    [
      'node:crypto has no keys',
      { getBuiltinModule: (id: string) => (id === 'node:crypto' ? { randomUUID: nodeCrypto.randomUUID } : nodeBuffer) },
    ],
  ])('are done without where %s', async (_, process) => {
    vi.stubGlobal('process', process)
    expect(await find()).toBeNull()
  })
})
