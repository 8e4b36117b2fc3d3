import { setTimeout as pause } from 'node:timers/promises'
import { CommandError } from '../command-error.js'
import { parseDatabase, stateFolderOf, DEFAULT_DATABASE } from '../database-location.js'
import { readDevKeys } from '../dev-keys.js'
import type { Environment } from '../environment.js'
import type { Output } from '../output.js'
import { DEFAULT_HOST, DEFAULT_PORT } from '../serve-options.js'
import { findSecretKey, findSetting, type Flags, invalid, parsePublicUrl, type Setting } from '../settings.js'

/** How long one request waits for an event, in seconds. */
const WAIT = 25
/** Milliseconds that the application has to answer. */
const TIMEOUT = 15_000
/** Milliseconds until the next try when the server does not answer. */
const RETRY_AFTER = 1000

interface Page {
  data: ({ id: string; type: string } & Record<string, unknown>)[]
  cursor: string
}

interface Listening {
  url: string
  secretKey: string
  forwardTo: string
  secret: string
}

/**
 * `latchkey webhooks listen --forward-to URL`: reads the events of a running server and sends them, signed, to an
 * application that the server need not reach. Runs until it is stopped.
 */
export async function listenForWebhooks(
  flags: Flags,
  environment: Environment,
  output: Output,
  signal?: AbortSignal,
): Promise<void> {
  const { newSigningSecret, isSigningSecret, systemRandom } = await import('@latchkey/server')
  const find = (name: string) => findSetting(name, flags, environment)
  const forwardTo = find('forward-to')
  if (!forwardTo) throw new CommandError('"--forward-to" is missing: the URL of your webhook handler')
  const given = find('signing-secret')
  if (given && !isSigningSecret(given.value))
    throw new CommandError(`"${given.source}" must be whsec_ and the base64 of 24 to 64 bytes`)
  const publicUrl = find('public-url')
  const listening: Listening = {
    url: publicUrl ? parsePublicUrl(publicUrl) : `http://${DEFAULT_HOST}:${DEFAULT_PORT}`,
    secretKey: findSecretKey(flags, environment) ?? devKeyOf(flags, environment),
    forwardTo: parseTarget(forwardTo),
    secret: given?.value ?? newSigningSecret(systemRandom),
  }
  let { cursor } = await read(listening, '?after=latest', signal).catch(notReached(listening.url))
  output.result(
    {
      lines: [`CLERK_WEBHOOK_SIGNING_SECRET=${listening.secret}`, `Forwarding events to ${listening.forwardTo}`],
      json: { secret: listening.secret, forwardTo: listening.forwardTo },
    },
    flags['json'] === true,
  )
  while (!signal?.aborted) {
    try {
      const page = await read(listening, `?after=${cursor}&wait=${WAIT}`, signal)
      for (const event of page.data) output.note(await forward(event, listening))
      cursor = page.cursor
    } catch (error) {
      if (signal?.aborted) return
      if (error instanceof CommandError) throw error
      await pause(RETRY_AFTER)
    }
  }
}

/** Once it runs, a server that is away for a while comes back; at the start its address may be wrong. */
function notReached(url: string): (error: Error) => never {
  return (error) => {
    if (error instanceof CommandError) throw error
    const { code, message } = (error.cause ?? error) as NodeJS.ErrnoException
    throw new CommandError(
      `No server answers at ${url} (${code ?? message}). Start it, or name another with --public-url`,
    )
  }
}

/** @throws {CommandError} if the server refuses; other errors may pass */
async function read({ url, secretKey }: Listening, query: string, signal: AbortSignal | undefined): Promise<Page> {
  const headers = { authorization: `Bearer ${secretKey}` }
  const response = await fetch(`${url}/v1/events${query}`, { headers, ...(signal ? { signal } : {}) })
  if (response.ok) return (await response.json()) as Page
  if (response.status >= 500) throw new Error(`The server answered ${response.status}`)
  const body = (await response.json().catch(() => ({}))) as { errors?: { long_message?: string }[] }
  throw new CommandError(`${url} refused: ${body.errors?.[0]?.long_message ?? `status ${response.status}`}`)
}

/** @returns the line for the terminal */
async function forward({ id, ...event }: Page['data'][number], { forwardTo, secret }: Listening): Promise<string> {
  const { messageIdOf, signedHeaders } = await import('@latchkey/server')
  const body = JSON.stringify(event)
  const messageId = messageIdOf(id)
  const headers = signedHeaders(messageId, Math.floor(Date.now() / 1000), body, [secret])
  const started = performance.now()
  const answer = await fetch(forwardTo, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT),
  }).then(
    async (response) => {
      await response.body?.cancel()
      return String(response.status)
    },
    (error: Error) => `failed: ${(error.cause as Error | undefined)?.message ?? error.message}`,
  )
  return `${event.type}  ${messageId}  ${answer}  ${Math.round(performance.now() - started)} ms`
}

function parseTarget(setting: Setting): string {
  const { value } = setting
  if (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) return value
  throw invalid(setting, 'a URL such as http://localhost:3000/api/webhooks', value)
}

/** The key that `latchkey dev` has made. */
function devKeyOf(flags: Flags, environment: Environment): string {
  const setting = findSetting('database', flags, environment) ?? { value: DEFAULT_DATABASE, source: '--database' }
  const folder = stateFolderOf(parseDatabase(setting))
  const key = folder === null ? undefined : readDevKeys(folder)?.secretKey
  if (key) return key
  throw new CommandError('A secret key is missing. Pass --secret-key-file, or set LATCHKEY_SECRET_KEY')
}
