import { encodeBase64url, keep } from '@latchkey/crypto'

/** The contents of a publishable key. */
export interface Instance {
  publishableKey: string
  type: 'production' | 'development'
  /** Host of its Frontend API, such as `happy-mole-1.clerk.accounts.dev`. */
  frontendApi: string
  /** Distinguishes its cookies from those of other instances on the same domain. */
  cookieSuffix: string
}

/** How many parsed keys are kept. Most processes have one key; one that serves many tenants has some dozens. */
const KEPT_INSTANCES = 100

const instances = new Map<string, Instance>()

/** Parses a key; null if it is invalid. */
export function parsePublishableKey(key: string | undefined): Pick<Instance, 'type' | 'frontendApi'> | null {
  const [, kind, encoded] = /^pk_(test|live)_([^_]+)$/.exec(key?.trim() ?? '') ?? []
  if (!encoded) return null
  try {
    const text = atob(encoded)
    const frontendApi = text.slice(0, -1)
    if (!text.endsWith('$') || frontendApi.includes('$') || !frontendApi.includes('.')) return null
    return { type: kind === 'live' ? 'production' : 'development', frontendApi }
  } catch {
    return null
  }
}

/** @throws {Error} when the key is missing or invalid, because then no request could be authenticated. */
export function instanceOf(publishableKey: string | undefined): Instance | Promise<Instance> {
  const key = publishableKey?.trim()
  return instances.get(key ?? '') ?? readInstance(key)
}

async function readInstance(publishableKey: string | undefined): Promise<Instance> {
  const parsed = parsePublishableKey(publishableKey)
  if (!parsed) {
    throw new Error(
      publishableKey
        ? 'The publishable key is not valid: it must be pk_test_… or pk_live_… as the dashboard shows it.'
        : 'Missing publishable key. Pass publishableKey, or set CLERK_PUBLISHABLE_KEY where your framework reads it.',
    )
  }
  const hash = await crypto.subtle.digest('SHA-1', new TextEncoder().encode(publishableKey))
  const cookieSuffix = encodeBase64url(new Uint8Array(hash)).slice(0, 8)
  return keep(instances, publishableKey!, { ...parsed, publishableKey: publishableKey!, cookieSuffix }, KEPT_INSTANCES)
}

/** The URL of the hosted pages that belong to a Frontend API host. */
export function accountsUrlOf(frontendApi: string | undefined): string {
  if (!frontendApi) return ''
  const host = frontendApi
    .replace(/clerk\.accountsstage\./, 'accountsstage.')
    .replace(/clerk\.accounts\.|clerk\./, 'accounts.')
  return `https://${host}`
}

/**
 * Such as `happy-mole-1.accounts.dev`, or, in the past, `accounts.happy-mole-1.lcl.dev`. Hosts of Frontend APIs,
 * `….clerk.accounts.dev`, do not match.
 */
const DEVELOPMENT_ACCOUNTS =
  /^accounts\.(.*\.)?lcl(\.dev|stage\.dev|clerk\.com)$|(?<!\.clerk)\.accounts(\.dev|stage\.dev|\.lclclerk\.com)$/

/** Whether a host serves hosted pages of development instances. */
export function isDevelopmentAccountsHost(host: string): boolean {
  return DEVELOPMENT_ACCOUNTS.test(host)
}
