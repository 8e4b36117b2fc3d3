import { createClerkClient } from '@latchkey/backend'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { frontendEndpoints } from '../../packages/server/src/compose/endpoints.js'
import { tables } from '../../packages/server/src/compose/tables.js'
import { configure } from '../../packages/server/src/flows/sign-in/sign-in.test-support.js'
import { type CreatedInstance } from '../../packages/server/src/index.js'
import { API_URL, dialects, useTestServer } from '../../packages/server/src/server.test-support.js'
import { CLIENT_TOKEN } from '../../packages/server/src/instances/tokens.js'
import {
  clientTokenClaims,
  COOKIE_LIFETIME,
} from '../../packages/server/src/resources/client-records/client-tokens.rules.js'
import { ENCRYPTION_KEY, servicesOf } from '../../packages/server/src/resources/users/user-parts.test-support.js'
import {
  goodForm,
  newPerson,
  openKnownBrowser,
  sendAs,
  settings,
  type Person,
  type Sent,
} from './frontend-world.test-support.js'

type FrontendEndpoint = (typeof frontendEndpoints)[number]

/** Operations that an attack is answered alike by: who may call them, and whether their path names something of a person's. */
const STYLES = [
  'public',
  'a browser',
  'a browser, of something of its own',
  'a person',
  'a person, of something of their own',
  'a member',
] as const
type Style = (typeof STYLES)[number]

function styleOf({ access, path, permission }: FrontendEndpoint): Style {
  const isNamed = /:(?!template_name)\w+/.test(path)
  if (access === 'public') return 'public'
  if (permission !== undefined) return 'a member'
  if (access === 'client') return isNamed ? 'a browser, of something of its own' : 'a browser'
  if (access === 'session') return isNamed ? 'a person, of something of their own' : 'a person'
  throw new Error(`Which style of operation has the access ${String(access)}?`)
}

/** `harmless`: whatever it answers, there is nothing of the victim's in it, and nothing of theirs changes. */
type Outcome = 'harmless' | `${number} ${string}`

const SIGNED_OUT = '401 signed_out'
const UNKNOWN_BROWSER = '401 dev_browser_unauthenticated'
const FOREIGN_PAGE = '400 origin_invalid'
/** Some kinds of rows have a code of their own. */
const NOT_FOUND = '404 not_found'
const NO_MEMBER = '404 organization_not_found_or_unauthorized'

/** A browser in which nobody is signed in. */
const signedOut: Record<Style, Outcome> = {
  public: 'harmless',
  'a browser': 'harmless',
  'a browser, of something of its own': NOT_FOUND,
  'a person': SIGNED_OUT,
  'a person, of something of their own': SIGNED_OUT,
  'a member': SIGNED_OUT,
}

/** Somebody who is signed in, and has nothing to do with the victim. */
const signedIn: Record<Style, Outcome> = {
  ...signedOut,
  'a person': 'harmless',
  'a person, of something of their own': NOT_FOUND,
  'a member': NO_MEMBER,
}

const ofNoPage: Record<Style, Outcome> = {
  public: FOREIGN_PAGE,
  'a browser': FOREIGN_PAGE,
  'a browser, of something of its own': FOREIGN_PAGE,
  'a person': FOREIGN_PAGE,
  'a person, of something of their own': FOREIGN_PAGE,
  'a member': FOREIGN_PAGE,
}

const unknown: Record<Style, Outcome> = {
  public: 'harmless',
  'a browser': UNKNOWN_BROWSER,
  'a browser, of something of its own': UNKNOWN_BROWSER,
  'a person': UNKNOWN_BROWSER,
  'a person, of something of their own': UNKNOWN_BROWSER,
  'a member': UNKNOWN_BROWSER,
}

/** A handshake gives a browser whose token is worth nothing a new one. */
const GIVES_TOKENS = new Set(['handshakeClient'])

/** The strategy that looks at a parameter, where a form can have several. */
const STRATEGY_OF: Readonly<Record<string, string>> = { passkey_id: 'passkey', phone_number_id: 'phone_code' }

/** Deletions last, and last of all what ends the attacker's own sessions: until then they are who they are. */
const inOrder = frontendEndpoints.toSorted((a, b) => rank(a) - rank(b))

