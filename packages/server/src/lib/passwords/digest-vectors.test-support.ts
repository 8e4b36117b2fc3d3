import type { PasswordHasherName } from './digest-formats.js'

export const VECTOR_PASSWORD = 'Correct-h0rse ñ'

/** Digests of {@link VECTOR_PASSWORD}, made with Python's hashlib, hmac and crypt. */
export const pythonVectors: [PasswordHasherName, string][] = [
  ['bcrypt', '$2b$05$abcdefghijklmnopqrstuu2WetwwXA.pNSuqjH3O8Qiwa5GRIJUEm'],
  ['bcrypt', '$2a$05$abcdefghijklmnopqrstuu2WetwwXA.pNSuqjH3O8Qiwa5GRIJUEm'],
  ['bcrypt', '$2y$05$abcdefghijklmnopqrstuu2WetwwXA.pNSuqjH3O8Qiwa5GRIJUEm'],
  ['bcrypt_peppered', '$2b$05$abcdefghijklmnopqrstuuTaetSlXCR3t4j9oGZYkEWXhlmy2v3s6$pep$per'],
  ['bcrypt_sha256_django', 'bcrypt_sha256$$2b$05$abcdefghijklmnopqrstuup93OlbVkpDSHyDCZGuTQitkVi0A/OF.'],
  ['md5', 'd2a32ba291452b4dbfc86bd0a8c66d74'],
  ['md5_salted', 's$alt$f3f19024d9e9998ac31f4ca0e08c70af'],
  ['md5_salted', 'salt$AC29DA8C1401A19FE174C85D240CD5CE'],
  ['sha256', '05505cacdb4fb2da567f030d1b376da24287dce1b58801141be2bd6edbd49540'],
  ['sha256_salted', 'salt$3496d019e54d35fb5a79b35a139701421d654cfee4f868830492f4fd655b9081'],
  ['ldap_ssha', '{SSHA}qcwsHx4w2G7HKVbgee8z/3xGcJY4Ynl0ZXMhIQ=='],
  ['ldap_ssha', 'qcwsHx4w2G7HKVbgee8z/3xGcJY4Ynl0ZXMhIQ=='],
  [
    'hmac_sha256_utf16_b64',
    'hmac_sha256_utf16_b64$tmV61kf/9+fnDXiMH7oYmuZYZXZ+h4DRs5Wu16uSzAQ=$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==',
  ],
  [
    'hmac_sha256_utf16_b64',
    'hmac_sha256_utf16_b64$H5VfXvn1C5+t76rYxDJXoknJXiI5dM7QwpbPiJ67Odk=$AAECAwQFBgcICQoLDA0ODw==',
  ],
  [
    'hmac_sha256_utf16_b64',
    'hmac_sha256_utf16_b64$/w1qAPiMOm/R2QIPJNROYytXCcQINbm5z/TgvuyMFUU=$AAECAwQFBgcICQoLDA0ODw==',
  ],
  ['pbkdf2_sha1', 'pbkdf2_sha1$1000$saltsalt$227bbe71a0d33772db9aa22fb35707aaf6a5018d28e0a7221fad0f4f3ecbefd4'],
  ['pbkdf2_sha1', 'pbkdf2_sha1$1000$73616c7473616c74$227bbe71a0d33772db9aa22fb35707aaf6a5018d$20'],
  ['pbkdf2_sha256', 'pbkdf2_sha256$1000$c2FsdHNhbHQ=$934oRUWNULzzNYiqywxxcmjk6WIoFv+c+iDuCnf/PJU='],
  ['pbkdf2_sha256_django', 'pbkdf2_sha256$1000$saltsalt$934oRUWNULzzNYiqywxxcmjk6WIoFv+c+iDuCnf/PJU='],
  [
    'pbkdf2_sha512',
    'pbkdf2_sha512$1000$saltsalt$96c85354af0a31a06ad000f391dbeebb4ecdaef4f8036f2e8a03bcae2fb07851a4280db5839aec3980b3099081b9c908e713c8b4ee6dc49eff60ae9e86526bd3',
  ],
  [
    'pbkdf2_sha512_hex',
    'pbkdf2_sha512_hex$1000$73616c7473616c74$96c85354af0a31a06ad000f391dbeebb4ecdaef4f8036f2e8a03bcae2fb07851a4280db5839aec3980b3099081b9c908e713c8b4ee6dc49eff60ae9e86526bd3',
  ],
  [
    'scrypt_werkzeug',
    'scrypt:1024:8:1$WerkzeugSalt$52bc57a18c092bcdb21001495b1fb0e7c8e7de2c18833769aee13eb6acb04510cfa3fbcf3ef5c76265f4679791e583a0dd23ace518cd27831a8c7604c521c3db',
  ],
  [
    'scrypt_werkzeug',
    '$scrypt:1024:8:1$WerkzeugSalt$UrxXoYwJK82yEAFJWx+w58jn3iwYgzdpruE+tqywRRDPo/vPPvXHYmX0Z5eR5YOg3SOs5RjNJ4MajHYExSHD2w==',
  ],
  [
    'sha512_symfony',
    'sha512_symfony$5000$salt$6VZPFqSKYJEQMRBxklnwLs/OvcFgY0I5YGHk9LKe0X/+viuHHLdGDW3bbuaI4vrBW3y1CwlgHhNdYc7SPlHaig==',
  ],
  // A key of many blocks and few iterations costs little.
  [
    'pbkdf2_sha512',
    'pbkdf2_sha512$10$saltsalt$d8225b7abde226c7d8640c5db6ed0e5c1490fc46a13c4c88289e1ea0e6fac92915b88ad76e192ecd7f1f8d99d0e3281434cf9bfe4241daab4aa5e20edbd64ab1ef9e104d2767613d2cbe53c781cf6607dc57a27a5fc23548fdff33294bef5dec174dac8c376bb53fbc572c50d7d254035a34da347a458f98155d3edb6864fb6d9865cc54904fd23451739732cc4e76e88bb70087f882a38c72b8dd0d95ee32f15fccc826affa097f6183f1079d3fcc08df368b9412979e9ade9609bdb04f49d5bd63966efda180c02755e93bb75080aa5c81feda9f9d0eb9a495e35443b20d13ef9fc140d51f12c18937fa3655b154a93d81a10b6e4636bbca3e354d92db8097e448959a4382252847b268aa2c2b28dbe6fdac63a403198a79800f54c40828de0cdd8f9131c963ac3d5e4babb322d599db904a8d3f0bed32c3d68d7095d46ca6ceb07e5b2b464f91560efeb8d06e4348818ce2d57aa2e67ea5e8ffe503630a059ceac49e4ece3a6a613e81a176a3596d83f3f6a88ce16ec3856ee8648f750df63f5656f86f3009760717f15cd3fb6aadb4847d97523077e7ed19715066d90438de3c1e6178e9dff05775112f4f8ad8a67c20509d44d29f6939b6b31dedb935ddf1723a56aed4c39736fb02165c4f786f3134d5c4bee5a3102e79b27b4a3c5f50f1e0dccfb160c30797c4978ff8b2ef462699e19cdb51497f1770c7901c60ecff',
  ],
  ['bcrypt_wordpress', '$wp$2y$05$abcdefghijklmnopqrstuuHcVvZH3Iu1A1dEz8HKy9Fk891ljwZzu'],
  [
    'scrypt_better_auth',
    '0123456789abcdef0123456789abcdef:9ef746ef2eb86eaf866ce7108112a0032d3408358d395b28ea9f15da4f479648fa62983268d8dc3b1262cdefd2efcf4f7b162554e15143679274a32fc68badc0',
  ],
  ['phpass', '$P$7IQRaTwmfyRc93iMvRcM0ZoWPULaJn.'],
  ['md5_phpass', '$H$7IQRaTwmf8GhtGskJ6Vrfi0dZLYGka1'],
]

