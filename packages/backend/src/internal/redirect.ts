import { accountsUrlOf, parsePublishableKey } from '../authenticate/publishable-key.js'

export interface RedirectParams {
  /** Where to return to. An ambiguous URL is replaced by `baseUrl`. */
  returnBackUrl?: string | URL | null
}

export type RedirectFun<Result> = (params?: RedirectParams) => Result

export interface CreateRedirectParams<Result> {
  publishableKey: string
  devBrowserToken?: string
  /** Creates the framework's redirect to a URL. */
  redirectAdapter: (url: string) => Result
  /** The URL of the request. */
  baseUrl: URL | string
  signInUrl?: URL | string
  signUpUrl?: URL | string
  /** A pending session is redirected to its tasks. */
  sessionStatus?: 'active' | 'pending' | null
  isSatellite?: boolean
}

/** Creates redirects to the sign-in and sign-up pages: the application's own, otherwise the hosted ones. */
export function createRedirect<Result>(params: CreateRedirectParams<Result>): {
  redirectToSignIn: RedirectFun<Result>
  redirectToSignUp: RedirectFun<Result>
} {
  const { publishableKey, redirectAdapter, signInUrl, signUpUrl, baseUrl, sessionStatus } = params
  const instance = parsePublishableKey(publishableKey)
  const hostedPages = accountsUrlOf(instance?.frontendApi)
  const context: RedirectContext = {
    baseUrl,
    isSatellite: params.isSatellite ?? false,
    devBrowserToken: instance?.type === 'development' ? params.devBrowserToken : undefined,
  }
  const redirect = (target: string | URL, returnBackUrl: RedirectParams['returnBackUrl']) => {
    const page = sessionStatus === 'pending' ? `${target}/tasks` : target
    return redirectAdapter(toRedirectUrl(context, page, returnBackUrl))
  }
  return {
    redirectToSignIn({ returnBackUrl } = {}) {
      return redirect(signInUrl || hosted(hostedPages, '/sign-in'), returnBackUrl)
    },
    redirectToSignUp({ returnBackUrl } = {}) {
      return redirect(signUpUrl || createPageOf(signInUrl, baseUrl) || hosted(hostedPages, '/sign-up'), returnBackUrl)
    },
  }
}

interface RedirectContext {
  baseUrl: URL | string
  isSatellite: boolean
  devBrowserToken: string | undefined
}

function toRedirectUrl(
  { baseUrl, isSatellite, devBrowserToken }: RedirectContext,
  page: string | URL,
  returnBackUrl: RedirectParams['returnBackUrl'],
): string {
  if (baseUrl === '') return toUrlWithoutBase(String(page), returnBackUrl)
  const base = new URL(baseUrl)
  const url = new URL(page, base)
  const leavesOrigin = url.host !== base.host
  if (returnBackUrl) {
    const back = readReturnUrl(returnBackUrl, base)
    if (leavesOrigin && isSatellite) back.searchParams.set('__clerk_synced', 'false')
    url.searchParams.set('redirect_url', back.href)
  }
  if (leavesOrigin && devBrowserToken) url.searchParams.set('__clerk_db_jwt', devBrowserToken)
  return url.href
}

/**
 * `//evil`, `\\evil`, `https:evil` and anything with a control character look like a path but can leave the origin.
 * Spaces around a URL are ignored.
 */
function readReturnUrl(wanted: string | URL, base: URL): URL {
  const text = String(wanted).trim()
  const isPlain = /^https?:\/\/[^/\\]/i.test(text) || !/^([/\\]{2}|[a-z][a-z\d+.-]*:)/i.test(text)
  const isClean = ![...text].some((character) => character < ' ' || character === '\\')
  return isPlain && isClean && URL.canParse(text, base.href) ? new URL(text, base) : new URL(base)
}

function toUrlWithoutBase(page: string, returnBackUrl: RedirectParams['returnBackUrl']): string {
  const back = returnBackUrl ? String(returnBackUrl) : ''
  if (!/^https?:\/\//.test(page) && !/^https?:\/\//.test(back))
    throw new Error('Without a base URL, the destination or the return URL has to be absolute.')
  const url = new URL(page, back ? new URL(back).origin : undefined)
  if (back) url.searchParams.set('redirect_url', back)
  return url.href
}

function createPageOf(signInUrl: string | URL | undefined, baseUrl: string | URL): string | undefined {
  if (!signInUrl) return undefined
  const url = new URL(signInUrl, baseUrl || undefined)
  url.pathname = `${url.pathname}/create`
  return url.href
}

function hosted(pages: string, path: string): string {
  if (!pages) throw new Error('Missing publishableKey. A redirect needs it, or signInUrl and signUpUrl.')
  return pages + path
}
