import { createTestInstance } from '@latchkey/backend/testing'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { compare } from './pair.test-support.js'

const instance = await createTestInstance({ type: 'production' })

// In a file of its own: the official package keeps the first environment in which it finds a secret key.
beforeAll(() => {
  const environment = {
    CLERK_TELEMETRY_DISABLED: '1',
    CLERK_PUBLISHABLE_KEY: instance.publishableKey,
    CLERK_SECRET_KEY: instance.secretKey,
    CLERK_JWT_KEY: instance.jwtKey,
    CLERK_IS_SATELLITE: 'true',
    CLERK_DOMAIN: 'satellite.example.com',
    CLERK_SIGN_IN_URL: 'https://main.example.com/sign-in',
    CLERK_PROXY_URL: 'https://proxy.example.com',
  }
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
})
afterAll(() => void vi.unstubAllEnvs())

const visit = {
  path: '/?__clerk_synced=false',
  headers: { 'sec-fetch-dest': 'document' },
  cookies: { __client_uat: '1' },
}

it('counts where the options are false or empty, as with the official package', async () => {
  for (const isSatellite of [undefined, false, () => false, () => true]) {
    for (const proxyUrl of [undefined, '', () => '']) {
      expect(await compare({ isSatellite, proxyUrl }, visit)).toMatchObject({
        status: 307,
        headers: {
          'x-clerk-auth-reason': 'satellite-needs-syncing',
          location: expect.stringContaining('https://proxy.example.com/v1/client/handshake'),
        },
      })
    }
  }
})

it('does not count where the options say something', async () => {
  const { headers } = await compare({ proxyUrl: 'https://other.example.com', domain: 'a.example.com' }, visit)
  expect(headers).toMatchObject({ location: expect.stringContaining('https://other.example.com/v1/client/handshake') })
})
