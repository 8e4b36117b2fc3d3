import { createPages } from '@latchkey/pages'
import { beforeAll, describe, expect, it } from 'vitest'
import { frontendEndpoints } from '../../packages/server/src/compose/endpoints.js'
import { useTestServer, type TestServer } from '../../packages/server/src/server.test-support.js'
import { LINKS } from '../../packages/server/src/flows/email-links/email-links.test-support.js'
import { configure } from '../../packages/server/src/flows/sign-in/sign-in.test-support.js'
import { ENCRYPTION_KEY } from '../../packages/server/src/resources/users/user-parts.test-support.js'
import { PASSWORD } from './good-forms.test-support.js'
import {
  newHome,
  newPerson,
  openKnownBrowser,
  originOf,
  sendAs,
  settings,
  suites,
  type Environment,
  type KnownBrowser,
  type Person,
  type Sent,
} from './frontend-world.test-support.js'
import { changedIn, rowsOf } from './world.test-support.js'

/** What leads somebody in, or ends something, by being known. */
const KINDS = ['session_link', 'email_link', 'sign_in_token', 'agent_task', 'invitation', 'link'] as const
type Kind = (typeof KINDS)[number]
type Tokens = Partial<Record<Kind, string>> & {
  /** Where the link by e-mail was asked for. */
  reader: KnownBrowser
}

/** The operations that take such a token: in which parameter, and of which kinds. */
const TAKERS: Readonly<Record<string, { field: string; kinds: readonly Kind[] }>> = {
  openSessionLink: { field: 'token', kinds: ['session_link'] },
  spendSessionLink: { field: 'token', kinds: ['session_link'] },
  verify: { field: 'token', kinds: ['email_link'] },
  spendVerificationLink: { field: 'token', kinds: ['email_link'] },
  acceptTicket: { field: 'ticket', kinds: ['sign_in_token', 'invitation'] },
  createAgentTask: { field: 'ticket', kinds: ['agent_task'] },
  createSignIn: { field: 'ticket', kinds: ['sign_in_token', 'agent_task', 'invitation'] },
  attemptSignInFactorOne: { field: 'ticket', kinds: ['sign_in_token', 'agent_task'] },
  createSignUps: { field: 'ticket', kinds: ['invitation'] },
  updateSignUps: { field: 'ticket', kinds: ['invitation'] },
  linkClient: { field: '__clerk_token', kinds: ['link'] },
}
const takers = frontendEndpoints.filter(({ operationId }) => operationId in TAKERS)

/** What a token that nobody made is answered, by the parameter that it is sent in. */
const NONE: Readonly<Record<string, string>> = {
  token: '400 verification_link_token_invalid',
  ticket: '400 ticket_invalid_code',
  __clerk_token: '403 sync_nonce_already_consumed',
}

/** Tickets that only sign in say so elsewhere. */
const ELSEWHERE: Readonly<Partial<Record<Kind, string>>> = {
  sign_in_token: '400 sign_in_token_not_in_sign_in_code',
  agent_task: '400 agent_task_not_in_sign_in',
}

/** What becomes of a token that was good once, by its kind. */
const SPENT: Readonly<Record<Kind, string>> = {
  session_link: '200 -',
  email_link: '303 failed',
  sign_in_token: '400 sign_in_token_already_used_code',
  agent_task: '400 agent_task_already_used',
  invitation: '400 invitation_already_accepted',
  link: NONE['__clerk_token']!,
}
const EXPIRED: Readonly<Record<Kind, string>> = {
  // Its session is over too.
  session_link: '200 -',
  email_link: '303 expired',
  sign_in_token: '400 ticket_expired_code',
  agent_task: '400 ticket_expired_code',
  invitation: '400 ticket_expired_code',
  link: NONE['__clerk_token']!,
}

const WEEK = 7 * 24 * 60 * 60 * 1000

it('every operation of the Frontend API that takes a token is tried with tokens of others', () => {
  const taking = frontendEndpoints.filter(({ queryFields, bodyFields }) =>
    [...queryFields.keys(), ...bodyFields.keys()].some((name) => /ticket|^token$|__clerk_token/.test(name)),
  )
  expect(taking.map(({ operationId }) => operationId).sort()).toEqual(Object.keys(TAKERS).sort())
})

