import { describe, expect, it } from 'vitest'
import { frontendEndpoints } from '../../packages/server/src/compose/endpoints.js'
import { tables } from '../../packages/server/src/compose/tables.js'
import { configure } from '../../packages/server/src/flows/sign-in/sign-in.test-support.js'
import { dialects, useTestServer } from '../../packages/server/src/server.test-support.js'
import { goodForm, newPerson, sendAs, settings } from './frontend-world.test-support.js'

/** In no other text of the database. */
const MARK = 'assigned0by0nobody'
/** Long before anything happens here, in milliseconds. */
const LONG_AGO = '987654321'

/** What is on the wire of users, sessions, organizations and what belongs to them, and no person may write. */
const FORBIDDEN: Readonly<Record<string, string>> = {
  actor: `{"sub":"${MARK}"}`,
  backup_codes: MARK,
  client_id: MARK,
  created_by: MARK,
  external_id: MARK,
  id: MARK,
  image_url: MARK,
  instance_id: MARK,
  password_digest: MARK,
  private_metadata: `{"by":"${MARK}"}`,
  public_metadata: `{"by":"${MARK}"}`,
  totp_secret: MARK,
  created_at: LONG_AGO,
  expire_at: LONG_AGO,
  last_sign_in_at: LONG_AGO,
  updated_at: LONG_AGO,
  banned: 'true',
  bypass_client_trust: 'true',
  delete_self_enabled: 'true',
  locked: 'false',
  max_allowed_memberships: '98765',
  primary: 'true',
  status: 'complete',
  verification: '{"status":"verified"}',
  verified: 'true',
}

/** Fields that sound like these, and that a person may write, with the reason in the rule. */
const MAY_BE_WRITTEN = new Set([
  // Among verified addresses and numbers of one's own.
  'primary_email_address_id',
  'primary_phone_number_id',
  'primary_web3_wallet_id',
  // Of another member, by whoever manages members; of an invitation likewise.
  'role',
  // The person's own.
  'unsafe_metadata',
])

it.each(
  frontendEndpoints.filter(({ bodyFields }) => bodyFields.size > 0).map((one) => [one.operationId, one] as const),
)('%s takes no field that a person may not write', (_, { bodyFields }) => {
  const sounding =
    /verif|primary|role|metadata|created|updated|_at$|^id$|^object$|banned|locked|external_id|_by$|digest/
  const fields = [...bodyFields.keys()]
  expect(fields.filter((field) => field in FORBIDDEN)).toEqual([])
  expect(fields.filter((field) => sounding.test(field) && !MAY_BE_WRITTEN.has(field))).toEqual([])
})

describe.each(dialects)('what no person may write, on %s', (dialect) => {
  const server = useTestServer(dialect)

  it('is not written by any operation of the Frontend API', { timeout: 120_000 }, async () => {
    await configure(server, settings)
    const person = await newPerson(server)
    // What ends the person's session comes last.
    const ends = ({ path }: { path: string }) => Number(path.startsWith('/client') || path.includes('/sessions/'))
    const writing = frontendEndpoints
      .filter(({ method }) => method !== 'GET' && method !== 'DELETE')
      .toSorted((a, b) => ends(a) - ends(b))
    let good = 0
    for (const endpoint of writing) {
      const { token } = person.browserOf(endpoint)
      const form = { ...FORBIDDEN, ...goodForm(endpoint, person) }
      const { status } = await sendAs(server, endpoint, {
        token,
        path: person.pathOf(endpoint),
        form,
        query: FORBIDDEN,
      })
      if (status < 300) good++
      expect([endpoint.operationId, status < 500]).toEqual([endpoint.operationId, true])
    }
    expect(good).toBeGreaterThan(20)
    const written: string[] = []
    for (const { name } of tables) {
      const rows = await server.server.database.read
        .selectFrom(name as 'users')
        .selectAll()
        .execute()
      const lines = rows.map((row) => JSON.stringify(row))
      if (lines.some((line) => line.includes(MARK) || line.includes(LONG_AGO) || line.includes('98765,')))
        written.push(name)
    }
    expect(written).toEqual([])
    const { emailAddresses, phoneNumbers, publicMetadata } = await server.client.users.getUser(person.userId)
    const added = [...emailAddresses, ...phoneNumbers].filter(({ verification }) => verification?.strategy !== 'admin')
    expect(added.length).toBeGreaterThan(0)
    expect(added.map(({ verification }) => verification?.status ?? null)).toEqual(added.map(() => null))
    expect(publicMetadata).toEqual({})
  })
})
