import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { encodeBase64url, signJwt, type Jwk } from '@latchkey/crypto'
import { signWebhook, type SignWebhookOptions } from '../webhooks.js'
import type { AskedSdk } from './asked-sdks.test-support.js'
import type { Visit } from './asking.test-support.js'
import { developmentKey, document, jwtKey, keys, mint, NOW } from './differential.test-support.js'

/** A rule that the two SDKs do not share: what is asked, and why ours answers otherwise. */
export interface Rule {
  what: string
  ask(sdk: AskedSdk): Promise<string> | string
  why: string
}

const TEMPLATE = 'cl_B7d4PD222AAA'

const large = generateKeyPairSync('rsa', { modulusLength: 4096 })
const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const edwards = generateKeyPairSync('ed25519')

const pem = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }) as string
const jwkOf = (key: KeyObject): Jwk => key.export({ format: 'jwk' }) as Jwk
const bearer = (token: string, scheme = 'Bearer '): Visit => ({ headers: { authorization: scheme + token } })

/** A token whose payload is this text. */
function signText(payload: string): string {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
  const content = ['{"alg":"RS256","typ":"JWT","kid":"ins_1"}', payload]
    .map((text) => encodeBase64url(bytes(text)))
    .join('.')
  return `${content}.${encodeBase64url(sign('sha256', bytes(content), keys.privateKey))}`
}

/** A browser of a development instance that asks to be sent back to a satellite. */
const satelliteVisit = (wanted: string): Visit => ({
  url: `https://app.example.com/?__clerk_redirect_url=${encodeURIComponent(wanted)}`,
  headers: document,
  cookies: { __clerk_db_jwt: 'dvb_1' },
})

async function deliver(
  sdk: AskedSdk,
  change: (headers: Record<string, string>) => Record<string, string>,
  changes: Partial<SignWebhookOptions> = {},
): Promise<string> {
  const options = { signingSecret: `whsec_${btoa('a secret for the tests')}`, ...changes }
  const { headers, body } = await signWebhook({ type: 'user.created', data: {} }, options)
  return sdk.receive(
    new Request('https://app.example.com/webhooks', { method: 'POST', headers: change(headers), body }),
    options.signingSecret,
  )
}

const CHOSEN = 'What a template says was chosen by whoever wrote it; `sub` and the rest can be anything.'
const LEAVES = 'A browser is sent there with its identity in the URL.'

export const stricter: Rule[] = [
  {
    what: '`verifyToken` of what a JWT template made',
    ask: async (sdk) => sdk.verify(await mint({}, { category: TEMPLATE })),
    why: CHOSEN,
  },
  {
    what: '`verifyToken` of a token of a kind (`cat`) that is unknown',
    ask: async (sdk) => sdk.verify(await mint({}, { category: 'cl_other' })),
    why: 'Only what is known to be a session token is one.',
  },
  {
    what: 'a token whose `sub` is empty',
    ask: async (sdk) => sdk.verify(await mint({ sub: '' })),
    why: 'It names nobody, and a program would go on with an empty id.',
  },
  {
    what: 'a token with `crit` in its header',
    ask: async (sdk) => sdk.verify(await mint({}, { header: { crit: ['exp'] } })),
    why: 'RFC 7515, section 4.1.11: extensions named there must be understood, and none is.',
  },
  {
    what: 'a token with padding (`=`) at its end',
    ask: async (sdk) => sdk.verify(`${await mint()}==`),
    why: 'RFC 7515 has base64url without padding, in one spelling: what is signed once must not have two texts.',
  },
  {
    what: 'a token whose `exp` is `1e999`',
    ask: (sdk) => sdk.verify(signText(`{"sub":"user_1","iat":${NOW},"exp":1e999}`)),
    why: 'JSON reads it as infinity: it would never expire.',
  },
  {
    what: '`audience` and a token whose `aud` is an empty list',
    ask: async (sdk) => sdk.verify(await mint({ aud: [] }), { jwtKey, audience: 'app' }),
    why: 'It is for nobody.',
  },
  {
    what: '`audience` and a token whose `aud` is no text',
    ask: async (sdk) => sdk.verify(await mint({ aud: 7 }), { jwtKey, audience: 'app' }),
    why: 'It is for none of the audiences.',
  },
  {
    what: '`requireAudience: true`, `audience` and a token without `aud`',
    ask: async (sdk) => sdk.verify(await mint(), { jwtKey, audience: 'app', requireAudience: true }),
    why: 'An option that it does not have. Without it such a token is accepted by both.',
  },
  {
    what: 'development, `__clerk_redirect_url=javascript:alert(1)`',
    ask: (sdk) => sdk.authenticate(satelliteVisit('javascript:alert(1)'), { publishableKey: developmentKey }),
    why: 'Only absolute `http:` and `https:` URLs are places to send a browser to.',
  },
  {
    what: 'development, `__clerk_redirect_url=https:evil.example`',
    ask: (sdk) => sdk.authenticate(satelliteVisit('https:evil.example'), { publishableKey: developmentKey }),
    why: LEAVES,
  },
  {
    what: 'the path `//evil.example/x` behind a proxy',
    ask: (sdk) =>
      sdk.returnTo({
        url: 'http://10.0.0.1//evil.example/x',
        headers: { ...document, 'x-forwarded-host': 'app.example.com', 'x-forwarded-proto': 'https' },
        cookies: { __client_uat: '9' },
      }),
    why: 'A path is never a host.',
  },
  {
    what: '`x-forwarded-proto: javascript`',
    ask: (sdk) =>
      sdk.returnTo({
        url: 'https://10.0.0.1/x',
        headers: { ...document, 'x-forwarded-host': 'app.example.com', 'x-forwarded-proto': 'javascript' },
        cookies: { __client_uat: '9' },
      }),
    why: 'No proxy speaks that.',
  },
  {
    what: "`redirectToSignIn({ returnBackUrl: '//evil.example' })`",
    ask: (sdk) => sdk.comeBackTo('//evil.example'),
    why: 'It looks like a path of the application and is another host.',
  },
  {
    what: "`redirectToSignIn({ returnBackUrl: 'https:evil.example' })`",
    ask: (sdk) => sdk.comeBackTo('https:evil.example'),
    why: 'Seen from a page on `http:` it is another host.',
  },
  {
    what: "`redirectToSignIn({ returnBackUrl: 'javascript:alert(1)' })`",
    ask: (sdk) => sdk.comeBackTo('javascript:alert(1)'),
    why: 'It is a script.',
  },
  {
    what: '`debug()` of a request with `machineSecretKey: "ak_secret"`',
    ask: async (sdk) => sdk.debug(bearer(await mint()), { machineSecretKey: 'ak_secret' }, 'machineSecretKey'),
    why: 'Of a secret the first seven characters are enough to know which it is.',
  },
]

