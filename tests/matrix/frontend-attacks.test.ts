import { beforeAll, describe, expect, it } from 'vitest'
import { frontendEndpoints } from '../../packages/server/src/compose/endpoints.js'
import { tables } from '../../packages/server/src/compose/tables.js'
import { useTestServer, type TestServer } from '../../packages/server/src/server.test-support.js'
import { CLIENT_TOKEN } from '../../packages/server/src/instances/tokens.js'
import {
  clientTokenClaims,
  COOKIE_LIFETIME,
} from '../../packages/server/src/resources/client-records/client-tokens.rules.js'
import { ENCRYPTION_KEY, servicesOf } from '../../packages/server/src/resources/users/user-parts.test-support.js'
import {
  attacks as allAttacks,
  everybody,
  expectedOf,
  NO_MEMBER,
  NOT_FOUND,
  outcomeOf,
  rank,
} from './frontend-styles.test-support.js'
import {
  goodForm,
  newHome,
  newPerson,
  openKnownBrowser,
  sendAs,
  suites,
  type Person,
} from './frontend-world.test-support.js'
import { changedIn, rowsOf } from './world.test-support.js'

type FrontendEndpoint = (typeof frontendEndpoints)[number]

/** The strategy that looks at a parameter, where a form can have several. */
const STRATEGY_OF: Readonly<Record<string, string>> = { passkey_id: 'passkey', phone_number_id: 'phone_code' }

const inOrder = frontendEndpoints.toSorted((a, b) => rank(a) - rank(b))

/** Every member may leave. It shows in the organization, which has one member less. */
const LEAVING = new Set(['deleteOrganizationMemberships', 'deleteUser'])

interface Attacker {
  /** `__clerk_db_jwt`, in production the cookie `__client`. */
  token: string | undefined
  /** Of a page that does not belong to the instance. */
  origin?: string
  query?: Record<string, string>
  /** Where they send it to, if that is not where the victim is. */
  at?: TestServer
  /** Whose forms they send. */
  person: Person
}

