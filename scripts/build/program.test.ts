import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const dist = fileURLToPath(new URL('../../packages/cli/dist/', import.meta.url))

it('is built in ASCII: V8 keeps anything else in two bytes a character', () => {
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'))
  expect(files.length).toBeGreaterThan(3)
  for (const name of files) expect([name, /[^\0-\x7F]/.exec(readFileSync(dist + name, 'latin1'))]).toEqual([name, null])
})
