// @vitest-environment edge-runtime
import { describe, vi } from 'vitest'

// Requests, headers, streams and cryptography are those of edge-runtime. Without Node's own modules, too.
vi.hoisted(() => {
  Object.defineProperty(process, 'getBuiltinModule', { value: undefined })
})

const files = {
  requests: () => import('./authenticate/same-states.test.js'),
  'bad input': () => import('./authenticate/bad-input.test.js'),
  redirects: () => import('./internal/redirect.test.js'),
  functions: () => import('./internal/same-functions.test.js'),
  'the proxy': () => import('./proxy/proxy.test.js'),
  tokens: () => import('./tokens/same-reasons.test.js'),
  webhooks: () => import('./webhooks/webhooks.test.js'),
}

// Each is a suite of its own, so that what one sets up before its tests is not set up for those of another.
describe.each(Object.entries(files))('in edge-runtime, %s', async (_, load) => {
  await load()
})
