/** The error for a request that has not passed through the middleware. It says what to check. */
export function middlewareMissing(helper: string): Error {
  return new Error(`${helper} was called, but clerkMiddleware() has not seen the request. Check that
- middleware.ts (Next 15) or proxy.ts (Next 16) exports clerkMiddleware(), and is next to the folder "app" or "pages": in "src", if they are there;
- "config.matcher" in that file matches this route.`)
}

export function signatureInvalid(): Error {
  return new Error(
    'The authentication headers of the request are not signed by clerkMiddleware(). Either the middleware did not run for this route and the headers are forged, or it has another secret key than the page. (code=auth_signature_invalid)',
  )
}

export function encryptionKeyMissing(): Error {
  return new Error(
    'clerkMiddleware() got a secret key at run time, and needs an encryption key to pass it to the pages. Put the line\n\n  CLERK_ENCRYPTION_KEY=<32 random bytes, such as "openssl rand -hex 32" prints>\n\ninto .env or the environment. (code=encryption_key_missing)',
  )
}

export function encryptionKeyInvalid(): Error {
  return new Error(
    'The options of clerkMiddleware() cannot be decrypted here: CLERK_ENCRYPTION_KEY (without it, CLERK_SECRET_KEY) must be the same for the middleware and the pages. (code=encryption_key_invalid)',
  )
}
