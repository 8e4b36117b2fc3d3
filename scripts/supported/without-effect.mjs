/**
 * Settings that are accepted, stored and returned, but have no effect yet. SUPPORTED.md lists them. Remove a line when
 * you implement its effect.
 *
 * @type {readonly { what: string, operations: readonly string[], until: string }[]}
 */
export const withoutEffect = [
  {
    what: 'All settings of protection',
    operations: ['UpdateInstanceProtect'],
    until: 'sign-ins and sign-ups are checked for bots',
  },
  {
    what: 'All settings of OAuth applications',
    operations: ['UpdateInstanceOAuthApplicationSettings'],
    until: 'the server is an OAuth provider',
  },
  {
    what: '`redirect_uris`, `consent_screen_enabled`, `pkce_required`, the client secret',
    operations: ['CreateOAuthApplication', 'UpdateOAuthApplication', 'RotateOAuthApplicationSecret'],
    until: 'the server is an OAuth provider',
  },
  {
    what: '`progressive_sign_up`',
    operations: ['UpdateInstanceAuthConfig'],
    until: 'sign-ups can be without it',
  },
  {
    what: '`cookieless_dev`, `enhanced_email_deliverability`',
    operations: ['UpdateInstance'],
    until: 'browsers in development can do with cookies alone, and mail is sent over shared addresses',
  },
  {
    what: '`permissions`',
    operations: ['CreateAgentTask'],
    until: 'tokens say what an agent may do',
  },
  {
    what: '`custom_action` of a sign-up',
    operations: ['UpdateSignUp'],
    until: 'a sign-up waits for it',
  },
]
