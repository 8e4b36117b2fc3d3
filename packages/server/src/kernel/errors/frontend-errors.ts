import { apiError } from './api-error.js'

/** Errors of callers of the Frontend API. */
export const frontendErrors = {
  signedOut: () =>
    apiError(401, 'signed_out', 'Signed out', 'Nobody is signed in in this browser, or the session has ended'),
  devBrowserUnauthenticated: () =>
    apiError(
      401,
      'dev_browser_unauthenticated',
      'Browser unauthenticated',
      'The token of this browser is not one of this development instance. POST /v1/dev_browser makes a new one',
    ),
  hostInvalid: (host: string) =>
    apiError(
      400,
      'host_invalid',
      'Invalid host',
      `No instance of this server is at ${JSON.stringify(host.slice(0, 300))}`,
    ),
  originInvalid: (origin: string) =>
    apiError(
      400,
      'origin_invalid',
      'Invalid HTTP Origin header',
      `Pages at ${JSON.stringify(origin.slice(0, 300))} may not use this instance. Allowed are its own domain and its subdomains, its satellites and its "allowed_origins"; in development also this machine`,
    ),
  proxySecretKeyMissing: () =>
    apiError(
      400,
      'proxy_request_missing_secret_key',
      'Missing secret key',
      'A proxy must send the secret key of the instance in the Clerk-Secret-Key header',
    ),
  proxySecretKeyInvalid: () =>
    apiError(
      401,
      'proxy_request_invalid_secret_key',
      'Invalid secret key',
      'The secret key in the Clerk-Secret-Key header is not one of this server, or it was revoked',
    ),
  nativeDisabled: () =>
    apiError(
      400,
      'native_api_disabled',
      'The Native API is disabled',
      'This server does not serve native applications yet. Browsers leave the parameter _is_native out',
    ),
}
