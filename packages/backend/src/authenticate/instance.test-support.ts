import { generateKeyPairSync } from 'node:crypto'
import { signJwt, type Jwk, type SignJwtOptions } from '@latchkey/crypto'
import { createApi as createApiWith, type Visit } from './asking.test-support.js'

export const keys = generateKeyPairSync('rsa', { modulusLength: 2048 })
export const jwtKey = keys.publicKey.export({ type: 'spki', format: 'pem' }) as string
export const jwk = { ...keys.publicKey.export({ format: 'jwk' }), kid: 'ins_1', alg: 'RS256', use: 'sig' }

export const NOW = 1_800_000_000
export const DEVELOPMENT_HOST = 'happy-mole-1.clerk.accounts.dev'
export const PRODUCTION_HOST = 'clerk.example.com'
export const developmentKey = `pk_test_${btoa(`${DEVELOPMENT_HOST}$`)}`
export const productionKey = `pk_live_${btoa(`${PRODUCTION_HOST}$`)}`

const claims = {
  azp: 'https://app.example.com',
  exp: NOW + 60,
  fva: [1, -1],
  iat: NOW,
  iss: `https://${PRODUCTION_HOST}`,
  jti: '8f3b',
  nbf: NOW - 10,
  sid: 'sess_1',
  sts: 'active',
  sub: 'user_1',
  v: 2,
}

/** Signs a session token, with changes. */
export function mint(
  changes: object = {},
  options: Partial<SignJwtOptions> = {},
  key = keys.privateKey,
): Promise<string> {
  // As a JWK, which both platforms take.
  return signJwt({ ...claims, ...changes }, key.export({ format: 'jwk' }) as Jwk, {
    algorithm: 'RS256',
    keyId: 'ins_1',
    category: 'cl_B7d4PD111AAA',
    ...options,
  })
}

export const document = { 'sec-fetch-dest': 'document' }

export const createApi = (answers?: Visit['api']) => createApiWith(answers, jwk)
