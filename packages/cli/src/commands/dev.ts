import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { codeOf, linksOf } from '@latchkey/pages'
import type { PageMessage } from '@latchkey/server'
import { CommandError } from '../command-error.js'
import { describeDatabase, stateFolderOf, type DatabaseLocation } from '../database-location.js'
import { createEncryptionKey, prepareStateFolder, readDevKeys, writeDevKeys } from '../dev-keys.js'
import type { Environment } from '../environment.js'
import type { Output } from '../output.js'
import { readServeOptions, type ServeOptions } from '../serve-options.js'
import { serveWarnings } from '../serve-warnings.js'
import { readyLines, type Project } from '../ready-lines.js'
import { isShown, requestLine } from '../request-log.js'
import { serve, type Running } from '../serve.js'
import type { Flags } from '../settings.js'

/** `latchkey dev`: creates what is missing (keys, database, schema), then serves. */
export async function dev(
  flags: Flags,
  environment: Environment,
  output: Output,
  variables: readonly string[],
): Promise<void> {
  const options = readServeOptions(flags, environment, 'warn')
  for (const line of serveWarnings(options, environment, variables)) output.note(line)
  const folder = stateFolderOf(options.database)
  const isColoured = process.stderr.isTTY && process.stderr.hasColors()
  const running = await serve(options, {
    command: 'dev',
    migrate: true,
    prepare() {
      if (folder !== null) prepareStateFolder(folder)
    },
    onMessage: (message) => {
      if (!isSent(message, options)) output.note(inTerminal(message))
    },
    onAnswer: (answered) => {
      if (isShown(answered)) output.note(requestLine(answered, { isColoured }))
    },
    keys: () => prepareKeys(folder, options),
  })
  if (folder !== null) {
    const { publishableKey } = running.instance
    writeDevKeys(folder, { ...readDevKeys(folder)!, publishableKey })
  }
  if (running.seeded) output.note(describeSeed(running.seeded))
  if (running.instance.environmentType === 'production') {
    output.note(
      'This is a production database: its secret key is live. "latchkey start" serves it without printing keys.',
    )
  }
  const json = { ...running.summary, secretKey: running.secretKey }
  output.result({ lines: nextSteps(running, options), json }, options.json)
}

/**
 * The given keys, else the stored ones, else new ones. They are stored before the database is written, so that the next
 * start can read it.
 */
async function prepareKeys(
  folder: string | null,
  options: ServeOptions,
): Promise<{ encryptionKey: string; secretKey: string }> {
  const { newSecret, systemRandom } = await import('@latchkey/server')
  const stored = folder === null ? null : readDevKeys(folder)
  const given = options.encryptionKey ?? stored?.encryptionKey
  if (given === undefined && stored !== null) {
    throw new CommandError(
      `The database beside ${folder} was made with LATCHKEY_ENCRYPTION_KEY. Set it again, or remove both to start over.`,
    )
  }
  const encryptionKey = given ?? createEncryptionKey()
  const secretKey = options.secretKey ?? stored?.secretKey ?? newSecret('secret_key', 'development', systemRandom)
  if (folder !== null) {
    // Given keys are not stored, and stored keys are never replaced.
    writeDevKeys(folder, {
      ...(options.encryptionKey === undefined ? { encryptionKey } : {}),
      ...(options.secretKey === undefined ? { secretKey } : {}),
      ...stored,
    })
  }
  return { encryptionKey, secretKey }
}

/** Counts what a seed created, among it not each setting. A user is not counted if another one already has the address. */
export function describeSeed(result: Running['seeded'] & {}): string {
  const counts = Object.entries(result).flatMap(([what, count]) =>
    count === 0 ? [] : [`${what.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)} (${count})`],
  )
  const created = counts.length === 0 ? '' : ` and created ${counts.join(', ')}`
  return `The seed was applied${created}. What was there already stays as it was.`
}

function nextSteps({ summary, secretKey, developmentToken }: Running, options: ServeOptions): string[] {
  const { apiUrl, frontendApiUrl, publishableKey } = summary
  const { database } = options
  // A database in memory gets a new signing key at each start. Beside a given secret key, which stays, this one would be stale.
  const jwtKey = database.kind === 'memory' && options.secretKey !== undefined ? undefined : summary.jwtKey
  const query = developmentToken === null ? '' : `?token=${developmentToken}`
  return [
    `Latchkey is ready at ${apiUrl} (${whereDataIs(database)}). Stop it with Ctrl-C.`,
    '',
    `${apiUrl}/inbox${query}   messages with their codes`,
    `${apiUrl}/explain${query}   which cookies and tokens came, and which rule decided`,
    `${apiUrl}/webhooks${query}   where events are sent, and what was answered`,
    '',
    ...readyLines({ apiUrl, frontendApiUrl, publishableKey, secretKey: secretKey!, jwtKey }, readProject()),
    'Try it:',
    `curl ${apiUrl}/v1/users -H "Authorization: Bearer ${secretKey}"`,
  ]
}

/** The application whose folder this is, if it is one. */
function readProject(): Project {
  try {
    return JSON.parse(readFileSync('package.json', 'utf8')) as Project
  } catch {
    return {}
  }
}

/** Whether it goes to a mail server or an SMS gateway, where the developer sees it. */
function isSent({ channel }: PageMessage, { messages }: ServeOptions): boolean {
  if (channel === 'email') return messages['mail.smtpUrl'] !== undefined
  return messages['sms.url'] !== undefined || messages['sms.gateway.url'] !== undefined
}

/** A message in one line, and what a developer wants of it in others. */
function inTerminal(message: PageMessage): string {
  const { channel, toAddress, subject } = message
  const code = codeOf(message)
  return [
    `${channel === 'sms' ? 'Text message' : 'Mail'} to ${visible(toAddress)}${subject === null ? '' : `: ${visible(subject)}`}`,
    ...(code === null ? [] : [`  code ${visible(code)}`]),
    ...linksOf(message).map((link) => `  ${visible(link)}`),
  ].join('\n')
}

/** Without control characters, with which a subject could write anywhere on the screen. */
function visible(text: string): string {
  return text.replace(/\p{C}/gu, '\uFFFD')
}

function whereDataIs(database: DatabaseLocation): string {
  if (database.kind === 'memory') return 'data in memory, lost when it stops'
  const place = describeDatabase(database)
  return `data in ${database.kind === 'file' ? relative('', place) || place : place}`
}
