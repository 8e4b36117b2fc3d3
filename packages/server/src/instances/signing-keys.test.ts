import { decodeJwt, verifyJwt } from '@latchkey/crypto'
import { sql } from 'kysely'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { verifyToken } from '@latchkey/backend'
import { createServer, type Server } from '../index.js'
import { API_URL, dialects, newMigratedDatabase, StillClock, useTestServer } from '../server.test-support.js'

const DAY = 24 * 60 * 60 * 1000
const MINUTE = 60_000
const PUBLISHED_BEFORE_USE = 10 * MINUTE

describe.each(dialects)('signing keys on %s', (dialect) => {
  const server = useTestServer(dialect, { withSigningKey: false })

  const createSession = async () => {
    const user = await server.client.users.createUser({ username: 'ada_l' })
    return server.client.sessions.createSession({ userId: user.id })
  }
  const kids = async () => (await server.client.jwks.getJwks()).keys.map(({ kid }) => kid)

  it('are published without their private half', async () => {
    const { status, body } = await server.call('GET', '/jwks')

    expect(status).toBe(200)
    expect(body).toEqual({
      keys: [
        { use: 'sig', kty: 'RSA', kid: expect.stringMatching(/^ins_/), alg: 'RS256', n: expect.any(String), e: 'AQAB' },
      ],
    })
    expect(Buffer.from(body.keys[0].n, 'base64url')).toHaveLength(256)
    expect((await server.call('GET', '/jwks', undefined, { key: null })).status).toBe(401)
    expect((await server.call('GET', '/jwks')).body).toEqual(body)
  })

  it('are one, however many ask for the first at once', async () => {
    const session = await createSession()
    const tokens = await Promise.all(Array.from({ length: 8 }, () => server.client.sessions.getToken(session.id)))
    expect(new Set(tokens.map(({ jwt }) => decodeJwt(jwt).header.kid)).size).toBe(1)
  })

  it('are published before they sign, and as long as what they signed is in use', async () => {
    const session = await createSession()
    const kid = async () => decodeJwt((await server.client.sessions.getToken(session.id)).jwt).header.kid
    const first = await kid()

    const { keyId: second } = await server.server.admin.rotateSigningKey(server.instance.id)
    expect(await kids()).toEqual(expect.arrayContaining([first, second]))
    server.clock.advance(PUBLISHED_BEFORE_USE - 1)
    expect(await kid()).toBe(first)
    server.clock.advance(1)
    expect(await kid()).toBe(second)
    expect(await kids()).toHaveLength(2)
    server.clock.advance(DAY)
    expect(await kids()).toEqual([second])
  })

  it('are in every copy of the key set that is five minutes old before they sign', async () => {
    const session = await createSession()
    const kid = async () => decodeJwt((await server.client.sessions.getToken(session.id)).jwt).header.kid
    const used = new Set<string | undefined>()
    let copy = await kids()
    for (let minute = 0; minute < 16; minute += 1) {
      if (minute === 1) await server.server.admin.rotateSigningKey(server.instance.id)
      if (minute % 5 === 0) copy = await kids()
      const current = await kid()
      used.add(current)
      expect(copy).toContain(current)
      server.clock.advance(MINUTE)
    }
    expect(used.size).toBe(2)
  })

  it('say when they begin to sign, also behind one that has still to', async () => {
    const session = await createSession()
    const kid = async () => decodeJwt((await server.client.sessions.getToken(session.id)).jwt).header.kid
    await kid()
    const rotate = (options?: object) => server.server.admin.rotateSigningKey(server.instance.id, options)
    const first = await rotate()
    expect(first.signsAt).toBe(server.clock.now() + PUBLISHED_BEFORE_USE)
    const second = await rotate({ publishSeconds: 5 })
    expect(second.signsAt).toBe(first.signsAt)
    server.clock.advance(PUBLISHED_BEFORE_USE)
    expect(await kid()).toBe(second.keyId)
    const { signsAt } = await rotate({ publishSeconds: null })
    expect(signsAt).toBe(server.clock.now() + 2000)
  })

  it('are listed with the times of each', async () => {
    const { admin } = server.server
    const list = () => admin.listSigningKeys(server.instance.id)
    const states = async () => (await list()).map(({ state }) => state)
    expect(await list()).toEqual([])
    const [first] = await kids()
    const start = server.clock.now()
    const forever = { retiredAt: null, expiresAt: null }
    expect(await list()).toEqual([{ id: first, createdAt: start, signsAt: start, ...forever, state: 'signing' }])

    server.clock.advance(MINUTE)
    const { keyId: second, signsAt } = await admin.rotateSigningKey(server.instance.id)
    expect(await list()).toEqual([
      { id: first, createdAt: start, signsAt: start, retiredAt: signsAt, expiresAt: signsAt + DAY, state: 'signing' },
      { id: second, createdAt: start + MINUTE, signsAt, ...forever, state: 'published' },
    ])
    server.clock.advance(PUBLISHED_BEFORE_USE)
    expect(await states()).toEqual(['retired', 'signing'])
    server.clock.advance(DAY)
    expect(await states()).toEqual(['expired', 'signing'])
  })

  it('are published as long as is asked for', async () => {
    const session = await createSession()
    const kid = async () => decodeJwt((await server.client.sessions.getToken(session.id)).jwt).header.kid
    const first = await kid()
    const { keyId } = await server.server.admin.rotateSigningKey(server.instance.id, { publishSeconds: 3600 })
    server.clock.advance(60 * MINUTE - 1)
    expect(await kid()).toBe(first)
    server.clock.advance(1)
    expect(await kid()).toBe(keyId)
  })

  it('replace all others in two seconds where others may have them', async () => {
    const session = await createSession()
    const kid = async () => decodeJwt((await server.client.sessions.getToken(session.id)).jwt).header.kid
    const { admin } = server.server
    await kid()
    // Two earlier ones still have a turn before them, and a day in the key set.
    await admin.rotateSigningKey(server.instance.id)
    server.clock.advance(MINUTE)
    await admin.rotateSigningKey(server.instance.id)
    const { keyId } = await admin.rotateSigningKey(server.instance.id, { publishSeconds: null, overlapSeconds: 60 })
    expect(await kids()).toHaveLength(4)
    server.clock.advance(2000)
    expect(await kid()).toBe(keyId)
    server.clock.advance(MINUTE)
    expect(await kids()).toEqual([keyId])
    server.clock.advance(DAY)
    expect([await kid(), await kids()]).toEqual([keyId, [keyId]])
  })

  it.runIf(dialect === 'postgres')('rotate once when two ask for it at the same moment', async () => {
    const { admin, database } = server.server
    await admin.jwtKey(server.instance.id)
    let commit = () => {}
    const other = database.transaction(async (tx) => {
      const own = tx
        .updateTable('signing_keys')
        .set({ retired_at: server.clock.now() + 1, expires_at: server.clock.now() + 2 })
        .where('instance_id', '=', server.instance.id)
      const old = await own.returningAll().executeTakeFirstOrThrow()
      const newer = {
        ...old,
        id: `${old.id}_of_another`,
        retired_at: null,
        expires_at: null,
        created_at: old.created_at + 1,
      }
      await tx.insertInto('signing_keys').values(newer).execute()
      await new Promise<void>((resolve) => (commit = resolve))
      return newer.id
    })
    const rotated = admin.rotateSigningKey(server.instance.id)
    await expect.poll(() => waitingForLocks(database)).toBe(1)
    commit()

    expect((await rotated).keyId).toBe(await other)
  })

  it('make tokens that no other instance takes', async () => {
    const session = await createSession()
    const { jwt: token } = await server.client.sessions.getToken(session.id)
    const other = await server.server.createInstance()

    const answer = await server.call('POST', '/clients/verify', { token }, { key: other.secretKey })
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ code: 'cookie_invalid' }] } })
    const key = await server.server.admin.jwtKey(other.id)
    await expect(verifyJwt(token, { key, now: server.clock.now() })).rejects.toMatchObject({
      code: 'signature_invalid',
    })
  })
})

