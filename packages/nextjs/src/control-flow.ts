import { redirect } from 'next/navigation.js'

// Next ends a page with errors that it knows by their digest. The middleware understands the same ones.

const FALLBACK = 'NEXT_HTTP_ERROR_FALLBACK'

/** Ends what is under way as Next's `unauthorized()` does, which exists behind a flag only. */
export function unauthorized(): never {
  throw Object.assign(new Error(FALLBACK), { digest: `${FALLBACK};401` })
}

/** Where people are sent by `redirectToSignIn()` and `redirectToSignUp()`. */
export type SignPage = 'redirectToSignIn' | 'redirectToSignUp'

interface SignRedirect extends Error {
  signPage: SignPage
  returnBackUrl: string | URL
}

/** In a handler of the middleware, ends it; the middleware knows where the page is. */
export function redirectToSignPage(signPage: SignPage, url: string, returnBackUrl: string | URL | null | undefined): never {
  try {
    redirect(url)
  } catch (error) {
    throw Object.assign(error as Error, { signPage, returnBackUrl: returnBackUrl === null ? '' : returnBackUrl || url })
  }
}

export type ControlFlow =
  | { type: 'sign-page'; page: SignPage; returnBackUrl: string | URL }
  | { type: 'redirect'; url: string; status: number }
  | { type: 'status'; status: number }

/** What an error asks for; null when it is an error and nothing else. */
export function readControlFlow(error: unknown): ControlFlow | null {
  if (typeof error !== 'object' || error === null) return null
  const { statusCode, name } = error as { statusCode?: unknown; name?: unknown }
  if (statusCode === 400 && (name === 'MalformedURLError' || name === 'AmbiguousPathError')) return { type: 'status', status: 400 }
  if ('signPage' in error) {
    const { signPage, returnBackUrl } = error as SignRedirect
    return { type: 'sign-page', page: signPage, returnBackUrl }
  }
  const { digest } = error as { digest?: unknown }
  if (typeof digest !== 'string') return null
  if (digest === 'NEXT_NOT_FOUND') return { type: 'status', status: 404 }
  const [code, ...rest] = digest.split(';')
  if (code === FALLBACK) return { type: 'status', status: Number(rest[0]) }
  if (code !== 'NEXT_REDIRECT' || rest.length < 4) return null
  // NEXT_REDIRECT;<replace or push>;<url, which may have semicolons>;<status>;
  return { type: 'redirect', url: rest.slice(1, -2).join(';'), status: Number(rest.at(-2)) }
}
