import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClerkClient } from '@latchkey/backend'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createServer, type CreatedInstance, type Server } from '../index.js'
import { systemRandom } from '../kernel/runtime.js'
import { createVault } from '../lib/secrets/vault.js'
import { API_URL, dialects, newMigratedDatabase } from '../server.test-support.js'
import { sealedColumnsOf } from '../storage/reseal.js'
import { tables } from './tables.js'

const [OLD, NEW] = [1, 2].map((byte) => Buffer.alloc(32, byte).toString('base64')) as [string, string]
const folder = mkdtempSync(join(tmpdir(), 'latchkey-rotate-'))
afterAll(() => rmSync(folder, { recursive: true }))

const oldVault = createVault(OLD, systemRandom)
const bothVaults = createVault(NEW, systemRandom, [OLD])
const idOf = (key: string) => createVault(key, systemRandom).keyId

describe.each(dialects)('rotating the encryption key on %s', (dialect) => {
  let location: string
  let drop: () => Promise<void>
  let instance: CreatedInstance
  let old: Server
  const open: Server[] = []
  let files = 0

  beforeEach(async () => {
    const database = await newMigratedDatabase(dialect)
    location = dialect === 'sqlite' ? join(folder, `${++files}.db`) : database.location
    drop = database.drop
    old = await openServer({ encryptionKey: OLD })
    instance = await old.createInstance({ isDefault: true })
  })

  afterEach(async () => {
    for (const server of open.splice(0)) await server.close()
    await drop()
  })

  async function openServer(keys: { encryptionKey: string; otherEncryptionKeys?: string[] }): Promise<Server> {
    const server = await createServer({
      database: location,
      publicUrl: API_URL,
      passwords: { memoryKib: 64, passes: 1 },
      webhooks: { deliver: false },
      removeExpired: false,
      ...keys,
    })
    open.push(server)
    return server
  }

  const clientOf = (server: Server) =>
    createClerkClient({
      secretKey: instance.secretKey,
      apiUrl: API_URL,
      fetch: (input, init) => server.fetch(new Request(input, init)),
    })

  /** Every sealed column of every table, with the key of each value. */
  async function keysInUse(): Promise<Record<string, string[]>> {
    const found: Record<string, string[]> = {}
    for (const table of tables) {
      for (const column of sealedColumnsOf(table)) {
        const { rows } = await sql<{ text: string | null }>`
          select ${sql.ref(column)} as text from ${sql.table(table.name)}`.execute(old.database.read)
        const ids = rows.flatMap(({ text }) => [...(text ?? '').matchAll(/\b([0-9a-f]{8})\.[\w-]{38,}/g)])
        found[`${table.name}.${column}`] = [...new Set(ids.map((match) => match[1]!))]
      }
    }
    return found
  }

  /** Something in each sealed column: by the API where it has a way, and else as a service writes it. */
  async function fillAll() {
    const client = clientOf(old)
    const user = await client.users.createUser({ username: 'ada_l', totpSecret: 'JBSWY3DPEHPK3PXP' })
    const session = await client.sessions.createSession({ userId: user.id })
    await client.sessions.getToken(session.id)
    const machine = await client.machines.create({ name: 'Billing' })
    await client.m2m.createToken({ machineSecretKey: machine.secretKey! })
    const apiKey = await client.apiKeys.create({ name: 'Builds', subject: user.id })
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    await client.jwtTemplates.create({
      name: 'convex',
      claims: {},
      customSigningKey: true,
      signingAlgorithm: 'ES256',
      signingKey: privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
    })
    const webhooks = await old.admin.webhooks(instance.id)
    const { endpoint } = await webhooks.add({ url: 'https://hooks.example.com' })
    const firstSecret = (await secretOf(old, endpoint.id)).secret
    await webhooks.rotateSecret(endpoint.id, 3600)
    await client.webhooks.generateSvixAuthURL()
    await client.instance.updateOrganizationSettings({ enabled: true, domainsEnabled: true })
    const organization = await client.organizations.createOrganization({ name: 'Acme', createdBy: user.id })
    const domain = { organizationId: organization.id, name: 'acme.test', enrollmentMode: 'manual_invitation' as const }
    await client.organizations.createOrganizationDomain(domain)
    await old.admin.seed(instance.id, {
      users: [{ username: 'grace', external_accounts: [{ provider: 'oauth_google', provider_user_id: '7' }] }],
    })
    const write = async (table: string, columns: string[]) => {
      const values = sql.join(columns.map((column) => sql`${sql.ref(column)} = ${oldVault.seal(`a ${column}`)}`))
      await old.database.transaction((tx) => sql`update ${sql.table(table)} set ${values}`.execute(tx))
    }
    await write('external_accounts', ['access_token', 'refresh_token', 'id_token', 'token_secret'])
    await write('organization_domains', ['ownership_challenge'])
    await write('webhook_endpoints', ['headers'])
    const enrolment = { id: 'totp_1', instance_id: instance.id, user_id: user.id, created_at: 1, updated_at: 1 }
    await old.database.transaction((tx) =>
      tx
        .insertInto('totp_enrolments')
        .values({ ...enrolment, secret: oldVault.seal('x') })
        .execute(),
    )
    return { user, session, machine, apiKey, endpoint, firstSecret }
  }

  async function secretOf(server: Server, endpointId: string) {
    return server.database.read
      .selectFrom('webhook_endpoints')
      .selectAll()
      .where('id', '=', endpointId)
      .executeTakeFirstOrThrow()
  }

  it('leaves nothing under the old key, in no column, and everything readable with the new one alone', async () => {
    const { user, session, machine, apiKey, endpoint, firstSecret } = await fillAll()
    const before = await keysInUse()
    expect(Object.keys(before).length).toBeGreaterThan(12)
    for (const [column, keys] of Object.entries(before)) expect([column, keys]).toEqual([column, [idOf(OLD)]])
    const updatedAt = (await clientOf(old).users.getUser(user.id)).updatedAt

    const both = await openServer({ encryptionKey: NEW, otherEncryptionKeys: [OLD] })
    const done = await both.admin.rotateEncryption()
    expect(done).toMatchObject({ complete: true, keyId: idOf(NEW) })
    expect(done.resealed).toBeGreaterThan(15)
    for (const [column, keys] of Object.entries(await keysInUse()))
      expect([column, keys]).toEqual([column, [idOf(NEW)]])
    expect(await both.admin.rotateEncryption()).toEqual({ resealed: 0, complete: true, keyId: idOf(NEW) })

    const next = await openServer({ encryptionKey: NEW })
    const client = clientOf(next)
    expect(await client.machines.getSecretKey(machine.id)).toMatchObject({ secret: machine.secretKey })
    expect(await client.apiKeys.getSecret(apiKey.id)).toEqual({ secret: apiKey.secret })
    expect((await client.sessions.getToken(session.id)).jwt).toMatch(/^ey/)
    expect((await client.sessions.getToken(session.id, 'convex')).jwt).toMatch(/^ey/)
    expect((await client.users.getUser(user.id)).updatedAt).toBe(updatedAt)
    const { old_secrets: oldSecrets, headers } = await secretOf(next, endpoint.id)
    const [{ secret }] = JSON.parse(oldSecrets)
    expect(bothVaults.open(secret)).toBe(oldVault.open(firstSecret))
    expect(bothVaults.open(headers!)).toBe('a headers')
  })

  it('goes on while servers with both keys work, and takes along what was written beside it', async () => {
    const { user } = await fillAll()
    const both = await openServer({ encryptionKey: NEW, otherEncryptionKeys: [OLD] })
    const coming = await openServer({ encryptionKey: OLD, otherEncryptionKeys: [NEW] })
    const writes = async () => {
      const made = []
      for (const [index, server] of [both, coming, both, coming].entries()) {
        const key = await clientOf(server).apiKeys.create({ name: `Key ${index}`, subject: user.id })
        made.push(key)
        for (const reader of [both, coming])
          expect(await clientOf(reader).apiKeys.getSecret(key.id)).toEqual({ secret: key.secret })
      }
      return made
    }
    const [, made] = await Promise.all([both.admin.rotateEncryption(), writes()])
    // What a node with the old key as its own sealed after the run is found by the next.
    await both.admin.rotateEncryption()
    const next = await openServer({ encryptionKey: NEW })
    for (const { id, secret } of made) expect(await clientOf(next).apiKeys.getSecret(id)).toEqual({ secret })
  })

  it('goes on where it was interrupted', async () => {
    const { user } = await fillAll()
    const count = 250
    await old.database.transaction(async (tx) => {
      const row = await tx.selectFrom('api_keys').selectAll().executeTakeFirstOrThrow()
      for (let index = 0; index < count; index += 1) {
        const own = { id: `ak_${String(index).padStart(5, '0')}`, name: `Key ${index}`, hash: `hash ${index}` }
        await tx
          .insertInto('api_keys')
          .values({ ...row, ...own, sealed_secret: oldVault.seal(own.id) })
          .execute()
      }
    })
    // A value that cannot be opened, in the third part of its table, ends the run as a crash would.
    const damaged = oldVault.seal('x').replace(/.{8}$/, 'AAAAAAAA')
    const set = (text: string) =>
      old.database.transaction((tx) =>
        tx.updateTable('api_keys').set({ sealed_secret: text }).where('id', '=', 'ak_00230').execute(),
      )
    await set(damaged)
    const both = await openServer({ encryptionKey: NEW, otherEncryptionKeys: [OLD] })
    await expect(both.admin.rotateEncryption()).rejects.toThrow()
    expect((await keysInUse())['api_keys.sealed_secret']!.toSorted()).toEqual([idOf(OLD), idOf(NEW)].toSorted())
    // Meanwhile both kinds are read.
    expect((await clientOf(both).apiKeys.list({ subject: user.id, includeInvalid: true })).totalCount).toBe(count + 1)
    await set(oldVault.seal('ak_00230'))
    const rest = await both.admin.rotateEncryption()
    expect(rest.complete).toBe(true)
    expect(rest.resealed).toBeLessThan(count)
    expect((await keysInUse())['api_keys.sealed_secret']).toEqual([idOf(NEW)])
  })

  it('keeps what was sent out good as long as the old key is named, and no longer', async () => {
    const client = clientOf(old)
    const { url } = await client.invitations.createInvitation({ emailAddress: 'grace@example.com' })
    const user = await client.users.createUser({ emailAddress: ['ada@example.com'] })
    const address = await client.emailAddresses.createEmailAddress({
      userId: user.id,
      emailAddress: 'new@example.com',
      verified: false,
    })
    const { id } = await client.emailAddresses.prepareVerification(address.id)
    const message = await old.database.read
      .selectFrom('messages')
      .select('data')
      .where('slug', '=', 'verification_code')
      .executeTakeFirstOrThrow()
    const attempt = { verificationId: id, code: String(JSON.parse(message.data!).otp_code) }
    const signUpBy = async (server: Server) => {
      const ticket = new URL(url!).searchParams.get('ticket')!
      const answer = await server.fetch(
        new Request(`${API_URL}/v1/tickets/accept?ticket=${ticket}`, { redirect: 'manual' }),
      )
      return answer.headers.get('location') ?? ''
    }
    const both = await openServer({ encryptionKey: NEW, otherEncryptionKeys: [OLD] })
    await both.admin.rotateEncryption()
    const next = await openServer({ encryptionKey: NEW })

    expect(await signUpBy(both)).toContain('__clerk_ticket')
    expect(await signUpBy(next)).not.toContain('__clerk_ticket')
    expect(await clientOf(next).emailAddresses.attemptVerification(address.id, attempt)).toMatchObject({
      status: 'unverified',
    })
    expect(await clientOf(both).emailAddresses.attemptVerification(address.id, attempt)).toMatchObject({
      status: 'verified',
    })
  })

  it('names the key that is missing', async () => {
    await fillAll()
    const next = await openServer({ encryptionKey: NEW })
    await expect(next.admin.rotateEncryption()).rejects.toThrow(
      `was sealed under the encryption key ${idOf(OLD)}, this server has ${idOf(NEW)}. Set LATCHKEY_ENCRYPTION_KEY to the one it was written with, or name that one in LATCHKEY_OTHER_ENCRYPTION_KEYS.`,
    )
  })
})
