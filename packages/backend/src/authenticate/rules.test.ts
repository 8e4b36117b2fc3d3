import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { Section } from '../api/differences.test-support.js'
import { official, ours } from './asked-sdks.test-support.js'
import { NOW } from './differential.test-support.js'
import { looser, stricter, type Rule } from './rules.test-support.js'

const LETS_IN = /^(accepted|signed in|handshake)/

const rows = new Map<string, string>()

beforeAll(() => {
  vi.useFakeTimers({ now: NOW * 1000, toFake: ['Date'] })
  for (const method of ['warn', 'error'] as const) vi.spyOn(console, method).mockImplementation(() => undefined)
})

afterAll(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

/** Asks both SDKs and writes the row down. */
async function ask({ what, ask: question, why }: Rule): Promise<[theirs: string, own: string]> {
  const [theirs, own] = [await question(official), await question(ours)]
  rows.set(what, `| ${what} | ${theirs} | ${own} | ${why} |`)
  return [theirs, own]
}

describe('beside @clerk/backend, this SDK', () => {
  it.each(stricter)('refuses $what', async (rule) => {
    const [theirs, own] = await ask(rule)
    expect(own).not.toBe(theirs)
    expect(own).not.toMatch(LETS_IN)
  })

  it.each(looser)('takes $what', async (rule) => {
    const [theirs, own] = await ask(rule)
    expect(own).not.toBe(theirs)
    expect(theirs).not.toMatch(LETS_IN)
  })

  it('differs as docs/sdk/differences.md says', () => {
    const table = (rules: Rule[]) => [
      '| what | `@clerk/backend` | this SDK | why |',
      '|---|---|---|---|',
      ...rules.map(({ what }) => rows.get(what)!),
    ]
    const intro =
      'What both answered when the test asked them. Everything else about tokens and requests is the same, state by state.'
    const lines = [
      '## Rules that are stricter',
      '',
      intro,
      '',
      ...table(stricter),
      '',
      '## Rules that are looser',
      '',
      ...table(looser),
    ]
    const section = new Section('packages/backend/src/authenticate/rules.test.ts')
    if (process.env['UPDATE']) section.write(section.frame(lines))
    expect(section.read()).toBe(section.frame(lines))
  })
})