export const looser: Rule[] = [
  {
    what: '`authorization: bearer …`',
    ask: async (sdk) => sdk.authenticate(bearer(await mint(), 'bearer ')),
    why: 'RFC 9110, section 11.1: the letter case of a scheme does not matter.',
  },
  {
    what: '`authorization: Bearer  …`, with two spaces',
    ask: async (sdk) => sdk.authenticate(bearer(await mint(), 'Bearer  ')),
    why: 'RFC 9110, section 11.4 allows several.',
  },
  {
    what: '`jwtKey` and no `secretKey`',
    ask: async (sdk) => sdk.authenticate(bearer(await mint()), { secretKey: undefined }),
    why: 'A token can be verified without asking anybody.',
  },
  {
    what: 'a JWT of a machine with `jwtKey` and no secret key',
    ask: async (sdk) =>
      sdk.authenticate(
        {
          ...bearer(await mint({ sub: 'mch_1' }, { category: 'cl_B7d4PD333AAA' })),
          options: { acceptsToken: 'm2m_token' },
        },
        { secretKey: undefined },
      ),
    why: 'A JWT can be verified without asking anybody.',
  },
  {
    what: 'development, `__clerk_handshake=garbage`',
    ask: (sdk) =>
      sdk.authenticate(
        { url: 'https://app.example.com/?__clerk_handshake=garbage', headers: document },
        { publishableKey: developmentKey },
      ),
    why: 'No visitor can make an application answer 500. `onWarning` is told.',
  },
  {
    what: 'development, `__clerk_redirect_url=//evil.example`',
    ask: (sdk) => sdk.authenticate(satelliteVisit('//evil.example'), { publishableKey: developmentKey }),
    why: 'No visitor can make an application answer 500.',
  },
  {
    what: "a request of Node's, an `IncomingMessage`",
    ask: async (sdk) =>
      sdk.authenticateOnNode({
        method: 'GET',
        url: '/',
        headers: { host: 'app.example.com', authorization: `Bearer ${await mint()}` },
      }),
    why: 'Servers on Node need not make a web `Request` first.',
  },
  {
    what: 'an RSA key of 4096 bits',
    ask: async (sdk) => sdk.verify(await mint({}, {}, large.privateKey), { jwtKey: pem(large.publicKey) }),
    why: 'The PEM is parsed, not cut out by its length.',
  },
  {
    what: 'line breaks in `jwtKey` that are written as `\\n`',
    ask: async (sdk) => sdk.verify(await mint(), { jwtKey: jwtKey.replaceAll('\n', String.raw`\n`) }),
    why: 'Environment variables often hold them so.',
  },
  {
    what: 'RS512 with a PEM',
    ask: async (sdk) => sdk.verify(await mint({}, { algorithm: 'RS512' })),
    why: 'A PEM does not say which of the RSA algorithms it is for. A JWK does, and is held to it.',
  },
  {
    what: 'ES256',
    ask: async (sdk) =>
      sdk.verify(await signJwt(sessionClaims, jwkOf(elliptic.privateKey), { algorithm: 'ES256' }), {
        jwtKey: pem(elliptic.publicKey),
      }),
    why: 'Smaller, faster keys; only for a key of that kind.',
  },
  {
    what: 'EdDSA',
    ask: async (sdk) =>
      sdk.verify(await signJwt(sessionClaims, jwkOf(edwards.privateKey), { algorithm: 'EdDSA' }), {
        jwtKey: pem(edwards.publicKey),
      }),
    why: 'Smaller, faster keys; only for a key of that kind.',
  },
  {
    what: 'a webhook with the headers `webhook-id`, `webhook-timestamp` and `webhook-signature`',
    ask: (sdk) => deliver(sdk, (headers) => headers, { family: 'webhook' }),
    why: 'They are the names of Standard Webhooks; `svix-*` is taken too, a mixture is not.',
  },
  {
    what: 'a webhook whose signature lacks its padding',
    ask: (sdk) =>
      deliver(sdk, (headers) => ({ ...headers, 'svix-signature': headers['svix-signature']!.replace(/=+$/, '') })),
    why: 'The bytes are compared, in constant time, and not their spelling.',
  },
  {
    what: '`signJwt({ sub, iat: 1 }, …)`',
    ask: (sdk) => sdk.sign({ sub: 'user_1', iat: 1 }, 'iat'),
    why: 'A test can sign a token of another time. Without an `iat` it is the present time in both.',
  },
]

const sessionClaims = {
  exp: NOW + 60,
  iat: NOW,
  iss: 'https://clerk.example.com',
  nbf: NOW - 10,
  sid: 'sess_1',
  sub: 'user_1',
  v: 2,
}
