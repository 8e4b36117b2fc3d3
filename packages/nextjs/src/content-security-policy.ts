import { constants } from '@latchkey/backend/internal'
import { isProduction } from './environment.js'

export interface ContentSecurityPolicyOptions {
  /** Allows only scripts with a nonce, which pages read from the header `x-nonce`. Default false. */
  strict?: boolean
  /** Sources to add to each directive. `'none'` replaces all others. */
  directives?: Partial<Record<string, string | string[]>>
  /** Only reports violations, and blocks nothing. Default false. */
  reportOnly?: boolean
  /** URL that browsers send their reports to. */
  reportTo?: string
}

const KEYWORDS = new Set(['none', 'self', 'strict-dynamic', 'unsafe-eval', 'unsafe-hashes', 'unsafe-inline'])

/** The sources that the browser components need, except the Frontend API, whose host differs for each instance. */
function defaultDirectives(): Record<string, string[]> {
  const evaluation = isProduction() ? [] : ["'unsafe-eval'"]
  const stripe = ['https://*.js.stripe.com', 'https://js.stripe.com']
  const protection = 'https://*.protect.clerk.com'
  return {
    'connect-src': [
      "'self'",
      'https://clerk-telemetry.com',
      'https://*.clerk-telemetry.com',
      'https://api.stripe.com',
      'https://maps.googleapis.com',
      'https://img.clerk.com',
      `${protection}:*`,
    ],
    'default-src': ["'self'"],
    'form-action': ["'self'"],
    'frame-src': ["'self'", 'https://challenges.cloudflare.com', ...stripe, 'https://hooks.stripe.com', protection],
    'img-src': ["'self'", 'https://img.clerk.com'],
    'script-src': [
      "'self'",
      ...evaluation,
      "'unsafe-inline'",
      'https:',
      'http:',
      ...stripe,
      'https://maps.googleapis.com',
      protection,
    ],
    'style-src': ["'self'", "'unsafe-inline'"],
    'worker-src': ["'self'", 'blob:'],
  }
}

/**
 * The headers of a policy that allows the browser components to work.
 *
 * @param frontendApi Host of the Frontend API.
 */
export function contentSecurityPolicyHeaders(
  frontendApi: string,
  { strict, directives = {}, reportOnly, reportTo }: ContentSecurityPolicyOptions,
): [name: string, value: string][] {
  const nonce = strict ? createNonce() : undefined
  const policy = defaultDirectives()
  policy['connect-src']!.push(frontendApi)
  if (strict) {
    const sources = policy['script-src']!.filter((source) => source !== 'http:' && source !== 'https:')
    policy['script-src'] = [...sources, "'strict-dynamic'", `'nonce-${nonce}'`]
  }
  for (const [name, values = []] of Object.entries(directives)) policy[name] = add(policy[name] ?? [], [values].flat())

  const texts = Object.keys(policy)
    .toSorted()
    .map((name) => `${name} ${[...new Set(policy[name])].join(' ')}`)
  const report = reportTo ? '; report-to csp-endpoint' : ''
  const { ContentSecurityPolicy, ContentSecurityPolicyReportOnly, Nonce, ReportingEndpoints } = constants.Headers
  const headers: [string, string][] = [
    [reportOnly ? ContentSecurityPolicyReportOnly : ContentSecurityPolicy, texts.join('; ') + report],
  ]
  if (reportTo) headers.push([ReportingEndpoints, `csp-endpoint="${reportTo}"`])
  if (nonce) headers.push([Nonce, nonce])
  return headers
}

function add(sources: string[], added: string[]): string[] {
  const quoted = added.map(quote)
  return quoted.includes("'none'") ? ["'none'"] : [...sources, ...quoted]
}

function quote(source: string): string {
  const word = source.replace(/^'|'$/g, '')
  return KEYWORDS.has(word) ? `'${word}'` : source
}

function createNonce(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))))
}
