import type { Answer, RecordedRequest } from '../recorder.test-support.js'
import * as samples from '../samples.test-support.js'
import type { ApiDescription } from './contract.test-support.js'

const accountless = {
  object: 'accountless_application',
  publishable_key: 'pk_test_1',
  secret_key: 'sk_test_1',
  claim_url: 'https://example.com/claim',
  api_keys_url: 'https://example.com/keys',
}

/** Answers of operations that no version of the contract describes. */
const undescribed: Record<string, unknown> = {
  'POST /accountless_applications': accountless,
  'POST /accountless_applications/complete': accountless,
  'POST /email': samples.email,
  'POST /email/batch': [{ index: 0, email: samples.email, status_code: 200 }],
  'GET /email/ema_1': samples.email,
  'GET /clients/handshake_payload': { directives: ['a=b'] },
}

/** What the contract lets the API answer to a request: all of it, or as little as is allowed. */
export function sampleAnswer(
  description: ApiDescription,
  request: Pick<RecordedRequest, 'method' | 'path' | 'query'>,
  amount: 'full' | 'least',
): Answer {
  const { method, query } = request
  const path = request.path.replace(/^\/v1/, '')
  const known = undescribed[`${method} ${path}`]
  if (known !== undefined) return { body: known }
  const sample = description.find(method, path)?.sample(amount)
  if (sample === undefined) return { status: 204 }
  return { body: query.includes('paginated=true') && Array.isArray(sample) ? { data: sample, total_count: 7 } : sample }
}
