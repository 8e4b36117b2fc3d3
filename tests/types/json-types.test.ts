import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { operations } from '../../packages/server/src/http/operations.js'
import { contractFolder, itWithContract } from '../contract/contract.test-support.js'
import { jsonTypes } from './json-types.js'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const resources = 'node_modules/clerk-backend-2/dist/api/resources'

function declared(): string[] {
  const found = read(`${resources}/JSON.d.ts`).matchAll(/^(?:export )?(?:interface|type) (\w+JSON)\b/gm)
  return [...found].map(([, name]) => name ?? '')
}

function events(): string[] {
  return [...read('packages/types/src/events.ts').matchAll(/'([a-zA-Z]+\.[a-zA-Z]+)'/g)].map(([, name]) => name ?? '')
}

describe('the table of wire types', () => {
  it('has each of the 71 interfaces once', () => {
    expect(declared()).toHaveLength(71)
    expect(jsonTypes.map(({ type }) => type)).toEqual(declared())
  })

  it('has each of them compared in the type test', () => {
    const compared = read('tests/types/json-types.test-d.ts').matchAll(/^ {2}(\w+JSON): \[/gm)
    expect([...compared].map(([, name]) => name)).toEqual(declared())
  })

  it.each(jsonTypes)('names what yields $type', ({ yieldedBy }) => {
    if ('operationId' in yieldedBy) {
      const { operationId, api = 'backend' } = yieldedBy
      expect(operations).toContainEqual(expect.objectContaining({ operationId, api }))
    } else if ('event' in yieldedBy) expect(events()).toContain(yieldedBy.event)
    else expect(yieldedBy.until).not.toBe('')
  })
})

describe('the event union', () => {
  it('has 45 members', () => {
    expect(new Set(events()).size).toBe(45)
  })

  itWithContract('has the events of the contract', () => {
    const webhooks = JSON.parse(readFileSync(join(contractFolder ?? '', 'webhooks.json'), 'utf8'))
    expect(events().sort()).toEqual(Object.keys(webhooks['x-webhooks']).sort())
  })
})
