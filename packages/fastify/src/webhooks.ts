import { verifyParsedWebhook } from '@latchkey/backend/internal'
import { verifyWebhook as verify, type VerifyWebhookOptions, type WebhookEvent } from '@latchkey/backend/webhooks'
import type { FastifyInstance, FastifyPluginCallback, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { keepRawBodies, rawBodyOf } from './raw-body.js'

export * from '@latchkey/backend/webhooks'

/**
 * Keeps the bytes that {@link verifyWebhook} needs, for applications without `clerkPlugin`. `clerkPlugin` keeps them
 * too.
 */
export const webhookPlugin: FastifyPluginCallback = fp(plugin, { name: '@latchkey/fastify/webhooks', fastify: '5.x' })

function plugin(instance: FastifyInstance, _options: object, done: () => void): void {
  keepRawBodies(instance)
  done()
}

const MEND = 'Register clerkPlugin, or webhookPlugin of @latchkey/fastify/webhooks, so that the bytes are kept.'

/**
 * Verifies the webhook that a route receives and returns its event. Uses the bytes kept by `clerkPlugin`, by
 * {@link webhookPlugin} or by a parser of the application. If none were kept, the parsed body is serialized again.
 *
 * @throws {WebhookVerificationError} with a code: answer 400.
 */
export async function verifyWebhook(request: FastifyRequest, options?: VerifyWebhookOptions): Promise<WebhookEvent> {
  const { headers, body } = request
  for (const bytes of [rawBodyOf(request), (request as { rawBody?: unknown }).rawBody, body]) {
    if (typeof bytes === 'string' || bytes instanceof Uint8Array) return verify({ headers, body: bytes }, options)
  }
  return verifyParsedWebhook({ headers, body }, options, MEND)
}
