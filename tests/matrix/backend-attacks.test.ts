import { beforeAll, describe, expect, it } from 'vitest'
import { backendEndpoints } from '../../packages/server/src/compose/endpoints.js'
import { operations } from '../../packages/server/src/http/operations.js'
import { dialects } from '../../packages/server/src/server.test-support.js'
import { parametersOf } from '../properties/path-parameters.test-support.js'
import { changedIn, codeOf, goodBody, rowsOf, send, useWorld, type AnyEndpoint } from './world.test-support.js'

type BackendEndpoint = (typeof backendEndpoints)[number]

/** What every instance has under the same name. */
const NAMES = new Set([':template_type', ':slug'])
/** Larger than any body may be, a file's included. */
const OVERSIZE = 12 * 1024 * 1024

/** Operations that differ only in what they do answer an attack alike. */
const styles = {
  /** Which API a request without a key of the Backend API reaches. */
  route: ({ method, path }: AnyEndpoint) =>
    browsersToo.has(routeOf(method, `/v1${path}`)) ? 'both APIs' : 'Backend API',
  access: ({ access }: BackendEndpoint) => [access].flat().toSorted().join(' or '),
  names: ({ path }: AnyEndpoint) =>
    parametersOf(path).every((parameter) => NAMES.has(parameter.slice(parameter.lastIndexOf(':'))))
      ? 'nothing of an instance'
      : 'a row',
  takes: ({ file, bodyFields, body }: BackendEndpoint) =>
    file ? 'a file' : bodyFields.size > 0 || body !== undefined ? 'a body' : 'nothing',
}

/** The answer to an attack: a status, and the code of the error. */
type Outcome = `${number} ${string}`

interface Attack {
  /** What the operation's answer depends on. */
  style: keyof typeof styles
  /** By style. The suite fails where one is left out. */
  expected: Readonly<Record<string, Outcome>>
}

/** Keys that open nothing here: `Authorization` by the name of the attack. */
const wrongKeys: Record<string, Attack> = {
  'no key': {
    style: 'route',
    expected: { 'Backend API': '401 authorization_header_format_invalid', 'both APIs': '401 signed_out' },
  },
  'another scheme': {
    style: 'route',
    expected: { 'Backend API': '401 authorization_header_format_invalid', 'both APIs': '401 signed_out' },
  },
  'a scheme without a key': {
    style: 'route',
    expected: { 'Backend API': '401 authorization_header_format_invalid', 'both APIs': '401 signed_out' },
  },
  'text that no key has': everywhere('401 authorization_header_format_invalid'),
  'half of the key': everywhere('401 clerk_key_invalid'),
  'the key with something behind it': everywhere('401 clerk_key_invalid'),
  'a revoked key': everywhere('401 clerk_key_invalid'),
  'the publishable key': browsersElse('401 clerk_key_invalid'),
  // It is longer than any key.
  'a session token': browsersElse('401 authorization_header_format_invalid'),
  'a user’s API key': everywhere('401 clerk_key_invalid'),
  'an M2M token': browsersElse('401 clerk_key_invalid'),
  'an OAuth access token': browsersElse('401 clerk_key_invalid'),
  'a sign-in token': browsersElse('401 clerk_key_invalid'),
  'a testing token': browsersElse('401 clerk_key_invalid'),
}

function everywhere(outcome: Outcome): Attack {
  return { style: 'route', expected: { 'Backend API': outcome, 'both APIs': outcome } }
}

/** Without a prefix of the Backend API's keys a request for a path of both is a browser's, which is signed out. */
function browsersElse(outcome: Outcome): Attack {
  return { style: 'route', expected: { 'Backend API': outcome, 'both APIs': '401 signed_out' } }
}

const routeOf = (method: string, path: string) => `${method} ${path.replaceAll(/:\w+/g, ':')}`
const browsersToo = new Set(
  operations.filter(({ api }) => api === 'frontend').map(({ method, path }) => routeOf(method, path)),
)

/** What the operations answer that ask for no key, whatever key comes with the request. */
const withoutKeys: Readonly<Record<string, Outcome>> = {
  CreateAccountlessApplication: '403 feature_not_enabled',
  GetPublicInterstitial: '400 missing_query_parameter',
}

