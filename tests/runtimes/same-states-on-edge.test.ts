import { fileURLToPath } from 'node:url'
import { EdgeVM } from '@edge-runtime/vm'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Answered } from '../../packages/backend/src/authenticate/asking.test-support.js'
import { compare, jwk, NOW, shared } from '../../packages/backend/src/authenticate/differential.test-support.js'
import { visits } from '../../packages/backend/src/authenticate/visits.test-support.js'
import { buildPackage } from '../../scripts/build.mjs'
import type { Question } from './ask-both.js'
import { bundleForEdge } from './project.test-support.js'

let vm: EdgeVM
beforeAll(async () => {
  await buildPackage('backend')
  vm = new EdgeVM({
    initialCode: await bundleForEdge(fileURLToPath(new URL('ask-both.ts', import.meta.url)), ['edge-light'], 'iife'),
  })
})

async function askBoth(question: Question): Promise<{ ours: Answered; official: Answered }> {
  return JSON.parse(await vm.evaluate<Promise<string>>(`askBoth(${JSON.stringify(question)})`))
}

describe('authenticateRequest beside @clerk/backend, both inside edge-runtime', () => {
  it('is without Node there', () => {
    expect(vm.evaluate('[typeof process, typeof require, typeof EdgeRuntime]')).toEqual([
      'undefined',
      'undefined',
      'string',
    ])
  })

  it.each(visits)('answers %s the same, and as on Node', async (_, visit) => {
    const { ours, official } = await askBoth({ visit, now: (visit.now ?? NOW) * 1000, keys: shared, jwk })
    expect(ours).toEqual(official)
    const onNode = await compare(visit)
    expect(ours.outcome).toEqual(JSON.parse(JSON.stringify(onNode)))
  })
})
