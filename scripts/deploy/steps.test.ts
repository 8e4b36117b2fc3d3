import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { parseDatabase } from '../../packages/cli/src/database-location.js'
import { findEncryptionKey, findSetting } from '../../packages/cli/src/settings.js'
import { root } from '../setup.mjs'
import { faultOf, read } from './names.js'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-steps-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The lines of a section of docs/production.md. */
function linesBelow(heading: string): string {
  const section = read('docs/production.md')
    .split(/^## /m)
    .find((part) => part.startsWith(`${heading}\n`))
  return /```sh\n([^]*?)```/.exec(section!)![1]!
}

/** Stands in for programs that change the machine: notes how each is called, and what is piped into it. */
function standIn(...names: string[]): { path: string; calls(): string[] } {
  const path = join(folder, 'bin')
  mkdirSync(path, { recursive: true })
  const log = join(folder, `${names.join('-')}.log`)
  writeFileSync(log, '')
  for (const name of names) {
    writeFileSync(
      join(path, name),
      `#!/bin/sh\necho "${name} $*" >> '${log}'\ncase "$*" in */dev/stdin*) cat >> '${log}';; esac\n`,
    )
    chmodSync(join(path, name), 0o755)
  }
  return { path, calls: () => readFileSync(log, 'utf8').trim().split('\n') }
}

const run = (lines: string, cwd: string, path: string) =>
  execFileSync('sh', ['-euc', lines], { cwd, env: { PATH: `${path}:${process.env['PATH']}` }, stdio: 'pipe' })

it('the steps with containers make the secrets that compose.yaml hands over', () => {
  const deploy = join(folder, 'deploy')
  cpSync(join(root, 'deploy'), deploy, { recursive: true })
  const { path, calls } = standIn('docker')
  run(linesBelow('With containers'), deploy, path)

  const secrets = join(deploy, 'secrets')
  expect(statSync(secrets).mode & 0o777).toBe(0o700)
  const environment = {
    LATCHKEY_DATABASE_FILE: join(secrets, 'database_url'),
    LATCHKEY_ENCRYPTION_KEY_FILE: join(secrets, 'encryption_key'),
    LATCHKEY_SMTP_URL_FILE: join(secrets, 'smtp_url'),
  }
  for (const file of Object.values(environment)) expect(statSync(file).mode & 0o777).toBe(0o444)
  expect(findEncryptionKey(environment)).toHaveLength(44)
  expect(findSetting('smtp-url', {}, environment)!.value).toBe('smtp://user:password@mail.example.com:587')
  const password = readFileSync(join(secrets, 'postgres_password'), 'utf8').trim()
  expect(parseDatabase(findSetting('database', {}, environment)!)).toEqual({
    kind: 'postgres',
    url: `postgres://latchkey:${password}@postgres/latchkey`,
  })
  const made = calls().find((call) => call.includes(' run '))!
  expect(made).toContain('--frontend-host clerk.example.com')
  expect(faultOf(made.split(' latchkey ')[1]!.split(' '))).toBeUndefined()
  expect(calls().map((call) => call.split(' ')[2])).toEqual(['build', 'run', 'up', 'ps'])
})

it('the steps with systemd install files that are there, and put the secrets where the unit reads them', () => {
  const { path, calls } = standIn('sudo')
  run(linesBelow('With systemd'), root, path)

  const log = calls().join('\n')
  for (const [, file] of log.matchAll(/ (deploy\/\S+)/g)) expect(() => statSync(join(root, file!))).not.toThrow()
  for (const [, name, file] of read('deploy/environment').matchAll(/^(LATCHKEY_\w+)=(\/etc\/latchkey\/\S+)/gm))
    expect([name, log.includes(file!) || log.includes(`deploy/${file!.split('/').at(-1)}`)]).toEqual([name, true])
  expect(log).toMatch(/encryption-key\n[A-Za-z0-9+/]{43}=\n/)
  const own = calls().filter((call) => call.startsWith('sudo latchkey '))
  expect(own.map((call) => faultOf(call.split(' ').slice(2)))).toEqual([undefined, undefined, undefined])
})
