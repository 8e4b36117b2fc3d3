import type { Context } from 'hono'
import type { z } from 'zod'
import { bearerKey } from '../../http/access.js'
import type { ServerApp } from '../../http/app.js'
import type { Connection } from '../../http/connection.js'
import { readBody } from '../../http/body.js'
import type { AddressOf } from '../../http/client-address.js'
import { newTraceId, originOfRequest } from '../../http/request-origin.js'
import { callerId, type Caller } from '../../kernel/caller.js'
import { ApiError } from '../../kernel/errors/api-error.js'
import type { Logger, Random } from '../../kernel/runtime.js'
import { applicationIdOf } from './webhook-endpoints.rules.js'
import type { InstanceContext } from '../../instances/instance-context.js'
import type { EndpointTrust } from '../../outbox/webhooks/webhooks.table.js'
import { json, reply } from './svix-answers.rules.js'
import { IdempotentAnswers } from './idempotent-answers.rules.js'
import { requireLegalText, SvixError, toSvixError } from './svix-lists.rules.js'
import { instanceOfToken, isPageToken } from './webhook-applications.rules.js'
import type { WebhookApplicationService } from './webhook-applications.service.js'
import type { WebhookEndpointService } from './webhook-endpoints.service.js'
import { oneTimeTokenIn } from './webhook-endpoints.wire.js'
import { operations, type Input } from './svix-operations.routes.js'

interface Needs {
  context: InstanceContext
  webhookEndpoints: WebhookEndpointService
  webhookApplications: WebhookApplicationService
}

interface Authenticated {
  /** Null for who came by a link to the page. */
  keyId: string | null
  trust: EndpointTrust
  services: Needs
}

interface SvixRoutesOptions {
  /** Resolves to undefined for an invalid key. */
  authenticate(key: string): Promise<{ keyId: string; services: Needs } | undefined>
  /** The services of an instance that a token names. */
  servicesFor(instanceId: string): Promise<Needs | undefined>
  addressOf: AddressOf
  translateError(error: unknown): unknown
  logger: Logger
  random: Random
}

export function mountSvixRoutes(app: ServerApp, options: SvixRoutesOptions): void {
  const answers = new IdempotentAnswers()
  const failure = (error: unknown, traceId: string) => {
    const known = toSvixError(options.translateError(error))
    if (known.status === 500) options.logger.error({ err: error, traceId }, 'Unhandled error')
    return json(known.status, known.body, { 'x-trace-id': traceId })
  }
  app.post('/api/v1/auth/one-time-token', async (context) => {
    const traceId = newTraceId(options.random)
    try {
      return json(200, { token: await exchange(context, options, traceId) })
    } catch (error) {
      return failure(error, traceId)
    }
  })
  for (const [method, path, handler] of operations) {
    app[method](`/api/v1${path}`, async (context) => {
      const traceId = newTraceId(options.random)
      try {
        const input = await readInput(context, options, traceId)
        const key = method === 'post' ? context.req.header('idempotency-key') : undefined
        const scope = key === undefined ? undefined : scopeOf(input, context.req.path, key)
        return await answers.once(scope, async () => {
          const answer = reply(await handler(input))
          answer.headers.set('x-trace-id', traceId)
          return answer
        })
      } catch (error) {
        return failure(error, traceId)
      }
    })
  }
  app.all('/api/v1/*', () => json(404, { code: 'not_found', detail: 'This operation of Svix is not served here' }))
}

/** Nobody gets the answer to somebody else's request, who may do other things: keys are told apart, and the page. */
function scopeOf({ context, caller, trust }: Input, path: string, key: string): string {
  return [context.instanceId, callerId(caller), trust, path, key].join(' ')
}

/** @throws {SvixError} 401 for a token that is none, was used before or has expired */
async function exchange(
  context: Context<{ Bindings: Connection }>,
  options: SvixRoutesOptions,
  traceId: string,
): Promise<string> {
  const { oneTimeToken } = await bodyOf(context, oneTimeTokenIn)
  const named = instanceOfToken(oneTimeToken)
  const services = named && (await options.servicesFor(named.instanceId))
  const caller: Caller = {
    kind: 'public',
    ...originOfRequest(context.req.raw, context.env, options.addressOf, traceId),
  }
  const token = services && (await services.webhookApplications.exchange(named.rest, caller))
  if (token === undefined)
    throw new SvixError(401, 'authentication_failed', 'The link was opened before, or is too old. Ask for another one')
  return token
}

async function readInput(
  context: Context<{ Bindings: Connection }>,
  options: SvixRoutesOptions,
  traceId: string,
): Promise<Input> {
  const found = await authenticateOrNone(context, options)
  if (!found)
    throw new SvixError(
      401,
      'authentication_failed',
      'The token must be a secret key of an instance, or one that a link to the page was exchanged for',
    )
  const { keyId, trust, services } = found
  const params = context.req.param() as Record<string, string>
  const query = new URL(context.req.url).searchParams
  requireLegalText(params, 'path')
  // Every value: of a name that comes twice the first one is read.
  requireLegalText(Object.fromEntries([...query.keys()].map((name) => [name, query.getAll(name)])), 'query')
  const { instanceId } = services.context
  const { app_id: appId } = params
  if (appId !== undefined && appId !== instanceId && appId !== applicationIdOf(instanceId))
    throw new SvixError(404, 'not_found', `There is no application ${appId}, but ${applicationIdOf(instanceId)}`)
  return {
    endpoints: services.webhookEndpoints,
    context: services.context,
    trust,
    caller: {
      ...(keyId === null ? { kind: 'operator', name: 'webhook page' } : { kind: 'secret_key', keyId }),
      ...originOfRequest(context.req.raw, context.env, options.addressOf, traceId),
    },
    params,
    query,
    body: (schema) => bodyOf(context, schema),
  }
}

async function bodyOf<S extends z.ZodType>(context: Context, schema: S): Promise<z.output<S>> {
  const given = await readBody(context.req.raw, new Map())
  requireLegalText(given, 'body')
  const result = schema.safeParse(given)
  if (result.success) return result.data
  throw SvixError.ofFields(result.error.issues.map(({ path, message }) => ({ path: path.map(String), message })))
}

async function authenticateOrNone(
  context: Context,
  { authenticate, servicesFor }: SvixRoutesOptions,
): Promise<Authenticated | undefined> {
  try {
    const key = bearerKey(context.req.header('authorization'))
    const named = isPageToken(key) ? instanceOfToken(key) : undefined
    if (named) {
      const services = await servicesFor(named.instanceId)
      const trust = await services?.webhookApplications.open(key)
      return trust && { keyId: null, trust, services: services! }
    }
    const found = await authenticate(key)
    return found && { ...found, trust: 'operator' }
  } catch (error) {
    if (error instanceof ApiError) return undefined
    throw error
  }
}
