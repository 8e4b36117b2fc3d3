/** The social providers that Clerk knows. */
const providers = new Set([
  'apple',
  'atlassian',
  'bitbucket',
  'box',
  'coinbase',
  'discord',
  'dropbox',
  'enstall',
  'facebook',
  'github',
  'gitlab',
  'google',
  'hubspot',
  'huggingface',
  'instagram',
  'line',
  'linear',
  'linkedin',
  'linkedin_oidc',
  'microsoft',
  'notion',
  'slack',
  'spotify',
  'tiktok',
  'twitch',
  'twitter',
  'vercel',
  'x',
  'xero',
])

/** Whether this names a provider: one of the known ones, or `oauth_custom_…`, which an application sets up by itself. */
export function isProvider(strategy: string): boolean {
  return (
    /^oauth_custom_./.test(strategy) ||
    (strategy.startsWith('oauth_') && providers.has(strategy.slice('oauth_'.length)))
  )
}

/** `oauth_google` for `google`. */
export function toStrategy(provider: string): string {
  return provider.startsWith('oauth_') ? provider : `oauth_${provider}`
}