function rank(endpoint: FrontendEndpoint): number {
  return (
    STYLES.length -
    STYLES.indexOf(styleOf(endpoint)) +
    (endpoint.operationId === 'deleteUser' ? 0.5 : 0) +
    (endpoint.method === 'DELETE' ? 0.25 : 0)
  )
}

interface Attacker {
  /** `__clerk_db_jwt`, in production the cookie `__client`. */
  token: string | undefined
  /** Of a page that does not belong to the instance. */
  origin?: string
  query?: Record<string, string>
  /** Of another instance, if it is. */
  instance?: CreatedInstance
  /** Whose forms they send. */
  person: Person
}

const ENVIRONMENTS = ['development', 'production'] as const

const inDevelopment: Record<string, Record<Style, Outcome>> = {
  'no browser': signedOut,
  'another browser': signedOut,
  'a browser that does not exist': unknown,
  'another person': signedIn,
  'another person who names the session': signedOut,
  'a person with a pending session': signedIn,
  'somebody who was banned': signedOut,
  'somebody whose session has expired': signedOut,
  'somebody whose session was revoked': signedOut,
  'the browser at another instance': unknown,
  'a person of another instance': signedIn,
  'the browser at a page of another site': ofNoPage,
  'the browser at a page that hides where it is': ofNoPage,
}

/** By a cookie that is not good a browser counts as a new one. */
const inProduction: typeof inDevelopment = {
  ...inDevelopment,
  'a browser that does not exist': signedOut,
  'the browser at another instance': signedOut,
  'the browser with the cookie from before it signed in': signedOut,
  'the browser with an expired cookie': signedOut,
}

const suites = dialects.flatMap((dialect) => ENVIRONMENTS.map((environment) => [environment, dialect] as const))

