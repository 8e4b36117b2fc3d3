import { createClerkClient } from '@latchkey/backend'
import { describe, expect, it } from 'vitest'
import { backendEndpoints, frontendEndpoints } from '../../packages/server/src/compose/endpoints.js'
import { tables } from '../../packages/server/src/compose/tables.js'
import { configure } from '../../packages/server/src/flows/sign-in/sign-in.test-support.js'
import type { Logger } from '../../packages/server/src/kernel/runtime.js'
import { API_URL, dialects, type TestServer } from '../../packages/server/src/server.test-support.js'
import { goodForm, newPerson, sendAs, settings } from './frontend-world.test-support.js'
import { goodBody, send, useWorld } from './world.test-support.js'

/** Parameters that hold a secret, each with a text that it takes and nothing else has. */
const SECRETS: Readonly<Record<string, (mark: string) => unknown>> = {
  access_token: (mark) => `oat_${mark}`,
  backup_codes: (mark) => [mark.slice(-12)],
  code: (mark) => mark,
  current_password: (mark) => mark,
  expired_token: (mark) => mark,
  new_password: (mark) => mark,
  password: (mark) => mark,
  public_key_credential: (mark) => mark,
  refresh_token: (mark) => mark,
  secret: (mark) => `ak_${mark}`,
  signing_key: (mark) => mark,
  ticket: (mark) => mark,
  token: (mark) => mark,
  // Base32.
  totp_secret: (mark) => mark.toUpperCase().replaceAll(/[^A-Z2-7]/g, 'A'),
}

/** They sound like one. A digest is what is stored of a password, and codes of countries and languages are known. */
const NO_SECRETS = new Set([
  'blocked_country_codes',
  'creator_role_key',
  'custom_signing_key',
  'default_role_key',
  'default_token_ttl',
  'dest_role_set_key',
  'key',
  'min_remaining_ttl_seconds',
  'oauth_jwt_access_tokens',
  'passkey_id',
  'password_digest',
  'password_hasher',
  'preferred_sign_in_strategy_when_password_required',
  'previous_token_ttl',
  'role_key',
  'role_keys',
  'role_set_key',
  'skip_password_checks',
  'skip_password_requirement',
  'to_role_key',
  'token_format',
])

const SOUNDS_SECRET = /password|secret|token|code|key|ticket/

let marks = 0
/** Never twice the same, and nothing that a password is refused for. */
const newMark = () => `canary${String(marks++).padStart(4, '0')}qzvxkjwyhh`

/** The parameters of an operation that hold a secret. */
function secretsOf({ bodyFields, operationId }: (typeof backendEndpoints)[number]): string[] {
  return [...bodyFields.keys()].filter((field) => {
    if (SECRETS[field]) return true
    if (SOUNDS_SECRET.test(field) && !NO_SECRETS.has(field))
      throw new Error(`Does the parameter ${field} of ${operationId} hold a secret?`)
    return false
  })
}

/** What an answer hands out once. */
function handedOut(value: unknown, name = ''): string[] {
  if (typeof value === 'string') return /secret|^token$|^jwt$/.test(name) && value.length > 24 ? [value] : []
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, inner]) => handedOut(inner, key))
}

describe.each(dialects)('secrets on %s', (dialect) => {
  const lines: string[] = []
  const note =
    (level: string) =>
    (fields: object, message: string): void => {
      const { err } = fields as { err?: Error }
      const cause = err?.cause instanceof Error ? err.cause.stack : JSON.stringify(err?.cause)
      lines.push(`${level} ${message} ${JSON.stringify(fields)} ${err?.stack ?? ''} ${cause ?? ''}`)
    }
  const logger: Logger = { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') }
  const world = useWorld(dialect, { logger, onAnswer: (answered) => logger.info(answered, 'Answered') })

  it('are in no log, no error, no event and no row, nor in a backup of them', async () => {
    const { server, other } = world
    const planted = new Map<string, string>()
    const answers: string[] = []
    server.instance = other.instance
    server.client = createClerkClient({ secretKey: other.instance.secretKey, apiUrl: API_URL, fetch: server.fetch })
    planted.set(other.instance.secretKey, 'the secret key')
    await configure(server, settings)

    for (const endpoint of backendEndpoints.filter(({ method }) => method !== 'DELETE')) {
      const authorization = `Bearer ${other.instance.secretKey}`
      const path = await other.pathOf(endpoint)
      const good = goodBody(endpoint, other)
      const answer = await send(world, endpoint, path, { authorization, body: good })
      if (answer.status < 300 && answer.body.startsWith('{')) {
        for (const secret of handedOut(JSON.parse(answer.body))) planted.set(secret, `${endpoint.operationId} answer`)
      } else answers.push(answer.body)
      for (const field of secretsOf(endpoint)) {
        const value = SECRETS[field]!(newMark())
        planted.set([value].flat()[0] as string, `${endpoint.operationId} ${field}`)
        // Once as it is, and once so that it is refused.
        for (const body of [
          { ...(good as object), [field]: value },
          { [field]: value, unknown_parameter: 1 },
        ]) {
          answers.push((await send(world, endpoint, path, { authorization, body })).body)
        }
      }
    }
    for (const endpoint of frontendEndpoints) {
      const fields = secretsOf(endpoint)
      if (fields.length === 0) continue
      const person = await newPerson(server)
      const { token } = person.browserOf(endpoint)
      planted.set(token, `${endpoint.operationId} browser`)
      for (const field of fields) {
        const value = String([SECRETS[field]!(newMark())].flat()[0])
        planted.set(value, `${endpoint.operationId} ${field}`)
        const form = { ...goodForm(endpoint, person), [field]: value }
        answers.push((await sendAs(server, endpoint, { token, path: person.pathOf(endpoint), form })).text)
      }
    }

    // What is no secret is found, so that the search finds what is there.
    const plain = newMark()
    await server.client.users.createUser({ username: plain })
    const rows = await rowsOf(server)
    const naming = rows.filter(([, text]) => text.includes(plain)).map(([table]) => table)
    expect(naming).toEqual(expect.arrayContaining(['users', 'events']))
    expect(planted.size).toBeGreaterThan(50)
    const leaks = [...planted].flatMap(([secret, name]) => [
      ...(lines.some((line) => line.includes(secret)) ? [`${name} is logged`] : []),
      ...(answers.some((answer) => answer.includes(secret)) ? [`${name} is answered`] : []),
      ...rows.filter(([, text]) => text.includes(secret)).map(([table]) => `${name} is in ${table}`),
    ])
    expect(lines.length).toBeGreaterThan(100)
    expect(leaks).toEqual([])
  })
})

async function rowsOf({ server }: TestServer): Promise<[table: string, text: string][]> {
  const found: [string, string][] = []
  for (const { name } of tables) {
    const rows = await server.database.read
      .selectFrom(name as 'users')
      .selectAll()
      .execute()
    found.push([name, rows.map((row) => JSON.stringify(row)).join('\n')])
  }
  return found
}
