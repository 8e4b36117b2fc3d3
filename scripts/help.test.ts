import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
/** What npm itself calls, and what installs less than everything. */
const OTHERS = ['postinstall', 'start']

it.each(Object.entries(scripts).filter(([name]) => !OTHERS.includes(name)))(
  'npm run %s -- --help says what it does',
  async (name, command) => {
    const [program, ...args] = command.split(' ')
    expect([program, args[0]]).toEqual(['node', 'scripts/run.mjs'])
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [...args, '--help'], { cwd: root })
    expect(stdout).toMatch(/^npm (test|run [\w-]+)\b.*\n/)
    expect(stdout).toMatch(new RegExp(`npm (run )?${name}(?![\\w-])`))
    expect(stderr).toBe('')
  },
)
