import { argon2i, argon2id } from './formats/argon2.js'
import { bcrypt, bcryptPeppered, bcryptSha256Django, bcryptWordpress } from './formats/bcrypt.js'
import type { DigestFormat } from './formats/format.js'
import { pbkdf2Sha1, pbkdf2Sha256, pbkdf2Sha256Django, pbkdf2Sha512, pbkdf2Sha512Hex } from './formats/pbkdf2.js'
import { md5Phpass, phpass } from './formats/phpass.js'
import {
  hmacSha256Utf16,
  ldapSsha,
  md5,
  md5Salted,
  sha256,
  sha256Salted,
  sha512Symfony,
} from './formats/plain-hashes.js'
import { scryptBetterAuth, scryptFirebase, scryptWerkzeug } from './formats/scrypt.js'

/** `awscognito#<pool>#<client>#<identifier>` names a place to ask, and holds nothing to check a password against. */
const awsCognito: DigestFormat = {
  validate: (digest) => /^awscognito#[^#]+#[^#]+#[^#]+$/.test(digest),
  verify: async () => false,
  weak: false,
}

/**
 * Every `password_hasher`, and what its `password_digest` looks like.
 *
 * @see https://clerk.com/docs/reference/backend/user/create-user
 */
export const digestFormats = {
  argon2i,
  argon2id,
  awscognito: awsCognito,
  bcrypt,
  bcrypt_peppered: bcryptPeppered,
  bcrypt_sha256_django: bcryptSha256Django,
  /** Of our own, as are the others that Clerk's documentation lacks. */
  bcrypt_wordpress: bcryptWordpress,
  hmac_sha256_utf16_b64: hmacSha256Utf16,
  ldap_ssha: ldapSsha,
  md5,
  md5_phpass: md5Phpass,
  md5_salted: md5Salted,
  pbkdf2_sha1: pbkdf2Sha1,
  pbkdf2_sha256: pbkdf2Sha256,
  pbkdf2_sha256_django: pbkdf2Sha256Django,
  pbkdf2_sha512: pbkdf2Sha512,
  pbkdf2_sha512_hex: pbkdf2Sha512Hex,
  phpass,
  scrypt_better_auth: scryptBetterAuth,
  scrypt_firebase: scryptFirebase,
  scrypt_werkzeug: scryptWerkzeug,
  sha256,
  sha256_salted: sha256Salted,
  sha512_symfony: sha512Symfony,
} satisfies Record<string, DigestFormat>

export type PasswordHasherName = keyof typeof digestFormats

export function isPasswordHasherName(name: string): name is PasswordHasherName {
  return Object.hasOwn(digestFormats, name)
}
