/**
 * A certificate for `localhost` that signed itself, good until 2126, and its key. Made for tests alone, with
 * `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 -subj /CN=localhost -addext subjectAltName=DNS:localhost`
 */
export const certificate = `-----BEGIN CERTIFICATE-----
MIIBlDCCATugAwIBAgIUNiABCPhFu92Jvqb6ks3EZlE4/rQwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjAxNDA1N1oYDzIxMjYxMDI5
MDE0MDU3WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASpdEWTzQLqVJItwon2WxF6wMqDJcFPPkqXdfijVBctnmdV/KmdlbM+
/+pIdStXvm9pwB5T9WdP4wnrzlk9x8nKo2kwZzAdBgNVHQ4EFgQUK9nmAIJnhhcc
OK/iNwm/0Ce4yEYwHwYDVR0jBBgwFoAUK9nmAIJnhhccOK/iNwm/0Ce4yEYwDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
RwAwRAIgVDAJ2YgZpmoYXVyYvWNpkiCqKuRxSuhC4n0lDi3xqfkCIFvUAIh5dG/c
Cd63SkPMGtm1uik4sX8+EEch+/rnm3A5
-----END CERTIFICATE-----
`

export const certificateKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgDfND3Issmwe8JTBS
KH/V8Ke8H+Thsc8ieLk4XhGAdayhRANCAASpdEWTzQLqVJItwon2WxF6wMqDJcFP
PkqXdfijVBctnmdV/KmdlbM+/+pIdStXvm9pwB5T9WdP4wnrzlk9x8nK
-----END PRIVATE KEY-----
`
