// Measures one half of the SDK's table in a separate process and prints the figures: worker.mjs <part> <rounds>
// <millis>
import { createHash, verify, webcrypto } from 'node:crypto'
import { createClerkClient, verifyToken as verifyOfficially } from '@clerk/backend'
import { createVerifier } from 'fast-jwt'
import { makeTokens, TOKENS } from './tokens.mjs'
import { measureCpu } from './measure.mjs'

const [part, rounds, millis] = process.argv.slice(2)
// Without Node's own modules, as on an edge runtime, the SDK uses WebCrypto.
if (part === 'web') process.getBuiltinModule = undefined
const { verifyToken, createAuthenticateRequest } = await import('../.build/sdk.mjs')

const { tokens, parts, publicKey, pem, jwk } = makeTokens()
const publishableKey = `pk_live_${btoa('clerk.example.com$')}`
const suffix = createHash('sha1').update(publishableKey).digest('base64url').slice(0, 8)
const keys = { publishableKey, secretKey: 'sk_live_x', jwtKey: pem }

const withHeader = tokens.map(
  (token) => new Request('https://app.example.com/api', { headers: { authorization: `Bearer ${token}` } }),
)
const withCookie = tokens.map((token) => {
  const cookies = {
    _ga: 'GA1.1.1',
    __client_uat: '1700000000',
    [`__client_uat_${suffix}`]: '1700000000',
    __session: token,
    [`__session_${suffix}`]: token,
    theme: 'dark',
  }
  const cookie = Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ')
  return new Request('https://app.example.com/api', { headers: { cookie, accept: '*/*', 'user-agent': 'Mozilla/5.0' } })
})
const turn = (list) => (index) => list[index % TOKENS]
const [token, signed, header, cookie] = [tokens, parts, withHeader, withCookie].map(turn)

const node = () => {
  const official = createClerkClient({ ...keys, telemetry: { disabled: true } })
  const { authenticateRequest } = createAuthenticateRequest({ options: keys })
  const fastJwt = createVerifier({ key: pem, algorithms: ['RS256'], cache: false })
  const uncached = { jwtKey: pem, tokenCache: false }
  const cached = { jwtKey: pem }
  return {
    'bare crypto.verify': (index) => verify('sha256', signed(index).data, publicKey, signed(index).signature),
    'fast-jwt': (index) => fastJwt(token(index)),
    'verifyToken, no cache': (index) => verifyToken(token(index), uncached),
    'verifyToken, cached': (index) => verifyToken(token(index), cached),
    'verifyToken of @clerk/backend': (index) => verifyOfficially(token(index), cached),
    'authenticateRequest, header': (index) => authenticateRequest(header(index), { tokenCache: false }),
    'authenticateRequest, cookie': (index) => authenticateRequest(cookie(index), { tokenCache: false }),
    'authenticateRequest, header, cached': (index) => authenticateRequest(header(index)),
    'authenticateRequest, cookie, cached': (index) => authenticateRequest(cookie(index)),
    'header, @clerk/backend': (index) => official.authenticateRequest(header(index)),
    'cookie, @clerk/backend': (index) => official.authenticateRequest(cookie(index)),
  }
}

const web = async () => {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const key = await webcrypto.subtle.importKey('jwk', jwk, algorithm, false, ['verify'])
  return {
    'bare subtle.verify': (index) =>
      webcrypto.subtle.verify(algorithm.name, key, signed(index).signature, signed(index).data),
    'verifyToken, no cache': (index) => verifyToken(token(index), { jwtKey: pem, tokenCache: false }),
    'verifyToken of @clerk/backend': (index) => verifyOfficially(token(index), { jwtKey: pem }),
  }
}

process.stdout.write(
  JSON.stringify(
    await measureCpu(part === 'web' ? await web() : node(), { rounds: Number(rounds), millis: Number(millis) }),
  ),
)