describe.each(suites)('attacks on every operation of the Frontend API in %s on %s', (environment, dialect) => {
  const isProduction = environment === 'production'
  const attacks = isProduction ? inProduction : inDevelopment
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })
  const attackers: Record<string, Attacker> = {}
  let home: CreatedInstance
  let victim: Person

  const at = async <T>(instance: CreatedInstance, body: () => Promise<T>): Promise<T> => {
    const before = server.instance
    server.instance = instance
    const { secretKey } = instance
    const { client } = server
    server.client = createClerkClient({ secretKey, apiUrl: API_URL, fetch: server.fetch })
    try {
      return await body()
    } finally {
      server.instance = before
      server.client = client
    }
  }

  beforeAll(async () => {
    const newHome = (name: string) =>
      server.newInstance(
        isProduction
          ? { environmentType: 'production', frontendHost: `clerk.${name}.example` }
          : { isDefault: name === 'home' },
      )
    home = await newHome('home')
    const other = await newHome('other')
    for (const instance of [home, other]) await at(instance, () => configure(server, settings))
    await at(home, async () => {
      victim = await newPerson(server)
      const person = await newPerson(server)
      const naming = await newPerson(server)
      const stranger = await openKnownBrowser(server)
      const banned = await newPerson(server)
      await server.client.users.banUser(banned.userId)
      const pending = await newPerson(server)
      await server.client.users.setPasswordCompromised(pending.userId)
      const revoked = await newPerson(server)
      await server.client.sessions.revokeSession(revoked.sessionId)
      const expired = await newPerson(server)
      await server.server.database.transaction((tx) =>
        tx
          .updateTable('sessions')
          .set({ expire_at: server.clock.now() - 1 })
          .where('id', '=', expired.sessionId)
          .execute(),
      )
      Object.assign(attackers, {
        'no browser': { token: undefined, person },
        'another browser': { token: stranger.token, person },
        'a browser that does not exist': { token: `${victim.signedIn.token}x`, person },
        'another person': { token: person.signedIn.token, person },
        'another person who names the session': {
          token: naming.signedIn.token,
          query: { _clerk_session_id: victim.sessionId },
          person: naming,
        },
        'a person with a pending session': { token: pending.signedIn.token, person: pending },
        'somebody who was banned': { token: banned.signedIn.token, person: banned },
        'somebody whose session has expired': { token: expired.signedIn.token, person: expired },
        'somebody whose session was revoked': { token: revoked.signedIn.token, person: revoked },
        'the browser at another instance': { token: victim.signedIn.token, instance: other, person },
        'the browser at a page of another site': {
          token: victim.signedIn.token,
          origin: 'https://evil.example',
          person,
        },
        'the browser at a page that hides where it is': { token: victim.signedIn.token, origin: 'null', person },
        'the browser with the cookie from before it signed in': { token: victim.signedIn.earlier[0], person },
        'the browser with an expired cookie': { token: await cookieFrom(server.clock.now() - COOKIE_LIFETIME), person },
      })
    })
    const foreigner = await at(other, () => newPerson(server))
    attackers['a person of another instance'] = { token: foreigner.signedIn.token, instance: other, person: foreigner }
    // Until then what was on its way with the cookie from before is taken.
    server.clock.advance(10_000)
  }, 240_000)

  /** A cookie of the victim's browser, as it would have got it at another time; undefined in development. */
  const cookieFrom = async (time: number): Promise<string | undefined> => {
    if (!isProduction) return undefined
    const { clientRecords, signingKeys } = await servicesOf({ ...server, instance: home })
    const { client } = (await victim.signedIn.call('GET /client')).body
    return signingKeys.seal(clientTokenClaims((await clientRecords.find(client.id))!, time), CLIENT_TOKEN)
  }

  it('know the browser itself, in production until a moment before its cookie expires', async () => {
    const me = frontendEndpoints.find(({ operationId }) => operationId === 'getUser')!
    const old = await cookieFrom(server.clock.now() - COOKIE_LIFETIME + 1000)
    for (const token of [victim.signedIn.token, ...(old === undefined ? [] : [old])]) {
      const answer = await sendAs(server, me, { token, path: '/me', form: {} })
      expect([answer.status, answer.text.includes(victim.userId)]).toEqual([200, true])
    }
  })

  beforeEach(() => {
    server.instance = home
  })

  /** A digest of every row that names something of the victim's. */
  const rowsOfVictim = async () => {
    const ids = [victim.userId, victim.sessionId, victim.organizationId, idIn('signIn'), idIn('signUp')]
    const found: string[] = []
    for (const { name } of tables) {
      const rows = await server.server.database.read
        .selectFrom(name as 'users')
        .selectAll()
        .execute()
      const lines = rows.map((row) => JSON.stringify(row)).filter((line) => ids.some((id) => line.includes(id)))
      found.push(...lines.map((line) => `${name} ${line}`))
    }
    return found.sort()
  }
  const idIn = (kind: 'signIn' | 'signUp') => victim.pathOf({ path: kind === 'signIn' ? ':sign_in_id' : ':sign_up_id' })

  const isHarmless = ({ status, text }: Sent, path: string) =>
    status < 500 && ![victim.userId, victim.sessionId].some((id) => !path.includes(id) && text.includes(id))

  it.each(Object.keys(attacks))('find nothing as %s', { timeout: 60_000 }, async (name) => {
    const { token, query, origin, instance = home, person } = attackers[name]!
    expect(token === undefined).toBe(name === 'no browser')
    server.instance = instance
    const before = await rowsOfVictim()
    const wrong: string[] = []
    for (const endpoint of inOrder) {
      const path = victim.pathOf(endpoint)
      const form = goodForm(endpoint, person)
      const answer = await sendAs(server, endpoint, {
        token,
        path,
        form,
        ...(query ? { query } : {}),
        ...(origin === undefined ? {} : { origin }),
      })
      const expected =
        GIVES_TOKENS.has(endpoint.operationId) && attacks[name] !== ofNoPage
          ? 'harmless'
          : attacks[name]![styleOf(endpoint)]
      const isExpected = expected === 'harmless' ? isHarmless(answer, path) : expected === outcomeOf(answer)
      if (!isExpected) wrong.push(`${endpoint.operationId}: ${answer.status} ${answer.code}, not ${expected}`)
    }
    expect(wrong).toEqual([])
    expect(await rowsOfVictim()).toEqual(before)
  })

  it('find no row of others anywhere in a path, or in a form', { timeout: 60_000 }, async () => {
    const person = await at(home, () => newPerson(server))
    const before = await rowsOfVictim()
    const wrong: string[] = []
    for (const endpoint of frontendEndpoints.filter((one) => one.access !== 'public')) {
      const { token } = person.browserOf(endpoint)
      const [names, own, foreign] = [endpoint.path, person.pathOf(endpoint), victim.pathOf(endpoint)].map((path) =>
        path.split('/'),
      ) as [string[], string[], string[]]
      for (const [place, name] of names.entries()) {
        if (!name.startsWith(':') || own[place] === foreign[place]) continue
        const path = own.with(place, foreign[place]!).join('/')
        const answer = await sendAs(server, endpoint, { token, path, form: goodForm(endpoint, person) })
        const expected = name === ':organization_id' ? NO_MEMBER : NOT_FOUND
        if (outcomeOf(answer) !== expected) wrong.push(`${endpoint.operationId} ${name}: ${outcomeOf(answer)}`)
      }
      for (const field of endpoint.bodyFields.keys()) {
        const id = victimsIn(field, endpoint)
        if (id === undefined) continue
        const good = goodForm(endpoint, person)
        // Otherwise a number is not looked at where an address is asked for.
        const strategy = good['strategy'] && STRATEGY_OF[field]
        const form = { ...good, ...(strategy ? { strategy } : {}), [field]: id }
        const answer = await sendAs(server, endpoint, { token, path: person.pathOf(endpoint), form })
        if (answer.status < 400 || answer.status >= 500)
          wrong.push(`${endpoint.operationId} ${field}: ${answer.status}`)
      }
    }
    expect(wrong).toEqual([])
    expect(await rowsOfVictim()).toEqual(before)
  })

  /** What of the victim's a parameter could name. Anybody's user may be made a member. */
  const victimsIn = (field: string, { operationId }: FrontendEndpoint): string | undefined => {
    if (!/_ids?$/.test(field) || operationId === 'CreateOrganizationMembership') return undefined
    const known: Record<string, string> = {
      active_organization_id: victim.organizationId,
      email_address_id: victim.emailId,
      organization_id: victim.organizationId,
      passkey_id: victim.pathOf({ path: ':passkey_id' }),
      phone_number_id: victim.pathOf({ path: ':phone_number_id' }),
      primary_email_address_id: victim.emailId,
      primary_phone_number_id: victim.pathOf({ path: ':phone_number_id' }),
      primary_web3_wallet_id: victim.emailId,
    }
    if (known[field] === undefined) throw new Error(`Which row does the parameter ${field} of ${operationId} name?`)
    return known[field]
  }

  it('take no notice of parameters that nobody knows, nor of the same one twice', { timeout: 60_000 }, async () => {
    const wrong: string[] = []
    await at(home, async () => {
      const [plain, odd] = [await newPerson(server), await newPerson(server)]
      for (const endpoint of inOrder) {
        const send = (person: Person, more: Record<string, string>, times: number) => {
          const isList = (name: string) => endpoint.bodyFields.get(name)?.kind === 'array'
          const form = repeated({ ...goodForm(endpoint, person), ...more }, times, isList)
          const query = repeated(more, times)
          const { token } = person.browserOf(endpoint)
          return sendAs(server, endpoint, { token, path: person.pathOf(endpoint), form, query })
        }
        const [expected, answer] = [await send(plain, {}, 1), await send(odd, { unknown_parameter: '1' }, 2)]
        if (outcomeOf(answer) !== outcomeOf(expected)) {
          wrong.push(`${endpoint.operationId}: ${outcomeOf(answer)} instead of ${outcomeOf(expected)}`)
        }
      }
    })
    expect(wrong).toEqual([])
  })
})

function outcomeOf({ status, code }: Sent): string {
  return `${status} ${code?.replace(/^.*_not_found$/, 'not_found') ?? 'good'}`
}

/** @param isList one value more is another item there */
function repeated(
  values: Record<string, string>,
  times: number,
  isList: (name: string) => boolean = () => false,
): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, Array<string>(isList(name) ? 1 : times).fill(value)]),
  )
}
