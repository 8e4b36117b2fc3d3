import { describe, expect, it, vi } from 'vitest'
import type { Visit } from './asking.test-support.js'
import { compare, document } from './differential.test-support.js'
import { AuthErrorReason } from './reasons.js'
import { bearer, development, session, visits } from './visits.test-support.js'

describe('authenticateRequest beside @clerk/backend', () => {
  const reasons = new Set<string>()

  it.each(visits)('answers %s the same', async (_, visit) => {
    const { reason } = await compare(visit)
    reasons.add(String(reason).replace(/-refresh-.*/, ''))
  })

  it.each([
    { VERCEL_TARGET_ENV: 'production', VERCEL_PROJECT_PRODUCTION_URL: 'shop.vercel.app' },
    { VERCEL_TARGET_ENV: 'production', VERCEL_PROJECT_PRODUCTION_URL: 'https://shop.vercel.app/x' },
    { VERCEL_TARGET_ENV: 'production', VERCEL_PROJECT_PRODUCTION_URL: 'shop.example.com' },
    { VERCEL_TARGET_ENV: 'preview', VERCEL_PROJECT_PRODUCTION_URL: 'shop.vercel.app' },
    {
      VERCEL_TARGET_ENV: 'production',
      VERCEL_PROJECT_PRODUCTION_URL: 'shop.vercel.app',
      CLERK_DISABLE_AUTO_PROXY: 'true',
    },
  ])('finds the proxy on Vercel the same, with %j', async (environment) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
    for (const options of [{}, development, { domain: 'a.com' }, { proxyUrl: 'https://p.example/x' }]) {
      await compare({ headers: document, cookies: { __client_uat: '9' }, options })
    }
    vi.unstubAllEnvs()
  })

  it('reaches every reason', () => {
    expect(Object.values(AuthErrorReason).filter((reason) => !reasons.has(reason))).toEqual([])
  })

  it('reaches every status', async () => {
    const statuses = [{ headers: bearer(session) }, {}, { headers: document, options: development }]
    const seen = []
    for (const visit of statuses) seen.push((await compare(visit as Visit)).status)
    expect(seen).toEqual(['signed-in', 'signed-out', 'handshake'])
  })
})
