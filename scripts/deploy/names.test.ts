import { describe, expect, it } from 'vitest'
import { callsIn, faultOf, filesOf, program, read, variables } from './names.js'

/** Of the repository itself, not of the program. */
const OF_TESTS = /^LATCHKEY_(TEST_POSTGRES|CONTRACT)$/

const pages = filesOf('README.md', 'docs/*.md', 'docs/**/*.md', 'packages/*/README.md', 'examples/**/*.md')
const files = [...pages, ...filesOf('deploy/*')].filter((file) => !file.startsWith('docs/development/'))

describe('every name in', () => {
  it.each(files)('%s exists', (file) => {
    const text = read(file)
    const named = [...text.matchAll(/\bLATCHKEY_[A-Z][A-Z_]*[A-Z]\b/g)].map(([name]) => name)
    expect(named.filter((name) => !variables.has(name) && !OF_TESTS.test(name))).toEqual([])
    expect(callsIn(text).flatMap((words) => faultOf(words) ?? [])).toEqual([])
  })
})

describe('the check of names', () => {
  it('finds commands, flags and variables that are not there', () => {
    expect(callsIn('run `latchkey keys forge --name x`, or\n$ latchkey start --fast \\\n  --port 1 | tee log')).toEqual(
      [
        ['keys', 'forge', '--name', 'x'],
        ['start', '--fast', '--port', '1'],
      ],
    )
    expect(faultOf(['keys', 'forge', '--name', 'x'])).toContain('keys has no command forge')
    expect(faultOf(['start', '--fast'])).toContain('start has no --fast')
    expect(faultOf(['keys', 'create', '--name', 'x', '--operator'])).toBeUndefined()
    expect(variables.has('LATCHKEY_PORT')).toBe(true)
    expect(variables.has('LATCHKEY_DATABASE_FILE')).toBe(true)
    expect(variables.has('LATCHKEY_PORT_FILE')).toBe(false)
  })
})

describe('the pages for operators', () => {
  it('name every option of the servers and every command', () => {
    const configuration = read('docs/configuration.md')
    for (const name of ['dev', 'start']) {
      const command = program.commands.find((child) => child.name() === name)!
      const missing = command.options.map(({ long }) => long!).filter((long) => !configuration.includes(`\`${long}\``))
      expect(missing).toEqual([])
    }
    const documented = callsIn(read('docs/cli.md')).map((words) => words.join(' '))
    for (const command of program.commands.filter(({ commands }) => commands.length === 0)) {
      expect(documented.some((call) => call.split(' ')[0] === command.name())).toBe(true)
    }
    const keys = program.commands.find((child) => child.name() === 'keys')!
    for (const { name } of keys.commands.map((child) => ({ name: child.name() }))) {
      expect(documented.some((call) => call.startsWith(`keys ${name}`))).toBe(true)
    }
  })

  it('name every variable', () => {
    const configuration = read('docs/configuration.md')
    const start = program.commands.find((child) => child.name() === 'start')!
    const own = start.options.map((option) => `LATCHKEY_${option.name().replaceAll('-', '_').toUpperCase()}`)
    const files = [...variables].filter((name) => name.endsWith('_FILE') || name.includes('ENCRYPTION'))
    for (const name of [...own, ...files]) expect([name, configuration.includes(`\`${name}\``)]).toEqual([name, true])
  })
})
