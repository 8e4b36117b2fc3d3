import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { createServer, migrateDatabase } from '@latchkey/server'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadSqlite } from '../../../server/src/storage/sqlite-module.js'
import { explainRefusal } from '../refusal.js'
import { ENCRYPTION_KEY, useCommands } from './run.test-support.js'

const { own, run, refusal } = useCommands()
const at = (name: string) => join(own.folder, name)

function makeSqlite(name: string, ...statements: string[]): string {
  const connection = new (loadSqlite().DatabaseSync)(at(name))
  for (const statement of statements) connection.exec(statement)
  connection.close()
  return at(name)
}

beforeAll(async () => {
  mkdirSync(at('data'))
  writeFileSync(at('data/precious'), 'of another program')
  writeFileSync(at('text'), 'no database')
  await run(['backup', at('good.bak')])
})

describe('a folder', () => {
  it('is never taken for a database, and stays where it is', async () => {
    const commands = [
      ['restore', at('good.bak')],
      ['migrate'],
      ['keys', 'list'],
      ['backup', at('new')],
      ['dev'],
      ['start'],
    ]
    for (const command of commands) {
      expect(await refusal([...command, '--database', at('data')])).toBe(
        `${at('data')} is a folder. Name the database file.`,
      )
    }
    expect(readFileSync(at('data/precious'), 'utf8')).toBe('of another program')
    expect(existsSync(at('new'))).toBe(false)
  })

  it('is never taken for a backup, nor for a file with a setting', async () => {
    expect(await refusal(['restore', at('data')])).toBe(
      `${at('data')} is a folder. Name a file written by "latchkey backup".`,
    )
    for (const option of ['secret-key-file', 'seed', 'dkim-key-file']) {
      const needed =
        option === 'dkim-key-file'
          ? ['--dkim-selector', 's', '--smtp-url', 'smtp://localhost', '--mail-from', 'a.test']
          : []
      const database = ['--database', ':memory:', '--port', '0']
      expect(await refusal(['dev', ...database, ...needed, `--${option}`, at('data')])).toBe(
        `"--${option}" names a file that cannot be read: ${at('data')} (EISDIR)`,
      )
    }
  })
})

describe('a file that the system refuses', () => {
  it('is named in words', async () => {
    const said = `${at('text')} cannot be made: file already exists`
    expect(await refusal(['backup', at('text/copy')])).toBe(said)
    for (const command of [['migrate'], ['restore', at('good.bak')]]) {
      const named = await refusal([...command, '--database', at('text/app.db')])
      // Node 26 makes folders in another order of calls, and so stops at another of the two.
      expect([
        `${at('text/app.db')} cannot be used: not a directory`,
        `${at('text')} cannot be made: file already exists`,
      ]).toContain(named)
    }
    expect(await refusal(['backup', at('text/in/copy')])).toBe(`${at('text/in')} cannot be made: not a directory`)
  })

  it.each([
    ['EACCES', 'permission denied', 'open', 'opened'],
    ['EROFS', 'read-only file system', 'mkdir', 'made'],
    ['EISDIR', 'illegal operation on a directory', 'read', 'read'],
    ['EPERM', 'operation not permitted', 'chmod', 'changed'],
  ])('%s is told without the names of calls', (code, reason, syscall, done) => {
    const error = Object.assign(new Error(`${code}: ${reason}, ${syscall} '/data'`), { code, syscall, path: '/data' })
    expect(explainRefusal(error)).toBe(`/data cannot be ${done}: ${reason}`)
  })
})

describe('restore', () => {
  it('refuses the database itself as its backup, under any name', async () => {
    const database = at('mine.db')
    copyFileSync(at('good.bak'), database)
    copyFileSync(at('good.bak'), `${database}.restoring`)
    symlinkSync(database, at('symbolic'))
    linkSync(database, at('hard'))
    const before = readdirSync(own.folder)
    for (const file of [database, at('symbolic'), at('hard'), `${database}.restoring`]) {
      expect(await refusal(['restore', file, '--database', database])).toBe(
        `${file} belongs to the database ${database} itself. Name a file written by "latchkey backup".`,
      )
    }
    expect(readdirSync(own.folder)).toEqual(before)
  })

  it('refuses a database of another program as a backup, and an empty one', async () => {
    const foreign = makeSqlite('foreign.db', 'create table t (a)')
    const empty = makeSqlite('empty.db', 'create table t (a)', 'drop table t')
    expect(await refusal(['restore', foreign])).toBe(
      `${foreign} cannot be restored: it is a database of another program`,
    )
    expect(await refusal(['restore', empty])).toBe(`${empty} cannot be restored: it has no tables`)
    expect((await run(['keys', 'list'])).json).toHaveLength(1)
    expect(readdirSync(own.folder).filter((name) => name.includes('restor'))).toEqual(['mine.db.restoring'])
  })

  it('never replaces a database of another program, but a damaged one', async () => {
    const foreign = makeSqlite('theirs.db', 'create table t (a)')
    const before = readFileSync(foreign)
    expect(await refusal(['restore', at('good.bak'), '--database', foreign])).toBe(
      `${foreign} is a database of another program. Name another with --database.`,
    )
    expect(readFileSync(foreign).equals(before)).toBe(true)
    writeFileSync(at('damaged.db'), 'SQLite format 3\0 and nothing else')
    const { lines } = await run(['restore', at('good.bak'), '--database', at('damaged.db')])
    expect(lines[1]).toContain('The previous database is now')
    expect(lines).toContain('Messages that were queued in the backup and are not sent again: 0')
  })
})

describe('a database of another program', () => {
  it.each([
    ['with other tables', ['create table notes (id)']],
    ['with migrations of its own', ['create table schema_migrations (version text)', 'create table notes (id)']],
  ])('%s stays as it is', async (name, statements) => {
    const foreign = makeSqlite(`${name}.db`, ...statements)
    const before = readFileSync(foreign)
    const said = `${foreign} is a database of another program. Name another with --database.`
    for (const command of [['migrate'], ['keys', 'list'], ['instances', 'create'], ['start', '--port', '0']]) {
      expect(await refusal([...command, '--database', foreign])).toBe(said)
    }
    await expect(migrateDatabase({ database: foreign })).rejects.toThrow(said)
    await expect(createServer({ database: foreign, encryptionKey: ENCRYPTION_KEY })).rejects.toThrow(said)
    expect(readFileSync(foreign).equals(before)).toBe(true)
  })
})

describe('a schema that is behind', () => {
  it('is migrated by the command that the message names, with the database that was given', async () => {
    const behind = makeSqlite('behind.db', 'create table schema_migrations (name text, applied_at integer)')
    expect(await refusal(['keys', 'list', '--database', behind])).toMatch(
      new RegExp(`Run "latchkey migrate --database ${behind}"\\.$`),
    )
    expect(await refusal(['keys', 'list'], { LATCHKEY_DATABASE: behind })).toMatch(/Run "latchkey migrate"\.$/)
  })
})

describe('restored', () => {
  it('is for PostgreSQL, and done only when that is said twice', async () => {
    expect(await refusal(['restored', '--yes'])).toBe(
      '"latchkey restored" is for PostgreSQL. For a database in a file use: latchkey restore FILE',
    )
    expect(await refusal(['restored', '--database', 'postgres://ada:secret@localhost:1/app'])).toMatch(
      /^This gives up every message that is queued in postgres:\/\/ada@localhost:1\/app\. .* To do it, add --yes$/,
    )
  })
})
