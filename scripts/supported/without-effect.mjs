/**
 * Settings that are accepted, stored and returned, but have no effect yet. SUPPORTED.md lists them. Remove a line when
 * you implement its effect.
 *
 * @type {readonly { what: string, operations: readonly string[], until: string }[]}
 */
export const withoutEffect = [
  {
    what: '`allowlist`, `blocklist`, `allowlist_blocklist_disabled_on_sign_in`, `block_disposable_email_domains`',
    operations: ['UpdateInstanceRestrictions'],
    until: 'the Frontend API signs people up and in',
  },
  {
    what: 'All settings of protection',
    operations: ['UpdateInstanceProtect'],
    until: 'the Frontend API signs people up and in',
  },
  {
    what: 'All settings of OAuth applications',
    operations: ['UpdateInstanceOAuthApplicationSettings'],
    until: 'the server is an OAuth provider',
  },
  {
    what: 'Templates of messages that are not sent yet: reset codes, notices of passwords, passkeys and sign-ins, organization invitations',
    operations: ['UpsertTemplate', 'ToggleTemplateDelivery'],
    until: 'the Frontend API is served',
  },
  {
    what: '`redirect_uris`, `consent_screen_enabled`, `pkce_required`, the client secret',
    operations: ['CreateOAuthApplication', 'UpdateOAuthApplication', 'RotateOAuthApplicationSecret'],
    until: 'the server is an OAuth provider',
  },
  {
    what: '`restricted_to_allowlist`, `progressive_sign_up`',
    operations: ['UpdateInstanceAuthConfig'],
    until: 'the Frontend API signs people up',
  },
  {
    what: '`support_email`, `clerk_js_version`, `development_origin`, `allowed_origins`, `cookieless_dev`, `url_based_session_syncing`, `preferred_sign_in_strategy_when_password_required`, `enhanced_email_deliverability`',
    operations: ['UpdateInstance'],
    until: 'the Frontend API is served',
  },
  {
    what: '`delete_self_enabled`, `create_organization_enabled`, `bypass_client_trust`, `legal_accepted_at`',
    operations: ['CreateUser', 'UpdateUser'],
    until: 'the Frontend API is served',
  },
  {
    what: '`permissions`',
    operations: ['CreateAgentTask'],
    until: 'tokens say what an agent may do',
  },
  {
    what: '`external_id`, `custom_action` of a sign-up',
    operations: ['UpdateSignUp'],
    until: 'the Frontend API signs people up',
  },
  {
    what: 'The mark of a compromised password',
    operations: ['SetUserPasswordCompromised', 'UnsetUserPasswordCompromised'],
    until: 'the Frontend API signs people in',
  },
]
