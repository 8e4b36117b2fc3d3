import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { digestFormats, isPasswordHasherName, type PasswordHasherName } from './digest-formats.js'
import { longBcrypt, publishedVectors, pythonVectors, VECTOR_PASSWORD } from './digest-vectors.test-support.js'

const vectors = [
  ...pythonVectors.map(([hasher, digest]) => [hasher, digest, VECTOR_PASSWORD] as const),
  ...publishedVectors,
]

describe('digests made elsewhere', () => {
  it('cover every format', () => {
    const covered = new Set<string>(vectors.map(([hasher]) => hasher))
    expect(Object.keys(digestFormats).filter((hasher) => !covered.has(hasher))).toEqual(['awscognito'])
  })

  it.each(vectors)('%s: %s', async (hasher, digest, password) => {
    const format = digestFormats[hasher]
    expect(format.validate(digest)).toBe(true)
    expect(await format.verify(digest, password)).toBe(true)
    expect(await format.verify(digest, `${password}x`)).toBe(false)
    expect(await format.verify(digest, '')).toBe(false)
  })

  it('read long passwords alike under each prefix of bcrypt', async () => {
    for (const prefix of ['$2a', '$2b', '$2y']) {
      expect(await digestFormats.bcrypt.verify(longBcrypt.replace('$2b', prefix), 'x'.repeat(300))).toBe(true)
      expect(await digestFormats.bcrypt.verify(longBcrypt.replace('$2b', prefix), 'x'.repeat(44))).toBe(false)
    }
  })

  it('of Cognito are kept and never right', async () => {
    const digest = 'awscognito#us-east-1_abc#client#ada@example.com'
    expect(digestFormats.awscognito.validate(digest)).toBe(true)
    expect(await digestFormats.awscognito.verify(digest, 'anything')).toBe(false)
  })
})

const bcryptTail = '$abcdefghijklmnopqrstuu2WetwwXA.pNSuqjH3O8Qiwa5GRIJUEm'
const hash64 = 'a'.repeat(64)
const salts = '$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
const firebase = 'lSrfV15cpx95/sZS2W9c9A==$42xEC+ixf3L2lw==$jxspr8Ki0RYycVU8zykbdA==$Bw=='

