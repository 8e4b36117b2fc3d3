import { describe, expect, it } from 'vitest'
import { useLatchkey } from './latchkey.test-support.js'

describe('every command', () => {
  const latchkey = useLatchkey()
  const commands = [
    'dev',
    'start',
    'migrate',
    'backup',
    'restore',
    'restored',
    'keys create',
    'keys list',
    'keys revoke',
    'instances default',
    'instances home-url',
    'instances delete',
    'keys rotate-signing',
    'keys rotate-encryption',
    'health',
    'instances create',
    'instances list',
    'audit',
  ]

  it.each(commands)('%s has --help and --json', async (command) => {
    const { code, stdout } = await latchkey.run([...command.split(' '), '--help'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Usage: latchkey /)
    expect(stdout).toContain('--json')
  })

  it('refuses what it does not know', async () => {
    expect(await latchkey.run(['dev', '--colour', 'red'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: "error: unknown option '--colour'\n",
    })
    expect((await latchkey.run(['keys', 'list'])).stderr).toContain('There is no database at')
    expect((await latchkey.run(['dev', '--port', 'x'])).stderr).toBe(
      '"--port" must be a port between 0 and 65535, got x\n',
    )
  })
})
