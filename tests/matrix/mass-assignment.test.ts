import { describe, expect, it } from 'vitest'
import { frontendEndpoints } from '../../packages/server/src/compose/endpoints.js'
import { tables } from '../../packages/server/src/compose/tables.js'
import { dialects, useTestServer, type TestServer } from '../../packages/server/src/server.test-support.js'
import { itWithContract } from '../contract/contract.test-support.js'
import { goodForm, newHome, newPerson, sendAs, typed, type Person } from './frontend-world.test-support.js'
import { MARK, contractBody, wireFields } from './wire-fields.test-support.js'

type FrontendEndpoint = (typeof frontendEndpoints)[number]

/** What bodies take beyond the contract, because clients send it; and operations that the contract has not. */
const BEYOND_THE_CONTRACT: Readonly<Record<string, readonly string[]>> = {
  createSignIn: ['channel', 'sign_up_if_missing'],
  prepareSignInFactorOne: ['channel'],
  prepareSignInFactorTwo: ['channel'],
  createSignUps: ['channel', 'locale'],
  updateSignUps: ['channel', 'locale'],
  prepareSignUpsVerification: ['channel'],
  // Of versions before 2026-05-12.
  patchUser: ['unsafe_metadata'],
  enableEnvironmentSetting: ['enable_organizations', 'organization_allow_personal_accounts'],
  spendVerificationLink: ['token'],
  spendSessionLink: ['token'],
}

itWithContract('bodies take what the contract says, and what is known beyond it', () => {
  const beyond = frontendEndpoints.map(({ operationId, bodyFields }) => {
    const described = contractBody(operationId)!
    return [operationId, [...bodyFields.keys()].filter((field) => !described.has(field))] as const
  })
  expect(Object.fromEntries(beyond.filter(([, fields]) => fields.length > 0))).toEqual(BEYOND_THE_CONTRACT)
})

const fields = wireFields()
/** Twice, so that every field that is true or false is sent as both. */
const ROUNDS = 2

/** Fields that an operation does not take, each with one of its values: the next operation is sent the next ones. */
function notTaken({ bodyFields, queryFields }: FrontendEndpoint, turn: number): Record<string, unknown> {
  const others = [...fields].filter(([name]) => !bodyFields.has(name) && !queryFields.has(name))
  return Object.fromEntries(others.map(([name, values]) => [name, values[turn % values.length]]))
}

function toTexts(values: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  )
}

/** What ends the person's session comes last. */
const ends = ({ path }: FrontendEndpoint) => Number(path.startsWith('/client') || path.includes('/sessions/'))
const writing = frontendEndpoints
  .filter(({ method }) => method !== 'GET' && method !== 'DELETE')
  .toSorted((a, b) => ends(a) - ends(b))

describe.each(dialects)('what no person may write, on %s', (dialect) => {
  const server = useTestServer(dialect)

  /** Somebody in an instance of their own. */
  const newTwin = async () => {
    const own = await newHome(server)
    return { server: own, person: await newPerson(own) }
  }

  it.each(['form', 'JSON'])(
    'is not written by any operation that takes a body, as %s',
    { timeout: 240_000 },
    async (type) => {
      expect([fields.size > 300, writing.length > 50]).toEqual([true, true])
      for (let round = 0; round < ROUNDS; round++) {
        const [plain, greedy] = [await newTwin(), await newTwin()]
        let good = 0
        for (const [place, endpoint] of writing.entries()) {
          const expected = await send(plain, endpoint, type, {})
          const found = await send(greedy, endpoint, type, notTaken(endpoint, round + place))
          expect(found, endpoint.operationId).toEqual(expected)
          if (expected.status < 300) good++
        }
        expect(good).toBeGreaterThan(20)
        const [found, expected] = [await stateOf(greedy.server), await stateOf(plain.server)]
        expect(found.filter((row) => !expected.includes(row))).toEqual([])
        expect(found).toHaveLength(expected.length)
      }
    },
  )

  const send = async (
    { server: own, person }: { server: TestServer; person: Person },
    endpoint: FrontendEndpoint,
    type: string,
    more: Record<string, unknown>,
  ) => {
    const good = goodForm(endpoint, person)
    const texts = toTexts(more)
    const json = { type: 'application/json', content: JSON.stringify({ ...more, ...typed(good, endpoint) }) }
    const { status, code, params } = await sendAs(own, endpoint, {
      token: person.browserOf(endpoint).token,
      path: person.pathOf(endpoint),
      form: { ...texts, ...good },
      query: texts,
      ...(type === 'JSON' && !endpoint.file ? { body: json } : {}),
    })
    return { status, code, params }
  }
})

/** Columns that count over all instances. */
const ACROSS_INSTANCES = new Set(['row_id', 'sequence'])

/** Every row of an instance, without what is different in every one: ids, names, secrets, and where rows are counted. */
async function stateOf({ server, instance }: TestServer): Promise<string[]> {
  const found: string[] = []
  for (const { name, names } of tables) {
    const owner = names.includes('instance_id') ? 'instance_id' : 'id'
    if (!names.includes(owner) || name === 'row_counts') continue
    const rows = await server.database.read
      .selectFrom(name as 'users')
      .selectAll()
      .where(owner, '=', instance.id)
      .execute()
    found.push(...rows.map((row) => `${name} ${JSON.stringify(withoutNames(row))}`))
  }
  return found.sort()
}

function withoutNames(value: unknown): unknown {
  if (typeof value === 'string') {
    if (/^[[{]/.test(value)) return withoutNames(JSON.parse(value))
    return value === MARK || /^[a-z_:.]+$/.test(value) ? value : '…'
  }
  if (ArrayBuffer.isView(value)) return '…'
  if (Array.isArray(value)) return value.map(withoutNames)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, ACROSS_INSTANCES.has(name) ? '…' : withoutNames(one)]),
  )
}
