export { createFakeApi, type FakeApi, type Fixture, type RecordedRequest } from './testing/fake-api.js'
export {
  createTestInstance,
  type MachineTokenClaims,
  type OAuthTokenClaims,
  type SignOptions,
  type TestInstance,
  type TestInstanceOptions,
  type TestRequestOptions,
} from './testing/test-instance.js'
export { signWebhook, type SignedWebhook, type SignWebhookOptions } from './webhooks/sign-webhook.js'
