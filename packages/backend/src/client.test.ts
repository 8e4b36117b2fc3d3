import { createClerkClient as createOfficially } from '@clerk/backend'
import { expect, it, vi } from 'vitest'
import { createClerkClient } from './index.js'

it('has the telemetry that middleware of others reports to, and sends nothing of it', () => {
  const fetch = vi.fn<typeof globalThis.fetch>(() => Promise.reject(new Error('Nothing is to be sent.')))
  const { telemetry } = createClerkClient({ secretKey: 'sk_test_x', fetch })
  const official = createOfficially({ secretKey: 'sk_test_x', telemetry: { disabled: true } }).telemetry
  for (const name of ['isEnabled', 'isDebug', 'record', 'recordLog'] as const)
    expect(typeof telemetry[name]).toBe(typeof official[name])
  telemetry.record({ event: 'METHOD_CALLED', payload: {} })
  telemetry.recordLog({ level: 'error' })
  expect(telemetry.isEnabled).toBe(false)
  expect(fetch).not.toHaveBeenCalled()
})
