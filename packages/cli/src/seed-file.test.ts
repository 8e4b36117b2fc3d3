import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readSeedFile, seedError } from './seed-file.js'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-seed-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string) {
  const path = join(folder, name)
  writeFileSync(path, text)
  return { value: path, source: '--seed' }
}

describe('a seed file', () => {
  it('is JSON or YAML', () => {
    const yaml = readSeedFile(file('a.yaml', 'users:\n  - first_name: Ada\n'))
    const json = readSeedFile(file('a.json', '{"users": [{"first_name": "Ada"}]}'))
    expect(yaml.document).toEqual({ users: [{ first_name: 'Ada' }] })
    expect(json.document).toEqual(yaml.document)
  })

  it('knows the line of everything in it', () => {
    const setting = file('b.yaml', 'users:\n  - first_name: Ada\n  - first_name: Grace\n    colour: red\n')
    const seed = readSeedFile(setting)
    expect(seed.lineOf(['users', 1, 'colour'])).toBe(4)
    expect(seed.lineOf(['users', 1, 'missing'])).toBe(3)
    expect(seed.lineOf([])).toBe(1)
    expect(
      seedError(Object.assign(new Error('is unknown'), { path: ['users', 1, 'colour'] }), setting, seed),
    ).toMatchObject({
      message: `${setting.value}:4: users.1.colour: is unknown`,
    })
  })

  it('that cannot be parsed is refused with the line', () => {
    expect(() => readSeedFile(file('c.json', '{\n"users": [\n'))).toThrow(/c\.json:3: /)
    expect(() => readSeedFile(file('d.yaml', 'users: []\nusers: []\n'))).toThrow(/d\.yaml:2: Map keys must be unique/)
    expect(() => readSeedFile({ value: join(folder, 'none'), source: '--seed' })).toThrow(
      '"--seed" names a file that cannot be read',
    )
  })
})
