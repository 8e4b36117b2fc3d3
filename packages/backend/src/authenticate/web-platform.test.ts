import { describe, vi } from 'vitest'

// Without Node's own modules, as on an edge runtime, tokens are verified with WebCrypto.
vi.hoisted(() => {
  Object.defineProperty(process, 'getBuiltinModule', { value: undefined })
})

describe('with WebCrypto', async () => {
  await import('./same-states.test.js')
  await import('./bad-input.test.js')
})