/** Published digests with their passwords. */
export const publishedVectors: [PasswordHasherName, string, string][] = [
  // phc-winner-argon2, src/test.c
  ['argon2i', '$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA', 'password'],
  ['argon2i', '$argon2i$m=65536,t=2,p=1$c29tZXNhbHQ$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ', 'password'],
  ['argon2id', '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc', 'password'],
  // The same, as npm's argon2 writes it
  ['argon2id', '$argon2id$v=19$m=65536,p=1,t=2$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc', 'password'],
  // github.com/firebase/scrypt, README
  [
    'scrypt_firebase',
    'lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==$42xEC+ixf3L2lw==$jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==$Bw==$8$14',
    'user1password',
  ],
  // The same in the alphabet of URLs, as Firebase's console exports it
  [
    'scrypt_firebase',
    'lSrfV15cpx95_sZS2W9c9Kp6i_LVgQNDNC_qzrCnh1SAyZvqmZqAjTdn3aoItz-VHjoZilo78198JAdRuid5lQ==$42xEC-ixf3L2lw==$jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==$Bw==$8$14',
    'user1password',
  ],
  // openwall.com/phpass, test.php
  ['phpass', '$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0', 'test12345'],
  // RFC 6070, the case of 25 bytes
  [
    'pbkdf2_sha1',
    'pbkdf2_sha1$4096$saltSALTsaltSALTsaltSALTsaltSALTsalt$3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038$25',
    'passwordPASSWORDpassword',
  ],
  // Clerk's documentation
  ['md5', '5f4dcc3b5aa765d61d8327deb882cf99', 'password'],
  ['sha256', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', 'test'],
]

/** bcrypt over 300 times `x`, which the first versions of `$2a$` counted wrongly. */
export const longBcrypt = '$2b$05$abcdefghijklmnopqrstuujf8SX2ahXLwp9w/B.Y5XdysS6yR576q'
