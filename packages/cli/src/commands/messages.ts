import type { MessageAdmin, MessageStatus } from '@latchkey/server'
import { CommandError } from '../command-error.js'
import type { Environment } from '../environment.js'
import { formatTime, type Result, table } from '../output.js'
import { findSetting, type Flags, parseChoice, parseInteger } from '../settings.js'
import { withInstance } from './with-server.js'

/** Messages that are shown by default, and at most. */
const SHOWN = 20
const MOST_SHOWN = 1000
const STATUSES: readonly MessageStatus[] = ['queued', 'delivered', 'failed', 'handed_over']

export function listMessages(flags: Flags, environment: Environment): Promise<Result> {
  const [limit, status] = [findSetting('limit', flags, environment), findSetting('status', flags, environment)]
  return withMessages(flags, environment, async (messages) => {
    const found = await messages.list(
      limit ? parseInteger(limit, 1, MOST_SHOWN, 'a number') : SHOWN,
      status && parseChoice(status, STATUSES),
    )
    const rows = found.map(({ createdAt, id, status, slug, to, attempts, lastError }) => [
      formatTime(createdAt),
      id,
      status,
      slug ?? '-',
      to,
      String(attempts),
      lastError ?? '-',
    ])
    return { lines: table(['TIME', 'ID', 'STATUS', 'KIND', 'TO', 'ATTEMPTS', 'LAST ERROR'], rows), json: found }
  })
}

export function showMessage(id: string, flags: Flags, environment: Environment): Promise<Result> {
  return withMessages(flags, environment, async (messages) => {
    const message = await messages.show(id)
    const { status, to, subject, attempts, lastError, createdAt, deliveredAt } = message
    const text = message.bodyPlain ?? message.body
    const lines = table(
      ['', ''],
      [
        ['To', to],
        ['Subject', subject ?? '-'],
        ['Kind', kindOf(message)],
        ['Status', `${status} after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`],
        ['Last error', lastError ?? '-'],
        ['Written', formatTime(createdAt)],
        ['Delivered', deliveredAt === null ? '-' : formatTime(deliveredAt)],
      ],
    )
    const body = text === '' ? 'Its text is erased: its code was sent, was used or has expired.' : text.trimEnd()
    return { lines: [...lines.slice(1), '', ...body.split('\n')], json: message }
  })
}

function kindOf({ channel, slug, language }: Awaited<ReturnType<MessageAdmin['show']>>): string {
  if (slug === null) return `${channel}, written by the application`
  return `${channel}, ${slug}, ${language === null ? 'in words of the instance' : `in the language ${language}`}`
}

export function resendMessage(id: string, flags: Flags, environment: Environment): Promise<Result> {
  return withMessages(flags, environment, async (messages) => {
    if (await messages.resend(id)) return { lines: [`${id} is queued, and sent by the server`], json: { id } }
    const why = 'It is queued already, the application delivers it, or its code is erased'
    throw new CommandError(`${id} cannot be sent again. ${why}`)
  })
}

function withMessages(
  flags: Flags,
  environment: Environment,
  work: (messages: MessageAdmin) => Promise<Result>,
): Promise<Result> {
  return withInstance(flags, environment, async (server, instanceId) => work(await server.admin.messages(instanceId)))
}
