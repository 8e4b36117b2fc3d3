import { apiError } from '../../kernel/errors/api-error.js'
import { frontendHostOf } from '../../instances/instance.js'
import { escapeHtml } from '../../lib/templates/index.js'
import { readUrl, withoutEndSlashes } from '../../lib/urls.js'

export interface InterstitialInput {
  publishableKey?: string | undefined
  frontendApi?: string | undefined
  proxyUrl?: string | undefined
  domain?: string | undefined
  signInUrl?: string | undefined
  useDomainForScript?: boolean | undefined
}

/** What the page tells the browser package, and where that is loaded from. */
interface Interstitial {
  publishableKey: string
  scriptUrl: string
  proxyUrl: string | undefined
  domain: string | undefined
  signInUrl: string | undefined
}

/** Old SDKs were made for this version of the package. */
const SCRIPT = 'npm/@clerk/clerk-js@5/dist/clerk.browser.js'

/**
 * @param frontendApiUrlAt finds where this server serves the Frontend API of a host; undefined if it has no such instance
 * @throws {ApiError} 400 `missing_query_parameter`, `malformed_publishable_key`
 */
export async function parseInterstitial(
  { publishableKey, frontendApi, proxyUrl, domain, signInUrl, useDomainForScript }: InterstitialInput,
  frontendApiUrlAt: (host: string) => Promise<string | undefined>,
): Promise<Interstitial> {
  if (!publishableKey && !frontendApi) throw missing()
  const host = publishableKey ? frontendHostOf(publishableKey) : hostName(frontendApi!)
  if (host === undefined) throw malformed(publishableKey ? 'publishable_key' : 'frontend_api')
  const asDomain = useDomainForScript && domain ? hostName(domain) : undefined
  const proxy = webUrl(proxyUrl)
  const own = asDomain === undefined ? await frontendApiUrlAt(host) : undefined
  const base = proxy ?? own ?? `https://${asDomain === undefined ? host : `clerk.${asDomain}`}`
  return {
    publishableKey: publishableKey ?? publishableKeyOfHost(host),
    scriptUrl: `${withoutEndSlashes(base)}/${SCRIPT}`,
    // A server on this machine is reached as a proxy is: not at the host that the key names.
    proxyUrl: proxy ?? own,
    domain: domain && hostName(domain),
    signInUrl: webUrl(signInUrl),
  }
}

/** The page: it loads the browser package, which puts its cookies right, and loads the page again. Once: then it stops. */
export function interstitialHtml({ publishableKey, scriptUrl, proxyUrl, domain, signInUrl }: Interstitial): string {
  const attributes = Object.entries({
    'data-clerk-publishable-key': publishableKey,
    'data-clerk-proxy-url': proxyUrl,
    'data-clerk-domain': domain,
    src: scriptUrl,
  })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escapeHtml(value!)}"`)
    .join('')
  const options = forScript({ signInUrl })
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>One moment</title>
    <script async crossorigin="anonymous"${attributes} onload="start()"></script>
    <script>
      async function start() {
        await window.Clerk.load(${options})
        const key = 'clerk_interstitial_reloads'
        const times = Number(sessionStorage.getItem(key) || 0)
        if (times >= 3) { sessionStorage.removeItem(key); document.title = 'Redirect loop'; document.body.textContent = 'The sign-in state could not be found out. Check that the secret key and the publishable key are of the same instance.'; return }
        sessionStorage.setItem(key, String(times + 1))
        window.location.reload()
      }
    </script>
  </head>
  <body></body>
</html>
`
}

function missing() {
  const why = 'publishable_key or frontend_api must be included'
  return apiError(400, 'missing_query_parameter', 'Missing query parameter', why, {
    param_names: ['publishable_key', 'frontend_api'],
  })
}

function malformed(param: string) {
  return apiError(
    400,
    'malformed_publishable_key',
    'Malformed publishable key',
    'The publishable key is pk_test_ or pk_live_ and the base64 of a host name with a dot, followed by "$"',
    { param_name: param },
  )
}

function hostName(text: string): string | undefined {
  return /^[a-z0-9-]+(\.[a-z0-9-]+)+(:\d{1,5})?$/i.test(text) ? text : undefined
}

/** Anything else, a script's URL say, is left out. */
function webUrl(text: string | undefined): string | undefined {
  const url = text ? readUrl(text) : undefined
  return url && /^https?:$/.test(url.protocol) ? text : undefined
}

function publishableKeyOfHost(host: string): string {
  const kind = /\.(accounts\.dev|lclclerk\.com)$/.test(host) ? 'test' : 'live'
  return `pk_${kind}_${Buffer.from(`${host}$`).toString('base64')}`
}

/** JSON that cannot end the script element it stands in. */
function forScript(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
