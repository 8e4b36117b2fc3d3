import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, type CreatedInstance, type Server } from '@latchkey/server'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { AuditTrail } from '../../../server/src/outbox/audit.js'
import { dialects, newMigratedDatabase } from '../../../server/src/server.test-support.js'
import type { Output } from '../output.js'
import { createProgram } from '../program.js'
import { audit } from './audit.js'

const NOON = Date.UTC(2026, 0, 31, 12)
const at = (seconds: number) => new Date(NOON + seconds * 1000).toISOString()

/** Takes down what a command says. */
function recorder() {
  const said = { lines: [] as string[], written: [] as string[], notes: [] as string[] }
  const output: Output = {
    result: ({ lines }) => void said.lines.push(...lines),
    write: async (text) => void said.written.push(text),
    note: (line) => void said.notes.push(line),
  }
  return { said, output }
}

describe.each(dialects)('latchkey audit on %s', (dialect) => {
  let location = ''
  let cleanUp: () => unknown = () => {}
  let server: Server
  let instance: CreatedInstance

  beforeAll(async () => {
    if (dialect === 'sqlite') {
      const folder = mkdtempSync(join(tmpdir(), 'latchkey-audit-'))
      location = join(folder, 'app.db')
      cleanUp = () => rmSync(folder, { recursive: true })
    } else {
      const made = await newMigratedDatabase(dialect)
      location = made.location
      cleanUp = made.drop
    }
    // It goes on running beside the commands.
    server = await createServer({ database: location, clock: { now: () => NOON - 60_000 } })
  })
  afterAll(async () => {
    await server.close()
    await cleanUp()
  })
  beforeEach(async () => {
    instance = await server.createInstance()
  })

  /** Writes entries, one a second from noon on. */
  async function write(count: number, { action = 'user.updated', userAgent = 'clerk-sdk/1.0' } = {}) {
    const { database } = server
    const caller = { kind: 'secret_key', keyId: 'key_1', ipAddress: '198.51.100.7', userAgent, traceId: 'abc' } as const
    await database.transaction(async (queries) => {
      for (let index = 0; index < count; index++) {
        const ids = { next: (prefix: string) => `${prefix}_${instance.id}_${action}_${index}` }
        const trail = new AuditTrail({
          instanceId: instance.id,
          database,
          ids,
          clock: { now: () => NOON + index * 1000 },
        })
        await trail.write(action, `user_${index}`, ['first_name', 'last_name'], caller, queries)
      }
    })
  }

  async function run(flags: Record<string, string | boolean>, environment = {}) {
    const { said, output } = recorder()
    await audit({ database: location, instance: instance.id, ...flags }, environment, output)
    return said
  }
  const exported = async (flags: Record<string, string | boolean>) => {
    const { written } = await run({ json: true, ...flags })
    return written
      .join('')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  }

  it('shows a table, oldest first, without an encryption key', async () => {
    await write(2)
    const { lines, notes, written } = await run({})

    const [heading, ...rows] = lines
    expect(heading!.split(/\s{2,}/)).toEqual(['TIME', 'ACTOR', 'ACTION', 'TARGET', 'CHANGED', 'ADDRESS'])
    expect(rows.map((row) => row.split(/\s{2,}/))).toEqual([
      ['2026-01-31T11:59:00.000Z', 'operator admin', 'instance.created', instance.id],
      ['2026-01-31T11:59:00.000Z', 'operator admin', 'secret_key.created', expect.stringMatching(/^key_/)],
      [at(0), 'secret_key key_1', 'user.updated', 'user_0', 'first_name,last_name', '198.51.100.7'],
      [at(1), 'secret_key key_1', 'user.updated', 'user_1', 'first_name,last_name', '198.51.100.7'],
    ])
    expect([...notes, ...written]).toEqual([])
  })

  it('shows the newest 50, or as many as it is told, and says when it left some out', async () => {
    await write(60)
    const { lines, notes } = await run({})
    expect(lines).toHaveLength(51)
    expect(lines[1]).toContain(at(10))
    expect(lines[50]).toContain(at(59))
    expect(notes).toEqual(['Older entries are omitted. Use --limit to show up to 10000, or --json for all.'])

    const two = await run({ limit: '2' })
    expect(two.lines.map((line) => line.split(' ')[0])).toEqual(['TIME', at(58), at(59)])
    const all = await run({ limit: '62' })
    expect([all.lines.length, all.notes]).toEqual([63, []])
  })

  it('exports every entry once, page by page', async () => {
    await write(1100)
    const { written, lines, notes } = await run({ json: true })

    expect(written.map((page) => page.split('\n').length - 1)).toEqual([500, 500, 102])
    expect([...lines, ...notes]).toEqual([])
    const entries = await exported({ action: 'user.updated' })
    expect(entries.map(({ targetId }) => targetId)).toEqual(Array.from({ length: 1100 }, (_, index) => `user_${index}`))
    expect(entries[0]).toEqual({
      id: `aud_${instance.id}_user.updated_0`,
      createdAt: at(0),
      instanceId: instance.id,
      actorKind: 'secret_key',
      actorId: 'key_1',
      impersonatorId: null,
      action: 'user.updated',
      targetId: 'user_0',
      changed: ['first_name', 'last_name'],
      ipAddress: '198.51.100.7',
      userAgent: 'clerk-sdk/1.0',
      traceId: 'abc',
    })
  })

  it('reads a page only when there is room for it', async () => {
    await write(1100)
    const pages: string[] = []
    let goOn = () => {}
    const output: Output = {
      ...recorder().output,
      write: (text) => new Promise<void>((resolve) => (pages.push(text), (goOn = resolve))),
    }
    const done = audit({ database: location, instance: instance.id, json: true }, {}, output)
    for (const count of [1, 2, 3]) {
      await expect.poll(() => pages.length).toBe(count)
      goOn()
    }
    await done
    expect(pages).toHaveLength(3)
  })

  it('exports one entry to a line, whatever a caller calls itself', async () => {
    await write(1, { userAgent: 'a\nb\u2028c\u001b[31m"' })
    const { written } = await run({ json: true, action: 'user.updated' })
    expect(written.join('')).toMatch(/^\{[^\n]*\}\n$/)
    expect(JSON.parse(written.join(''))).toMatchObject({ userAgent: 'a\nb\u2028c\u001b[31m"' })
    // Nor do the bytes of a terminal's commands stand in it.
    expect(written.join('')).not.toContain('\u001b')
  })

  it('takes only what is asked for', async () => {
    await write(3)
    await write(1, { action: 'session.revoked' })
    const targets = async (flags: Record<string, string>) => (await exported(flags)).map(({ targetId }) => targetId)

    expect(await targets({ since: at(1) })).toEqual(['user_1', 'user_2'])
    expect(await targets({ since: at(0), until: at(1) })).toEqual(['user_0', 'user_0'])
    expect(await targets({ since: '2026-01-31T13:00:02+01:00' })).toEqual(['user_2'])
    expect(await targets({ since: '2026-01-31t12:00:01.500z' })).toEqual(['user_2'])
    expect(await targets({ action: 'session.revoked' })).toEqual(['user_0'])
    expect(await targets({ target: 'user_1' })).toEqual(['user_1'])
    expect(await targets({ actor: 'key_1', action: 'user.updated', limit: '2' })).toEqual(['user_1', 'user_2'])
    expect(await targets({ actor: 'key_2' })).toEqual([])
    expect(await targets({ instance: (await server.createInstance()).id, action: 'user.updated' })).toEqual([])
  })

  it('takes its options from the environment, and as the command line has them', async () => {
    await write(3)
    const environment = { LATCHKEY_DATABASE: location, LATCHKEY_LIMIT: '1' }
    const { said, output } = recorder()
    const parse = (...args: string[]) =>
      createProgram('1.0.0', environment, output).parseAsync(['audit', '--instance', instance.id, ...args], {
        from: 'user',
      })
    await parse('--target', 'user_1', '--since', at(0))
    expect(said.lines).toHaveLength(2)
    expect(said.lines[1]).toContain('user_1')
    await parse('--json')
    expect(said.written.join('').split('\n')).toHaveLength(2)
  })

  it.each([
    [{ since: 'yesterday' }, '"--since" must be a time in RFC 3339, such as 2026-01-31T09:30:00Z, got yesterday'],
    [{ until: '2026-01-31' }, '"--until" must be a time in RFC 3339, such as 2026-01-31T09:30:00Z, got 2026-01-31'],
    [{ until: '2026-02-30T00:00:00Z' }, '"--until" must be a time in RFC 3339'],
    [{ until: '2026-13-01T00:00:00Z' }, '"--until" must be a time in RFC 3339'],
    [{ until: '2026-01-31T24:00:00Z' }, '"--until" must be a time in RFC 3339'],
    [{ until: '2026-01-31T09:30:00' }, '"--until" must be a time in RFC 3339'],
    [{ since: at(1), until: at(1) }, `"--until" must be later than "--since", got ${at(1)}`],
    [{ limit: '0' }, '"--limit" must be a number between 1 and 10000, got 0'],
    [{ limit: 'all' }, '"--limit" must be a number between 1 and 10000, got all'],
    [{ limit: '10001' }, '"--limit" must be a number between 1 and 10000, got 10001'],
    [{ action: 'user' }, '"--action" must be the name of an action, such as user.updated, got user'],
    [{ instance: 'ins_unknown' }, '"--instance" must be the id of an instance, got ins_unknown'],
  ])('refuses %j in one line', async (flags: Record<string, string>, message) => {
    const refused = (async () => run(flags))()
    await expect(refused).rejects.toMatchObject({ name: 'CommandError', message: expect.stringContaining(message) })
    await expect(refused).rejects.toMatchObject({ message: expect.not.stringContaining('\n') })
  })

  it('writes nothing', async () => {
    await write(3)
    const before = await server.database.read.selectFrom('audit_entries').selectAll().orderBy('sequence').execute()
    await run({})
    await run({ json: true })
    expect(await server.database.read.selectFrom('audit_entries').selectAll().orderBy('sequence').execute()).toEqual(
      before,
    )
  })
})
