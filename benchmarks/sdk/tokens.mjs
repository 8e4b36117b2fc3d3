import { generateKeyPairSync, sign } from 'node:crypto'

/** How many different tokens are verified in turn. */
export const TOKENS = 256

/** Session tokens like a browser's, of one instance, valid for an hour. */
export function makeTokens() {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const now = Math.floor(Date.now() / 1000)
  const header = encode({ alg: 'RS256', cat: 'cl_B7d4PD111AAA', kid: 'ins_2abcdefghijklmnopqrstuvwxyz', typ: 'JWT' })
  const tokens = Array.from({ length: TOKENS }, (_, index) => {
    const text = `${header}.${encode(claimsFor(index, now))}`
    return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`
  })
  const parts = tokens.map((token) => {
    const end = token.lastIndexOf('.')
    return { data: Buffer.from(token.slice(0, end)), signature: Buffer.from(token.slice(end + 1), 'base64url') }
  })
  return {
    tokens,
    parts,
    publicKey,
    pem: publicKey.export({ type: 'spki', format: 'pem' }),
    jwk: publicKey.export({ format: 'jwk' }),
  }
}

function claimsFor(index, now) {
  return {
    azp: 'https://app.example.com',
    exp: now + 3600,
    fva: [12, -1],
    iat: now,
    iss: 'https://clerk.example.com',
    jti: `8f3b0c${index}`,
    nbf: now - 10,
    o: { id: 'org_2abcdefghijklmnopqrstuvwxyz', per: 'read,manage', fpm: '3', rol: 'admin', slg: 'acme' },
    fea: 'o:widgets',
    pla: 'o:pro',
    sid: 'sess_2abcdefghijklmnopqrstuvwxyz',
    sts: 'active',
    sub: `user_2abcdefghijklmnopqrstuvwx${index}`,
    v: 2,
  }
}

function encode(value) {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