describe.each(dialects)('rotating the signing key on %s', (dialect) => {
  afterEach(() => void vi.restoreAllMocks())

  it('fails no verification, on the node that rotates and on another', async () => {
    const { location, drop } = await newMigratedDatabase(dialect)
    const clock = new StillClock(Date.now())
    const options = {
      database: location,
      encryptionKey: Buffer.alloc(32, 7).toString('base64'),
      clock,
      publicUrl: API_URL,
    }
    const node = await createServer(options)
    const nodes = dialect === 'postgres' ? [node, await createServer(options)] : [node]
    // The caches of the nodes and of the SDK go by these clocks.
    const monotonic = performance.now()
    const started = clock.now()
    vi.spyOn(performance, 'now').mockImplementation(() => monotonic + clock.now() - started)
    vi.spyOn(Date, 'now').mockImplementation(() => clock.now())
    try {
      const { id, secretKey } = await node.createInstance()
      const session = await openSession(node, secretKey)
      const used = new Set<string>()
      const mintAndVerify = async (minting: Server, publishing: Server) => {
        const { jwt } = await call<{ jwt: string }>(minting, secretKey, 'POST', `/sessions/${session}/tokens`)
        used.add(decodeJwt(jwt).header.kid!)
        // The cached key set of the one node, and a new one of the other.
        for (const skipJwksCache of [false, true]) {
          await verifyToken(jwt, {
            secretKey,
            apiUrl: API_URL,
            fetch: (input, init) => publishing.fetch(new Request(input, init)),
            skipJwksCache,
          })
        }
      }
      const mintEverywhere = () =>
        Promise.all(nodes.flatMap((minting) => nodes.map((publishing) => mintAndVerify(minting, publishing))))
      await mintEverywhere()
      // Beside the rotation, and every tenth of a second until the caches have run out and the new key signs.
      const rotation = node.admin.rotateSigningKey(id, { publishSeconds: null })
      for (let passed = 0; passed <= 4000; passed += 100) {
        await mintEverywhere()
        if (passed === 500) await rotation
        clock.advance(100)
      }
      expect(used.size).toBe(2)
    } finally {
      for (const open of nodes) await open.close()
      await drop()
    }
  })
})