function outcomeExpected({ style, expected }: Attack, endpoint: BackendEndpoint): string {
  if (styles.access(endpoint) === 'public')
    return (
      withoutKeys[endpoint.operationId] ?? `No outcome is declared for ${endpoint.operationId}, which asks for no key`
    )
  const ofEndpoint = styles[style](endpoint)
  return expected[ofEndpoint] ?? `No outcome is declared for operations of the style "${ofEndpoint}"`
}

describe.each(dialects)('attacks on every operation of the Backend API on %s', (dialect) => {
  const world = useWorld(dialect)
  const authorizations: Record<string, string | undefined> = {}

  beforeAll(async () => {
    const { server, victim } = world
    server.instance = victim.instance
    const { secretKey, id, publishableKey } = victim.instance
    const created = async (path: string, body: object, key = secretKey) =>
      (await server.call('POST', path, body, { key })).body
    const revoked = await server.server.admin.createKey(id, { name: 'old' })
    await server.server.admin.revokeKey(revoked.id)
    const user = { user_id: victim.own('user_1') }
    Object.assign(authorizations, {
      'no key': undefined,
      'another scheme': `Basic ${secretKey}`,
      'a scheme without a key': 'Bearer',
      'text that no key has': `Bearer ${secretKey} ${secretKey}`,
      'half of the key': `Bearer ${secretKey.slice(0, secretKey.length / 2)}`,
      'the key with something behind it': `Bearer ${secretKey}x`,
      'a revoked key': `Bearer ${revoked.secretKey}`,
      'the publishable key': `Bearer ${publishableKey}`,
      'a session token': `Bearer ${(await created(`/sessions/${victim.own('sess_1')}/tokens`, {})).jwt}`,
      'a user’s API key': `Bearer ${(await created('/api_keys', { name: 'mine', subject: user.user_id })).secret}`,
      'an M2M token': `Bearer ${(await created('/m2m_tokens', {}, victim.own('ak_other'))).token}`,
      'an OAuth access token': 'Bearer oat_secret',
      'a sign-in token': `Bearer ${(await created('/sign_in_tokens', user)).token}`,
      'a testing token': `Bearer ${(await created('/testing_tokens', {})).token}`,
    })
  })

  /** What each operation answers, and should have answered, where the two differ. Nothing of the victim's may change. */
  async function wrongAnswers(
    attempt: (endpoint: BackendEndpoint) => Promise<{ status: number; body: string } | undefined>,
    expected: (endpoint: BackendEndpoint) => string,
  ): Promise<string[]> {
    const before = await rowsOf(world, world.victim)
    const wrong: string[] = []
    for (const endpoint of backendEndpoints) {
      const answer = await attempt(endpoint)
      if (!answer) continue
      const outcome = outcomeOf(answer)
      if (outcome !== expected(endpoint)) wrong.push(`${endpoint.operationId}: ${outcome}, not ${expected(endpoint)}`)
    }
    expect(changedIn(before, await rowsOf(world, world.victim))).toEqual([])
    return wrong
  }

  it.each(Object.keys(wrongKeys))('are refused with %s', async (name) => {
    expect(Object.keys(authorizations)).toContain(name)
    const authorization = authorizations[name]
    const wrong = await wrongAnswers(
      async (endpoint) =>
        send(world, endpoint, await world.victim.pathOf(endpoint), {
          authorization,
          body: goodBody(endpoint, world.victim),
        }),
      (endpoint) => outcomeExpected(wrongKeys[name]!, endpoint),
    )
    expect(wrong).toEqual([])
  })

  it('do not find rows of another instance, with its key', async () => {
    const { victim, other } = world
    const authorization = `Bearer ${other.instance.secretKey}`
    const own = victim.instance.id.slice(-12)
    const leaks: string[] = []
    const wrong = await wrongAnswers(async (endpoint) => {
      const body = goodBody(endpoint, victim)
      const answer = await send(world, endpoint, await victim.pathOf(endpoint), { authorization, body })
      if (answer.body.replace(/"(long_)?message":"(\\.|[^"\\])*"/g, '').includes(own)) leaks.push(endpoint.operationId)
      return styles.names(endpoint) === 'a row' ? answer : undefined
    }, notFound)
    expect([wrong, leaks]).toEqual([[], []])
  })

  it('do not find a row of another instance anywhere in a path', async () => {
    const { victim, other } = world
    const authorization = `Bearer ${victim.instance.secretKey}`
    const wrong: string[] = []
    for (const endpoint of backendEndpoints.filter((one) => styles.names(one) === 'a row')) {
      const paths = [endpoint.path, await victim.pathOf(endpoint), await other.pathOf(endpoint)]
      const [names, own, foreign] = paths.map((path) => path.split('/')) as [string[], string[], string[]]
      for (const [place, name] of names.entries()) {
        if (!name.startsWith(':') || own[place] === foreign[place]) continue
        const path = own.with(place, foreign[place]!).join('/')
        const answer = await send(world, endpoint, path, { authorization, body: goodBody(endpoint, victim) })
        const outcome = outcomeOf(answer)
        if (outcome !== notFound(endpoint)) wrong.push(`${endpoint.operationId} ${name}: ${outcome}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('take no row of another instance in a body', async () => {
    const { victim, other } = world
    const authorization = `Bearer ${victim.instance.secretKey}`
    const wrong: string[] = []
    const before = await Promise.all([victim, other].map((one) => rowsOf(world, one)))
    for (const endpoint of backendEndpoints.filter(({ body }) => body !== undefined)) {
      for (const [field, id] of foreignFields(endpoint)) {
        const body = {
          ...(goodBody(endpoint, victim) as object),
          [field]: foreignValue(endpoint, field, other.own(id)),
        }
        const answer = await send(world, endpoint, await victim.pathOf(endpoint), { authorization, body })
        const isRefused = answer.status >= 400 && answer.status < 500
        if (!isRefused) wrong.push(`${endpoint.operationId} ${field}: ${answer.status} ${answer.body.slice(0, 80)}`)
      }
    }
    expect(wrong).toEqual([])
    const after = await Promise.all([victim, other].map((one) => rowsOf(world, one)))
    expect(before.flatMap((rows, index) => changedIn(rows, after[index]!))).toEqual([])
  })

  it('find nothing of another instance by a query', async () => {
    const { victim, other } = world
    const authorization = `Bearer ${victim.instance.secretKey}`
    const foreign = other.instance.id.slice(-12)
    const wrong: string[] = []
    for (const endpoint of backendEndpoints) {
      for (const field of endpoint.queryFields.keys()) {
        const id = rowsNamed[field]
        if (id === undefined) continue
        const path = `${await victim.pathOf(endpoint)}?${field}=${encodeURIComponent(other.own(id))}`
        const answer = await send(world, endpoint, path, { authorization })
        const isEmpty = answer.status === 200 ? !answer.body.includes(foreign) : answer.status < 500
        if (!isEmpty) wrong.push(`${endpoint.operationId} ${field}: ${answer.status}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('take a machine’s key only where machines are callers', async () => {
    const { victim } = world
    const wrong: string[] = []
    for (const endpoint of backendEndpoints) {
      const answer = await send(world, endpoint, await victim.pathOf(endpoint), {
        authorization: `Bearer ${victim.own('ak_other')}`,
        body: goodBody(endpoint, victim),
      })
      const isRefused = answer.status === 401 && codeOf(answer) === 'clerk_key_invalid'
      const isTaken = !isRefused && answer.status < 500
      const isExpected = { secret_key: isRefused, 'machine or secret_key': isTaken, public: isTaken }
      const expected = isExpected[styles.access(endpoint) as keyof typeof isExpected]
      if (expected !== true) wrong.push(`${endpoint.operationId}: ${answer.status} as ${styles.access(endpoint)}`)
    }
    expect(wrong).toEqual([])
  })

  it('stop reading a body that is too large', async () => {
    const { victim, other } = world
    const authorization = `Bearer ${victim.instance.secretKey}`
    const outcomes: Record<string, string> = {
      'a body': '413 request_body_too_large',
      'a file': '413 image_too_large',
      // Bodies of these are not even looked at: what a row of no one's answers is not about its size.
      nothing: '404 not_found',
    }
    const unread: string[] = []
    const wrong = await wrongAnswers(
      async (endpoint) => {
        const takes = styles.takes(endpoint)
        if (endpoint.method === 'GET' || (takes === 'nothing' && styles.names(endpoint) !== 'a row')) return undefined
        const path = await (takes === 'nothing' ? other : victim).pathOf(endpoint)
        const { body, sent } = endless()
        const answer = await send(world, endpoint, path, { authorization, body, type: typeOf(endpoint) })
        if (sent() > OVERSIZE || (takes === 'nothing' && sent() > MEGABYTE)) unread.push(endpoint.operationId)
        return answer
      },
      (endpoint) => outcomes[styles.takes(endpoint)]!,
    )
    expect([wrong, unread]).toEqual([[], []])
  })
})

/** Whatever was not found: some kinds of rows have a code of their own. */
function outcomeOf(answer: { status: number; body: string }): string {
  return `${answer.status} ${codeOf(answer)?.replace(/^.*_not_found$/, 'not_found') ?? 'good'}`
}

/** A session's row is only looked for with a token of the instance, and whose the session is does not matter before. */
function notFound({ operationId }: AnyEndpoint): string {
  return operationId === 'RefreshSession' ? '401 expired_session_token_invalid' : '404 not_found'
}

/** Parameters that name a row, by name: of {@link seedWithEverything}. */
const rowsNamed: Readonly<Record<string, string>> = {
  active_organization_id: 'org_1',
  client_id: 'client_1',
  created_by: 'user_1',
  creator_role_id: 'role_1',
  domain_id: 'dmn_1',
  domains_default_role_id: 'role_1',
  email_address_id: 'idn_1',
  inviter_user_id: 'user_1',
  on_behalf_of: 'user_1',
  org_id: 'org_1',
  organization_id: 'org_1',
  permissions: 'perm_1',
  phone_number_id: 'idn_2',
  primary_email_address_id: 'idn_1',
  primary_phone_number_id: 'idn_2',
  primary_web3_wallet_id: 'idn_3',
  requesting_user_id: 'user_1',
  scoped_machines: 'mch_1',
  subject: 'user_1',
  to: 'user_1',
  to_machine_id: 'mch_1',
  user_id: 'user_1',
  user_ids: 'user_1',
  verification_id: 'idn_1',
}

/** Ends as names of rows do, and names none of ours. */
const NO_ROW = new Set(['external_id', 'provider_user_id', 'profile_image_id'])

/** The same words where they name no row: an e-mail's subject, and what an agent may do. */
const WORDS = new Set([
  'CreateEmail subject',
  'SendEmail subject',
  'UpsertTemplate subject',
  'PreviewTemplate subject',
  'CreateAgentTask permissions',
])

function foreignFields({ operationId, bodyFields }: BackendEndpoint): [field: string, id: string][] {
  return [...bodyFields.keys()].flatMap((field): [string, string][] => {
    const id = rowsNamed[field]
    if (id === undefined && /_ids?$/.test(field) && !NO_ROW.has(field))
      throw new Error(`Which row does the parameter ${field} of ${operationId} name?`)
    return id === undefined || WORDS.has(`${operationId} ${field}`) ? [] : [[field, id]]
  })
}

function foreignValue({ bodyFields }: BackendEndpoint, field: string, id: string): unknown {
  if (field === 'on_behalf_of' || field === 'to') return { user_id: id }
  return bodyFields.get(field)!.kind === 'array' ? [id] : id
}

const MEGABYTE = 1024 * 1024

/** A body that goes on for as long as somebody reads it, up to twice of what may be sent. */
function endless(): { body: ReadableStream<Uint8Array>; sent(): number } {
  const chunk = new Uint8Array(256 * 1024).fill(0x20)
  let sent = 0
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        sent += chunk.length
        controller.enqueue(chunk)
        if (sent > 2 * OVERSIZE) controller.close()
      },
    },
    { highWaterMark: 0 },
  )
  return { body, sent: () => sent }
}

const typeOf = ({ file }: AnyEndpoint) => (file ? 'multipart/form-data; boundary=b' : 'application/json')