describe.each(suites)('tokens in links and tickets in %s on %s', (environment, dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY, pages: createPages() })
  let home: Home
  let other: Home

  beforeAll(async () => {
    home = await openHome(server, environment)
    other = await openHome(server, environment)
  }, 120_000)

  const tokensOf = async (at: Home) => {
    // People are told of a new device at most once in ten minutes.
    server.clock.advance(11 * 60 * 1000)
    return makeTokens(at)
  }

  /** Sends a token to an operation, as somebody who has nothing to do with it; what comes of it. */
  const send = async (endpoint: (typeof takers)[number], token: string, as: Person) => {
    const answer = await sendAs(home.server, endpoint, {
      token: as.beginning.token,
      path: as.pathOf(endpoint),
      ...carrying(endpoint, token, home),
    })
    const leaks = answer.text.includes(home.victim.userId) ? ', and names the person' : ''
    return outcomeOf(answer) + leaks
  }

  it('are good for nothing where another kind is taken, at another instance, and altered', async () => {
    const [own, foreign, as] = [await tokensOf(home), await tokensOf(other), await newPerson(home.server)]
    const before = await rowsOf({ server }, home.server)
    const wrong: string[] = []
    for (const endpoint of takers) {
      const { field, kinds } = TAKERS[endpoint.operationId]!
      const check = async (what: string, token: string, expected = NONE[field]!) => {
        const outcome = await send(endpoint, token, as)
        if (outcome !== expected) wrong.push(`${endpoint.operationId}, ${what}: ${outcome}, not ${expected}`)
      }
      await check('no token', 'x')
      for (const kind of KINDS) {
        const token = own[kind]
        if (token === undefined) continue
        await check(`altered ${kind}`, altered(token))
        await check(`${kind} of another instance`, foreign[kind]!)
        if (!kinds.includes(kind)) await check(kind, token, field === 'ticket' ? ELSEWHERE[kind] : undefined)
      }
    }
    expect(wrong).toEqual([])
    expect(changedIn(before, await rowsOf({ server }, home.server))).toEqual([])
  })

  it('are good for nothing any more once they are used, or have expired', async () => {
    const spent = await tokensOf(home)
    await useUp(home, spent)
    const wrong: string[] = []
    const tryAll = async (what: string, tokens: Tokens, expected: Readonly<Record<Kind, string>>) => {
      const as = await newPerson(home.server)
      const before = await rowsOf({ server }, home.server)
      for (const endpoint of takers) {
        for (const kind of TAKERS[endpoint.operationId]!.kinds) {
          const token = tokens[kind]
          if (token === undefined) continue
          const outcome = await send(endpoint, token, as)
          if (outcome !== expected[kind])
            wrong.push(`${endpoint.operationId}, ${what} ${kind}: ${outcome}, not ${expected[kind]}`)
        }
      }
      return changedIn(before, await rowsOf({ server }, home.server))
    }
    expect(await tryAll('used', spent, SPENT)).toEqual([])
    const expired = await tokensOf(home)
    server.clock.advance(WEEK + 1000)
    // The row of one that leads to a satellite is erased when it is asked for.
    expect(await tryAll('expired', expired, EXPIRED)).toEqual(environment === 'production' ? ['one_time_tokens'] : [])
    expect(wrong).toEqual([])
  })
})

interface Home {
  server: TestServer
  victim: Person
  /** Where the Frontend API is for its satellite; undefined in development. */
  satellite: string | undefined
  messages: TestServer['messages']
}

async function openHome(test: TestServer, environment: Environment): Promise<Home> {
  const server = await newHome(test, environment)
  await configure(server, { ...settings, attributes: { ...settings.attributes, ...LINKS.attributes } })
  const victim = await newPerson(server)
  const messages = () => {
    test.instance = server.instance
    return test.messages()
  }
  if (environment === 'development') return { server, victim, satellite: undefined, messages }
  const name = `sat-${server.instance.frontendHost}`
  const { status } = await server.call(
    'POST',
    '/domains',
    { name, is_satellite: true },
    { key: server.instance.secretKey },
  )
  expect(status).toBe(200)
  return { server, victim, satellite: `https://clerk.${name}`, messages }
}