describe.runIf(dialects.includes('postgres'))('a node whose clock is set back', () => {
  it('sees the key that another node made, all the same', async () => {
    const { location, drop } = await newMigratedDatabase('postgres')
    const options = { database: location, encryptionKey: Buffer.alloc(32, 7).toString('base64'), publicUrl: API_URL }
    const [node, other] = [await createServer(options), await createServer(options)]
    try {
      const { id, secretKey } = await node.createInstance()
      const published = async () => (await call<{ keys: unknown[] }>(node, secretKey, 'GET', '/jwks')).keys.length
      expect(await published()).toBe(1)
      const now = Date.now()
      vi.spyOn(Date, 'now').mockImplementation(() => now - 3_600_000)
      await other.admin.rotateSigningKey(id)
      const monotonic = performance.now.bind(performance)
      vi.spyOn(performance, 'now').mockImplementation(() => monotonic() + 1000)
      expect(await published()).toBe(2)
    } finally {
      vi.restoreAllMocks()
      for (const open of [node, other]) await open.close()
      await drop()
    }
  })
})

/** How many connections to the database wait for a lock. */
async function waitingForLocks(database: Server['database']): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from pg_locks l
    join pg_stat_activity a on a.pid = l.pid where a.datname = current_database() and not l.granted`.execute(
    database.read,
  )
  return rows[0]!.count
}

async function openSession(node: Server, secretKey: string): Promise<string> {
  const { id } = await call<{ id: string }>(node, secretKey, 'POST', '/users', { username: 'ada_l' })
  return (await call<{ id: string }>(node, secretKey, 'POST', '/sessions', { user_id: id })).id
}

async function call<T>(
  node: Server,
  secretKey: string,
  method: string,
  path: string,
  body: object | undefined = method === 'GET' ? undefined : {},
): Promise<T> {
  const headers = { authorization: `Bearer ${secretKey}`, 'content-type': 'application/json' }
  const response = await node.fetch(
    new Request(`${API_URL}/v1${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) }),
  )
  expect(response.status).toBe(200)
  return (await response.json()) as T
}
