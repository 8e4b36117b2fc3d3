import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { operations } from '../../packages/server/src/http/operations.js'
import { itWithContract } from './contract.test-support.js'

describe('the table of operations', () => {
  const described = operations.filter(({ source }) => source === 'contract')

  it('has the 249 operations of the Backend API and the 202 of the Frontend API', () => {
    expect(described.filter(({ api }) => api === 'backend')).toHaveLength(249)
    expect(described.filter(({ api }) => api === 'frontend')).toHaveLength(202)
  })

  it('has each operation and each route once', () => {
    const ids = operations.map(({ api, operationId }) => `${api} ${operationId}`)
    expect(new Set(ids).size).toBe(ids.length)

    const routes = operations.flatMap(({ api, method, path, alsoAt }) =>
      [path, ...(alsoAt ? [alsoAt] : [])].map((route) => `${api} ${method} ${route.replace(/:[^/]+/g, ':')}`),
    )
    expect(new Set(routes).size).toBe(routes.length)
  })

  it('keeps the former path of an operation that has moved', () => {
    expect(operations.find(({ operationId }) => operationId === 'GetCommercePlanList')).toMatchObject({
      path: '/v1/billing/plans',
      alsoAt: '/v1/commerce/plans',
    })
  })

  itWithContract('is what the generator makes of the contract', () => {
    const generator = fileURLToPath(new URL('../../scripts/generate-operations.mjs', import.meta.url))
    expect(() => execFileSync(process.execPath, [generator, '--check'])).not.toThrow()
  })
})
