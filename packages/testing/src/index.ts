export { createTestServer, type TestInstance, type TestServer, type TestServerOptions } from './create-test-server.js'
export type { StillClock } from './still-clock.js'
export type { TestEvent, TestMessage } from './outbox.js'
