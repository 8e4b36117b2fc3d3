import type { z } from 'zod'
import type { Caller } from '../../kernel/caller.js'
import type { InstanceContext } from '../../instances/instance-context.js'
import { eventIdOf } from '../../outbox/webhooks/envelope.js'
import { finished, Status } from './svix-answers.rules.js'
import { listOf, readAttempts, readIterator, readTimes, SvixError, wantsContent } from './svix-lists.rules.js'
import type { EndpointCaller, WebhookEndpointService } from './webhook-endpoints.service.js'
import {
  endpointIn,
  endpointPatch,
  endpointUpdate,
  exampleIn,
  fromEndpoint,
  fromWholeEndpoint,
  headersIn,
  headersPatch,
  recoverIn,
  rotateIn,
  toAttemptJSON,
  toEndpointJSON,
  toEventTypeJSON,
  toHeadersJSON,
  toMessageJSON,
} from './webhook-endpoints.wire.js'

export interface Input extends EndpointCaller {
  endpoints: WebhookEndpointService
  context: InstanceContext
  caller: Caller
  params: Record<string, string>
  query: URLSearchParams
  /** @throws {SvixError} 422 */
  body<S extends z.ZodType>(schema: S): Promise<z.output<S>>
}

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'
type Handler = (input: Input) => Promise<unknown>

const APP = '/app/:app_id'
const ENDPOINT = `${APP}/endpoint/:endpoint_id`

/**
 * The endpoints of webhooks, on the wire of Svix's API: its clients work with the secret key as their token and this
 * server as `serverUrl`.
 *
 * @see https://api.svix.com/docs
 */
export const operations: [Method, string, Handler][] = [
  ['get', `${APP}/endpoint`, async ({ endpoints, query }) => listEndpoints(await endpoints.list(), query)],
  [
    'post',
    `${APP}/endpoint`,
    async ({ endpoints, body, ...by }) => {
      const { secret, headers, ...fields } = await body(endpointIn)
      const input = {
        ...fromEndpoint(fields),
        url: fields.url,
        secret: secret ?? undefined,
        headers: headers ?? undefined,
      }
      return new Status(201, toEndpointJSON(await endpoints.create(input, by)))
    },
  ],
  ['get', ENDPOINT, async ({ endpoints, params }) => toEndpointJSON(await endpoints.get(params['endpoint_id']!))],
  [
    'put',
    ENDPOINT,
    async ({ endpoints, params, body, ...by }) => {
      const id = params['endpoint_id']!
      const fields = fromWholeEndpoint(await body(endpointUpdate))
      const { endpoint, isNew } = await endpoints.put(id, fields, by)
      return new Status(isNew ? 201 : 200, toEndpointJSON(endpoint))
    },
  ],
  [
    'patch',
    ENDPOINT,
    async ({ endpoints, params, body, ...by }) => {
      const id = params['endpoint_id']!
      return toEndpointJSON(await endpoints.update(id, fromEndpoint(await body(endpointPatch)), by))
    },
  ],
  [
    'delete',
    ENDPOINT,
    async ({ endpoints, params, caller }) => {
      await endpoints.delete(params['endpoint_id']!, caller)
      return new Status(204)
    },
  ],
  [
    'get',
    `${ENDPOINT}/secret`,
    async ({ endpoints, params }) => ({ key: await endpoints.secret(params['endpoint_id']!) }),
  ],
  [
    'post',
    `${ENDPOINT}/secret/rotate`,
    async ({ endpoints, params, body, caller }) => {
      const { key, gracePeriodSeconds } = await body(rotateIn)
      const options = { key: key ?? undefined, graceSeconds: gracePeriodSeconds ?? undefined }
      await endpoints.rotateSecret(params['endpoint_id']!, options, caller)
      return new Status(204)
    },
  ],
  [
    'get',
    `${ENDPOINT}/headers`,
    async ({ endpoints, params }) => toHeadersJSON(await endpoints.headers(params['endpoint_id']!)),
  ],
  [
    'put',
    `${ENDPOINT}/headers`,
    async ({ endpoints, params, body, ...by }) => {
      await endpoints.update(params['endpoint_id']!, { headers: (await body(headersIn)).headers }, by)
      return new Status(204)
    },
  ],
  [
    'patch',
    `${ENDPOINT}/headers`,
    async ({ endpoints, params, body, caller }) => {
      const { headers, deleteHeaders } = await body(headersPatch)
      await endpoints.patchHeaders(params['endpoint_id']!, { set: headers, remove: deleteHeaders }, caller)
      return new Status(204)
    },
  ],
  [
    'post',
    `${ENDPOINT}/send-example`,
    async ({ endpoints, context, params, body, caller }) => {
      const id = await endpoints.sendExample(params['endpoint_id']!, (await body(exampleIn)).eventType, caller)
      return new Status(202, toMessageJSON((await endpoints.history.message(id))!, context.clock.now()))
    },
  ],
  [
    'post',
    `${ENDPOINT}/recover`,
    async ({ endpoints, context, params, body, caller }) => {
      const { since, until } = await body(recoverIn)
      await endpoints.recover(params['endpoint_id']!, since, until ?? undefined, caller)
      return finished('endpoint.recover', context)
    },
  ],
  [
    'post',
    `${ENDPOINT}/replay-missing`,
    async ({ endpoints, context, params, body, caller }) => {
      const { since, until } = await body(recoverIn)
      await endpoints.replayMissing(params['endpoint_id']!, since, until ?? undefined, caller)
      return finished('endpoint.replay', context)
    },
  ],
  [
    'get',
    `${ENDPOINT}/stats`,
    async ({ endpoints, params }) => {
      const { id } = await endpoints.get(params['endpoint_id']!)
      const { succeeded, failed, ...rest } = await endpoints.history.statistics(id)
      return { success: succeeded, fail: failed, ...rest }
    },
  ],
  [
    'post',
    `${APP}/msg/:msg_id/endpoint/:endpoint_id/resend`,
    async ({ endpoints, params, caller }) => {
      await endpoints.resend(params['endpoint_id']!, params['msg_id']!, caller)
      return new Status(202, {})
    },
  ],
  [
    'get',
    `${APP}/attempt/endpoint/:endpoint_id`,
    async (input) => {
      const { id } = await input.endpoints.get(input.params['endpoint_id']!)
      return listAttempts(input, { endpointId: id })
    },
  ],
  [
    'get',
    `${APP}/attempt/msg/:msg_id`,
    async (input) => {
      const { id } = await findMessage(input)
      const endpoint = input.query.get('endpoint_id')
      if (endpoint === null) return listAttempts(input, { eventId: id })
      return listAttempts(input, { eventId: id, endpointId: (await input.endpoints.get(endpoint)).id })
    },
  ],
  ['get', `${APP}/msg`, (input) => listMessages(input)],
  [
    'get',
    `${APP}/msg/:msg_id`,
    async (input) => toMessageJSON(await findMessage(input), input.context.clock.now(), wantsContent(input.query)),
  ],
  [
    'post',
    `${APP}/msg`,
    async () => {
      throw new SvixError(403, 'forbidden', 'Only the server itself writes events')
    },
  ],
  ['get', '/event-type', async ({ query }) => listOf(toEventTypeJSON(), query, ({ name }) => name)],
]

