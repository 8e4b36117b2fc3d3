/** Why an application's SDK asked for a handshake (`__clerk_hs_reason`), and what a developer may do about it. */
const REASONS: Record<string, string> = {
  'session-token-expired':
    'Its session token had expired, so it asked for a new one. That is normal on the first visit after a minute of absence.',
  'session-token-missing': 'It had no session token although a browser is signed in.',
  'session-token-but-no-client-uat':
    'It had a session token but no __client_uat cookie, which says when the browser last signed in or out. Cookies of one kind were lost or removed.',
  'client-uat-but-no-session-token':
    'The __client_uat cookie says that the browser is signed in, and the session token was missing. Cookies of one kind were lost or removed.',
  'session-token-and-uat-missing': 'It had neither a session token nor __client_uat.',
  'session-token-iat-before-client-uat':
    'Its session token is older than the last sign-in or sign-out of the browser, so it may belong to somebody else by now.',
  'session-token-nbf': 'Its session token is not valid yet: the clocks of application and server differ.',
  'session-token-iat-in-the-future':
    'Its session token was made in the future: the clocks of application and server differ.',
  'dev-browser-missing':
    'It did not know the browser yet: the first visit of a development instance, or its cookies were removed.',
  'dev-browser-sync': 'The page passed on its browser (__clerk_db_jwt) in the URL.',
  'satellite-needs-syncing': 'A satellite asks the primary domain whether the browser is signed in there.',
  'primary-responds-to-syncing': 'The primary domain answers a satellite.',
  'primary-domain-cross-origin-sync':
    'The visitor came from another origin of the same application, where the state may be newer.',
  'active-organization-mismatch': 'The URL names another organization than the session token.',
}

export function explainHandshake(reason: string): string {
  const known = Object.keys(REASONS).find((name) => reason.startsWith(name))
  return known === undefined ? `The application asked because of "${reason}".` : REASONS[known]!
}
