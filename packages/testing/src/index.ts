export {
  createTestServer,
  type SignedInUser,
  type TestInstance,
  type TestServer,
  type TestServerOptions,
} from './create-test-server.js'
export type { BrowserCookie, BrowserPage } from './browser.js'
export type { StillClock } from './still-clock.js'
export type { TestEvent, TestMessage } from './outbox.js'