function listEndpoints(endpoints: Awaited<ReturnType<WebhookEndpointService['list']>>, query: URLSearchParams) {
  const newestFirst = query.get('order') === 'descending'
  const sorted = newestFirst ? [...endpoints].reverse() : endpoints
  return listOf(sorted.map(toEndpointJSON), query, ({ id }) => id)
}

async function listAttempts(
  { endpoints, context, query }: Input,
  subject: { endpointId?: string; eventId?: string },
): Promise<unknown> {
  const { filter, limit, iterator, from, none } = readAttempts(query)
  const found = none ? [] : await endpoints.history.attempts({ ...filter, ...subject }, limit + 1, from)
  const page = found.slice(0, limit)
  const last = page.at(-1)
  const withContent = wantsContent(query)
  const messages =
    query.get('with_msg') === 'true'
      ? await endpoints.history.messagesOf(page.map(({ eventId }) => eventId))
      : undefined
  const now = context.clock.now()
  return {
    data: page.map((attempt) => {
      const message = messages?.get(attempt.eventId)
      const json = toAttemptJSON(attempt, withContent)
      return message ? { ...json, msg: toMessageJSON(message, now, withContent) } : json
    }),
    iterator: last ? `${last.createdAt}:${last.id}` : iterator,
    prevIterator: null,
    done: found.length <= limit,
  }
}

async function listMessages({ endpoints, context, query }: Input): Promise<unknown> {
  const { limit, iterator, before, after, types } = readTimes(query)
  const [sequence] = readIterator(iterator, /^(\d{1,15})$/) ?? []
  const from = sequence === undefined ? undefined : Number(sequence)
  const found = await endpoints.history.messages({ before, after, eventTypes: types }, limit + 1, from)
  const page = found.slice(0, limit)
  const last = page.at(-1)
  const now = context.clock.now()
  return {
    data: page.map((event) => toMessageJSON(event, now, wantsContent(query))),
    iterator: last ? String(last.sequence) : iterator,
    prevIterator: null,
    done: found.length <= limit,
  }
}

async function findMessage({ endpoints, params }: Input) {
  const id = params['msg_id']!
  const message = await endpoints.history.message(eventIdOf(id))
  if (!message) throw new SvixError(404, 'not_found', `There is no message ${id}`)
  return message
}