const malformed: [PasswordHasherName, string[]][] = [
  ['argon2i', ['', `$argon2id$v=19$m=65536,t=2,p=1${salts}`, `$argon2d$v=19$m=65536,t=2,p=1${salts}`]],
  [
    'argon2id',
    [
      `$argon2i$v=19$m=65536,t=2,p=1${salts}`,
      `$argon2id$v=18$m=65536,t=2,p=1${salts}`,
      `$argon2id$v=19$m=65536,t=2${salts}`,
      `$argon2id$v=19$m=65536,t=2,p=1$$`,
      `$argon2id$v=19$m=0,t=2,p=1${salts}`,
      `$argon2id$v=19$m=8,t=2,p=4${salts}`,
      `$argon2id$v=19$m=262145,t=1,p=1${salts}`,
      `$argon2id$v=19$m=262144,t=9,p=1${salts}`,
      `$argon2id$v=19$m=65536,t=2,t=2${salts}`,
      `$argon2id$v=19$p=1,m=65536${salts}`,
      `$argon2id$v=19$m=64,t=65,p=1${salts}`,
      `$argon2id$v=19$m=65536,t=2,p=1${salts}$`,
    ],
  ],
  ['awscognito', ['awscognito', 'awscognito#a#b', 'awscognito#a#b#c#d']],
  [
    'bcrypt',
    [
      `$2b$16${bcryptTail}`,
      `$2b$03${bcryptTail}`,
      `$2x$05${bcryptTail}`,
      `$2b$05${bcryptTail}$pepper`,
      `$2b$05${bcryptTail.slice(1)}`,
    ],
  ],
  ['bcrypt_peppered', [`$2b$05${bcryptTail}`, `$2b$05${bcryptTail}$`, `$2b$31${bcryptTail}$pepper`]],
  ['bcrypt_wordpress', [`$2y$05${bcryptTail}`, `$wp$2y$16${bcryptTail}`, `$wp$2y$05${bcryptTail}x`]],
  [
    'scrypt_better_auth',
    [`${hash64}:${hash64}`, `${'a'.repeat(32)}:${hash64}`, `${'a'.repeat(32)}:${'g'.repeat(128)}`],
  ],
  ['bcrypt_sha256_django', [`$2b$05${bcryptTail}`, `bcrypt_sha256$$2b$20${bcryptTail}`]],
  ['hmac_sha256_utf16_b64', ['hmac_sha256_utf16_b64$AAAA$AAAA', `hmac_sha256_utf16_b64$${'A'.repeat(43)}=`, 'x$y$z']],
  [
    'ldap_ssha',
    ['{SSHA}', '{SSHA}!!', '{SSHA}2jmj7l5rSw0yVb/vlWAYkK/YBwk=', '{SMD5}qcwsHx4w2G7HKVbgee8z/3xGcJY4Ynl0ZXMhIQ=='],
  ],
  ['md5', ['', '5f4dcc3b5aa765d61d8327deb882cf9', 'zf4dcc3b5aa765d61d8327deb882cf99', hash64]],
  ['md5_salted', ['5f4dcc3b5aa765d61d8327deb882cf99', '$5f4dcc3b5aa765d61d8327deb882cf99', `salt$${hash64}`]],
  ['md5_phpass', ['5f4dcc3b5aa765d61d8327deb882cf99', '$P$7IQRaTwmf']],
  [
    'phpass',
    ['$P$4IQRaTwmfyRc93iMvRcM0ZoWPULaJn.', '$P$JIQRaTwmfyRc93iMvRcM0ZoWPULaJn.', '$S$7IQRaTwmfyRc93iMvRcM0ZoWPULaJn.'],
  ],
  [
    'pbkdf2_sha1',
    [
      `pbkdf2_sha1$0$salt$${hash64}`,
      `pbkdf2_sha1$10000001$salt$${hash64}`,
      `pbkdf2_sha1$1000$$${hash64}`,
      `pbkdf2_sha1$1000$salt$${hash64}$20`,
      'pbkdf2_sha1$1000$salt$zz',
      'pbkdf2_sha1$1000$salt$',
    ],
  ],
  [
    'pbkdf2_sha256',
    [
      `pbkdf2_sha256$1000$!$${'A'.repeat(43)}=`,
      'pbkdf2_sha256$1000$AAAA$AAAA',
      `pbkdf2_sha256$4000001$AAAA$${'A'.repeat(43)}=`,
      `pbkdf2_sha512$1000$AAAA$${'A'.repeat(43)}=`,
      `pbkdf2_sha256$1e3$AAAA$${'A'.repeat(43)}=`,
    ],
  ],
  ['pbkdf2_sha256_django', [`pbkdf2_sha256$1000$$${'A'.repeat(43)}=`, `pbkdf2_sha256$-1$salt$${'A'.repeat(43)}=`]],
  [
    'pbkdf2_sha512',
    [
      `pbkdf2_sha512$1000$salt$${'A'.repeat(43)}=`,
      `pbkdf2_sha512$1$salt$${hash64.repeat(33)}`,
      `pbkdf2_sha512$500001$salt$${hash64.repeat(16)}`,
    ],
  ],
  ['pbkdf2_sha512_hex', [`pbkdf2_sha512_hex$1000$salt$${hash64}`, `pbkdf2_sha512$1000$abcd$${hash64}`]],
  [
    'scrypt_firebase',
    [
      'a$b$c$d$8$14',
      `${firebase}$8$24`,
      `${firebase}$0$14`,
      `${firebase}$8`,
      `${firebase}$8$14$1`,
      firebase.replace('lSrf', '') + '$8$14',
    ],
  ],
  [
    'scrypt_werkzeug',
    [
      `scrypt:1000:8:1$salt$${hash64}${hash64}`,
      `scrypt:262144:16:1$salt$${hash64}${hash64}`,
      `scrypt:65536:8:17$salt$${hash64}${hash64}`,
      `scrypt:32768:8:1$salt$${hash64}`,
      `pbkdf2:sha256:1000$salt$${hash64}${hash64}`,
    ],
  ],
  ['sha256', ['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a0', 'g'.repeat(64)]],
  ['sha256_salted', [hash64, `$${hash64}`, 'salt$abc']],
  [
    'sha512_symfony',
    [
      'sha512_symfony$0$salt$AAAA',
      `sha512_symfony$1000001$salt$${'A'.repeat(86)}==`,
      `sha512_symfony$1$sa{lt$${'A'.repeat(86)}==`,
      `sha512_symfony$1$salt$${hash64}`,
    ],
  ],
]

describe('malformed or unbearable digests', () => {
  it.each(malformed.flatMap(([hasher, digests]) => digests.map((digest) => [hasher, digest] as const)))(
    'refuses %s %j',
    async (hasher, digest) => {
      expect(digestFormats[hasher].validate(digest)).toBe(false)
      expect(await digestFormats[hasher].verify(digest, 'password')).toBe(false)
    },
  )

  it('never makes a reader throw', () => {
    const shapes = ['$', '{SSHA}', '$2b$05', bcryptTail, 'pbkdf2_sha1', '1000', 'scrypt:', '8', ':', hash64, '=']
    const pieces = fc.constantFrom(...shapes, '\0', 'é', '\ud800')
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(digestFormats)), fc.array(pieces), (format, parts) => {
        expect(typeof format.validate(parts.join(''))).toBe('boolean')
      }),
    )
  })

  it('knows no hasher by the name of an object member', () => {
    expect(['constructor', '__proto__', 'toString', 'md6'].map(isPasswordHasherName)).toEqual([
      false,
      false,
      false,
      false,
    ])
  })
})
