import type { WebhookAdmin } from '@latchkey/server'
import { CommandError } from '../command-error.js'
import type { Environment } from '../environment.js'
import { formatTime, type Result, table } from '../output.js'
import { findSetting, type Flags, invalid, parseChoice, parseInteger, parseTime, type Setting } from '../settings.js'
import { withInstance } from './with-server.js'

/** Attempts that are shown by default, and at most. */
const SHOWN = 20
const MOST_SHOWN = 250
/** Seven days, in seconds. */
const LONGEST_GRACE = 7 * 24 * 60 * 60
const ORDERINGS = ['default', 'strict', 'none'] as const
/** Characters of an answer in a line of the table. */
const ANSWER_SHOWN = 60

export function listEndpoints(flags: Flags, environment: Environment): Promise<Result> {
  return withWebhooks(flags, environment, async (webhooks) => {
    const endpoints = await webhooks.list()
    const rows = endpoints.map(({ id, url, disabled, eventTypes }) => [
      id,
      disabled ? 'disabled' : 'enabled',
      eventTypes?.join(',') ?? 'all events',
      url,
    ])
    return { lines: table(['ID', 'STATE', 'EVENTS', 'URL'], rows), json: endpoints }
  })
}

export function addEndpoint(url: string, flags: Flags, environment: Environment): Promise<Result> {
  const find = (name: string) => findSetting(name, flags, environment)
  const [events, ordering] = [find('events'), find('ordering')]
  return withWebhooks(flags, environment, async (webhooks) => {
    const { endpoint, secret } = await webhooks.add({
      url,
      uid: find('uid')?.value,
      description: find('description')?.value,
      eventTypes: events && (await parseEventTypes(events)),
      ordering: ordering && parseChoice(ordering, ORDERINGS),
    })
    return {
      lines: [`Added ${endpoint.id}: events are sent to ${url}`, `CLERK_WEBHOOK_SIGNING_SECRET=${secret}`],
      json: { ...endpoint, secret },
    }
  })
}

export function removeEndpoint(id: string, flags: Flags, environment: Environment): Promise<Result> {
  return withWebhooks(flags, environment, async (webhooks) => {
    await webhooks.remove(id)
    return { lines: [`Removed ${id}, with its history`], json: { id, removed: true } }
  })
}

export function listAttempts(id: string, flags: Flags, environment: Environment): Promise<Result> {
  const setting = findSetting('limit', flags, environment)
  const limit = setting ? parseInteger(setting, 1, MOST_SHOWN, 'a number') : SHOWN
  return withWebhooks(flags, environment, async (webhooks) => {
    const attempts = await webhooks.attempts(id, limit)
    const rows = attempts.map(({ createdAt, messageId, succeeded, responseStatus, duration, response }) => [
      formatTime(createdAt),
      messageId,
      succeeded ? 'delivered' : 'failed',
      String(responseStatus ?? '-'),
      `${duration} ms`,
      response.replace(/\s+/g, ' ').slice(0, ANSWER_SHOWN),
    ])
    return { lines: table(['TIME', 'MESSAGE', 'RESULT', 'STATUS', 'TOOK', 'ANSWER'], rows), json: attempts }
  })
}

export function resend(id: string, message: string, flags: Flags, environment: Environment): Promise<Result> {
  return withWebhooks(flags, environment, async (webhooks) => {
    await webhooks.resend(id, message)
    return { lines: [`${message} is sent to ${id} again`], json: { id, message, resent: true } }
  })
}

export function recover(id: string, flags: Flags, environment: Environment): Promise<Result> {
  const setting = findSetting('since', flags, environment)
  if (!setting) throw new CommandError('"--since" is missing: a time, such as 2026-11-28T12:00:00Z')
  const since = parseTime(setting)
  const missing = flags['missing'] === true
  return withWebhooks(flags, environment, async (webhooks) => {
    const count = await webhooks.recover(id, since, { missing })
    return { lines: [`${count} ${count === 1 ? 'event is' : 'events are'} sent to ${id} again`], json: { id, count } }
  })
}

export function sendExample(id: string, type: string, flags: Flags, environment: Environment): Promise<Result> {
  return withWebhooks(flags, environment, async (webhooks) => {
    const message = await webhooks.sendExample(id, type)
    return { lines: [`Sent ${message}, a copy of the newest ${type}, to ${id}`], json: { id, message } }
  })
}

export function rotateSecret(id: string, flags: Flags, environment: Environment): Promise<Result> {
  const setting = findSetting('grace', flags, environment)
  const grace = setting && parseInteger(setting, 0, LONGEST_GRACE, 'seconds')
  return withWebhooks(flags, environment, async (webhooks) => {
    const secret = await webhooks.rotateSecret(id, grace)
    const old = grace === 0 ? 'no longer signs' : `signs too for ${grace === undefined ? 'a day' : `${grace} seconds`}`
    return {
      lines: [`CLERK_WEBHOOK_SIGNING_SECRET=${secret}`, `The old secret ${old}.`],
      json: { id, secret },
    }
  })
}

async function parseEventTypes(setting: Setting): Promise<string[]> {
  const { isEventType } = await import('@latchkey/server')
  const types = setting.value.split(',').map((type) => type.trim())
  const unknown = types.find((type) => !isEventType(type))
  if (unknown === undefined) return types
  throw invalid(setting, 'types of events, such as user.created,user.updated', unknown)
}

function withWebhooks(
  flags: Flags,
  environment: Environment,
  work: (webhooks: WebhookAdmin) => Promise<Result>,
): Promise<Result> {
  return withInstance(flags, environment, async (server, instanceId) => work(await server.admin.webhooks(instanceId)))
}
