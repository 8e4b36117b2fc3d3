import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { backendEndpoints } from './endpoints.js'

const resources = join(import.meta.dirname, '../resources')
const files = readdirSync(resources, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.backend-api.ts'),
)

it.each(files)('every endpoint of %s is served', async (file) => {
  const exported: unknown[] = Object.values((await import(join(resources, file))) as object)
  const endpoints = exported.filter(Array.isArray).flat()
  expect(endpoints.length).toBeGreaterThan(0)
  expect(endpoints.filter((endpoint) => !backendEndpoints.includes(endpoint))).toEqual([])
})