/** One good token of each kind, all of the same person. */
async function makeTokens(home: Home): Promise<Tokens> {
  const { server, victim, satellite } = home
  const { client, instance } = server
  const device = await openKnownBrowser(server)
  const userAgent = `Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.${server.clock.now()}`
  await device.call('POST /client/sign_ins', {
    form: { identifier: victim.emailAddress, password: PASSWORD },
    headers: { 'user-agent': userAgent },
  })
  const reader = await openKnownBrowser(server)
  const page = `${originOf(instance)}/verify`
  await reader.call('POST /client/sign_ins', {
    form: { identifier: victim.emailAddress, strategy: 'email_link', redirect_url: page },
  })
  const task = { permissions: '*', agentName: 'shopper', taskDescription: 'Buy milk', redirectUrl: page }
  const { url } = await client.agentTasks.create({ onBehalfOf: { userId: victim.userId }, ...task })
  const emailAddress = `invited${server.clock.now()}@${victim.domain}`
  return {
    reader,
    session_link: paramOf(await inMail(home, 'revoke_session_url'), 'token'),
    email_link: paramOf(await inMail(home, 'magic_link'), 'token'),
    sign_in_token: (await client.signInTokens.createSignInToken({ userId: victim.userId, expiresInSeconds: 3600 }))
      .token,
    agent_task: paramOf(url, 'ticket'),
    invitation: paramOf((await client.invitations.createInvitation({ emailAddress, expiresInDays: 1 })).url!, 'ticket'),
    ...(satellite === undefined ? {} : { link: await linkFor(satellite, victim) }),
  }
}

async function linkFor(satellite: string, { signedIn }: Person): Promise<string> {
  const query = { redirect_url: `${satellite.replace('clerk.', '')}/` }
  const { headers } = await signedIn.call('GET /client/sync', { query })
  return paramOf(headers.get('location')!, '__clerk_token')
}

/** A request with a token, where the operation takes it. */
function carrying({ operationId, queryFields }: (typeof takers)[number], token: string, { satellite }: Home) {
  const { field } = TAKERS[operationId]!
  if (field === '__clerk_token') return { form: {}, query: { [field]: token }, ...(satellite && { base: satellite }) }
  if (queryFields.has(field)) return { form: {}, query: { [field]: token } }
  return { form: { [field]: token, ...(field === 'ticket' && { strategy: 'ticket', password: PASSWORD }) } }
}

/** Each as whom it was made for, or whoever has it. */
async function useUp(home: Home, tokens: Tokens): Promise<void> {
  const { server, victim, satellite } = home
  const good = async (operationId: string, kind: Kind, browser?: KnownBrowser) => {
    const endpoint = takers.find((one) => one.operationId === operationId)!
    const { status, text } = await sendAs(server, endpoint, {
      token: (browser ?? (await openKnownBrowser(server))).token,
      path: victim.pathOf(endpoint),
      ...carrying(endpoint, tokens[kind]!, home),
    })
    if (status >= 400) throw new Error(`${operationId}: ${status} ${text}`)
  }
  await good('spendSessionLink', 'session_link')
  await good('spendVerificationLink', 'email_link', tokens.reader)
  await good('createSignIn', 'sign_in_token')
  if (satellite !== undefined) await good('linkClient', 'link')
  await good('createAgentTask', 'agent_task')
  await good('createSignUps', 'invitation')
}

/** What the latest message that has it says. */
async function inMail({ messages }: Home, name: string): Promise<string> {
  const found = (await messages()).findLast(({ data }) => data?.[name] !== undefined)
  return found!.data![name] as string
}

function paramOf(url: string, name: string): string {
  return new URL(url).searchParams.get(name)!
}

function altered(token: string): string {
  const last = token.at(-2) === 'A' ? 'B' : 'A'
  return `${token.slice(0, -2)}${last}${token.at(-1)!}`
}

function outcomeOf({ status, code, location }: Sent): string {
  const state = location === null ? null : new URL(location).searchParams.get('__clerk_status')
  return `${status} ${code ?? state ?? '-'}`
}
