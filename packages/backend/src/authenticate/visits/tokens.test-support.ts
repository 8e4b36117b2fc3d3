import { createHash, generateKeyPairSync } from 'node:crypto'
import { DEVELOPMENT_HOST, developmentKey, mint, NOW, productionKey } from '../differential.test-support.js'

const suffixOf = (key: string) => createHash('sha1').update(key).digest('base64url').slice(0, 8)
export const suffix = suffixOf(productionKey)
export const developmentSuffix = suffixOf(developmentKey)
export const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 })

export const session = await mint()
export const expired = await mint({ iat: NOW - 120, nbf: NOW - 130, exp: NOW - 60 })
export const early = await mint({ nbf: NOW + 60 })
export const future = await mint({ iat: NOW + 60 })
export const forged = await mint({}, {}, stranger.privateKey)
export const template = await mint({}, { category: 'cl_B7d4PD222AAA' })
export const pending = await mint({ sts: 'pending' })
export const noIssuer = await mint({ iss: undefined })
export const otherIssuer = await mint({ iss: 'https://clerk.other.com' })
export const older = await mint({ iat: NOW - 30 })
export const inDevelopment = await mint({ iss: `https://${DEVELOPMENT_HOST}` })
export const expiredInDevelopment = await mint({
  iss: `https://${DEVELOPMENT_HOST}`,
  iat: NOW - 120,
  nbf: NOW - 130,
  exp: NOW - 60,
})
export const inOrganization = await mint({
  o: { id: 'org_1', slg: 'acme', rol: 'admin', per: 'read,manage', fpm: '3,2' },
  fea: 'o:widgets,o:invoices,u:x',
  pla: 'o:pro',
})
export const versionOne = await mint({
  v: undefined,
  sts: undefined,
  org_id: 'org_1',
  org_slug: 'acme',
  org_role: 'org:admin',
  org_permissions: ['org:a:b'],
})
export const acting = await mint({ act: { sub: 'user_2' } })
export const machine = await mint(
  { sub: 'mch_1', sid: undefined, scopes: 'mch_2 mch_3', role: 'worker' },
  { category: 'cl_B7d4PD333AAA' },
)
export const machineOfOtherCategory = await mint({ sub: 'mch_1' })
export const oauth = await mint(
  { sid: undefined, client_id: 'app_1', scope: 'email profile', aud: 'https://api.example.com' },
  { type: 'at+jwt', category: undefined },
)
export const expiredOAuth = await mint({ exp: NOW - 60 }, { type: 'at+jwt', category: undefined })

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
export const signedInCookies = { __session: session, __client_uat: String(NOW - 100) }
export const development = { publishableKey: developmentKey }
export const developmentCookies = { __session: inDevelopment, __client_uat: String(NOW - 100), __clerk_db_jwt: 'dvb_1' }