describe.each(suites)('attacks on every operation of the Frontend API in %s on %s', (environment, dialect) => {
  const isProduction = environment === 'production'
  const attacks = allAttacks[environment]
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })
  const attackers: Record<string, Attacker> = {}
  let home: TestServer
  let victim: Person
  /** What no answer may have in it. */
  let secrets: string[]

  beforeAll(async () => {
    home = await newHome(server, environment)
    const other = await newHome(server, environment)
    victim = await newPerson(home)
    const { client } = (await victim.signedIn.call('GET /client')).body
    secrets = [victim.userId, victim.sessionId, client.id, victim.signedIn.token]
    const person = await newPerson(home)
    const naming = await newPerson(home)
    const stranger = await openKnownBrowser(home)
    const banned = await newPerson(home)
    await home.client.users.banUser(banned.userId)
    const pending = await newPerson(home)
    await home.client.users.setPasswordCompromised(pending.userId)
    const powerless = await newPerson(home)
    await makeMember(powerless)
    const revoked = await newPerson(home)
    await home.client.sessions.revokeSession(revoked.sessionId)
    const expired = await newPerson(home)
    await server.server.database.transaction((tx) =>
      tx
        .updateTable('sessions')
        .set({ expire_at: server.clock.now() - 1 })
        .where('id', '=', expired.sessionId)
        .execute(),
    )
    const foreigner = await newPerson(other)
    const { token } = victim.signedIn
    Object.assign(attackers, {
      'no browser': { token: undefined, person },
      'another browser': { token: stranger.token, person },
      'a browser that does not exist': { token: `${token}x`, person },
      'another person': { token: person.signedIn.token, person },
      'another person who names the session': {
        token: naming.signedIn.token,
        query: { _clerk_session_id: victim.sessionId },
        person: naming,
      },
      'a person with a pending session': { token: pending.signedIn.token, person: pending },
      'a member without a right': { token: powerless.signedIn.token, person: powerless },
      'somebody who was banned': { token: banned.signedIn.token, person: banned },
      'somebody whose session has expired': { token: expired.signedIn.token, person: expired },
      'somebody whose session was revoked': { token: revoked.signedIn.token, person: revoked },
      'the browser at another instance': { token, at: other, person },
      'a person of another instance': { token: foreigner.signedIn.token, at: other, person: foreigner },
      'the browser at a page of another site': { token, origin: 'https://evil.example', person },
      'the browser at a page that hides where it is': { token, origin: 'null', person },
      'the browser with the cookie from before it signed in': { token: victim.signedIn.earlier[0], person },
      'the browser with an expired cookie': { token: await cookieFrom(server.clock.now() - COOKIE_LIFETIME), person },
    })
    // Until then what was on its way with the cookie from before is taken.
    server.clock.advance(10_000)
  }, 240_000)

  /** Of the victim's organization, with a role that has no right which an operation asks for. */
  const makeMember = async ({ userId }: Person) => {
    const known = (await home.client.organizationPermissions.getOrganizationPermissionList({ limit: 100 })).data
    const { key: role } = await home.client.organizationRoles.createOrganizationRole({
      name: 'Guest',
      key: 'org:guest',
      permissions: known.filter(({ key }) => key === 'org:sys_billing:read').map(({ id }) => id),
      includeInInitialRoleSet: true,
    })
    await home.client.organizations.createOrganizationMembership({
      organizationId: victim.organizationId,
      userId,
      role,
    })
  }

  /** A cookie of the victim's browser, as it would have got it at another time; undefined in development. */
  const cookieFrom = async (time: number): Promise<string | undefined> => {
    if (!isProduction) return undefined
    const { clientRecords, signingKeys } = await servicesOf(home)
    const { client } = (await victim.signedIn.call('GET /client')).body
    return signingKeys.seal(clientTokenClaims((await clientRecords.find(client.id))!, time), CLIENT_TOKEN)
  }

  it('know the browser itself, in production until a moment before its cookie expires', async () => {
    const me = frontendEndpoints.find(({ operationId }) => operationId === 'getUser')!
    const old = await cookieFrom(server.clock.now() - COOKIE_LIFETIME + 1000)
    for (const token of [victim.signedIn.token, ...(old === undefined ? [] : [old])]) {
      const answer = await sendAs(home, me, { token, path: '/me', form: {} })
      expect([answer.status, answer.text.includes(victim.userId)]).toEqual([200, true])
    }
  })

  /** Every row that names something of the victim's. */
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

  /** What an answer has in it of the victim's that its own path does not say. */
  const leaksOf = (text: string, path: string) =>
    secrets.filter((secret) => !path.includes(secret) && text.includes(secret))

  it.each(Object.keys(attacks))('find nothing as %s', async (name) => {
    const { token, query, origin, at = home, person } = attackers[name]!
    expect(token === undefined).toBe(name === 'no browser')
    const before = await rowsOfVictim()
    const wrong: string[] = []
    for (const endpoint of inOrder) {
      if (name === 'a member without a right' && LEAVING.has(endpoint.operationId)) continue
      const path = victim.pathOf(endpoint)
      const form = goodForm(endpoint, person)
      const answer = await sendAs(at, endpoint, {
        token,
        path,
        form,
        ...(query ? { query } : {}),
        ...(origin === undefined ? {} : { origin }),
      })
      const expected = expectedOf(endpoint, attacks[name]!, environment)
      const isExpected = expected === 'any' ? answer.status < 500 : expected === outcomeOf(answer)
      if (!isExpected) wrong.push(`${endpoint.operationId}: ${answer.status} ${answer.code}, not ${expected}`)
      const leaks = leaksOf(answer.text, path)
      if (leaks.length > 0) wrong.push(`${endpoint.operationId}: ${leaks.join(', ')}`)
    }
    expect(wrong).toEqual([])
    expect(await rowsOfVictim()).toEqual(before)
  })

  /** The tables that an operation writes which asks for nobody. */
  const WRITES: Readonly<Record<string, readonly string[]>> = {
    createDevBrowser: isProduction ? [] : ['row_counts', 'clients'],
  }

  it.each(Object.keys(everybody))('change nothing by %s, which asks for nobody', async (operationId) => {
    const endpoint = frontendEndpoints.find((one) => one.operationId === operationId)!
    for (const { token, person } of [attackers['another person']!, { token: victim.signedIn.token, person: victim }]) {
      const before = await rowsOf({ server }, home)
      const answer = await sendAs(home, endpoint, { token, path: endpoint.path, form: goodForm(endpoint, person) })
      expect(leaksOf(answer.text, endpoint.path)).toEqual([])
      expect(changedIn(before, await rowsOf({ server }, home))).toEqual(WRITES[operationId] ?? [])
    }
  })

  it('find no row of others anywhere in a path, or in a form', async () => {
    const person = await newPerson(home)
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
        const answer = await sendAs(home, endpoint, { token, path, form: goodForm(endpoint, person) })
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
        const answer = await sendAs(home, endpoint, { token, path: person.pathOf(endpoint), form })
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

  it('take no notice of parameters that nobody knows, nor of the same one twice', async () => {
    const wrong: string[] = []
    const [plain, odd] = [await newPerson(home), await newPerson(home)]
    for (const endpoint of inOrder) {
      const send = (person: Person, more: Record<string, string>, times: number) => {
        const isList = (name: string) => endpoint.bodyFields.get(name)?.kind === 'array'
        const form = repeated({ ...goodForm(endpoint, person), ...more }, times, isList)
        const query = repeated(more, times)
        const { token } = person.browserOf(endpoint)
        return sendAs(home, endpoint, { token, path: person.pathOf(endpoint), form, query })
      }
      const [expected, answer] = [await send(plain, {}, 1), await send(odd, { unknown_parameter: '1' }, 2)]
      if (outcomeOf(answer) !== outcomeOf(expected)) {
        wrong.push(`${endpoint.operationId}: ${outcomeOf(answer)} instead of ${outcomeOf(expected)}`)
      }
    }
    expect(wrong).toEqual([])
  })
})

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
