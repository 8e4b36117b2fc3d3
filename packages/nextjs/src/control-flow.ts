import { AmbiguousPathError, MalformedURLError } from './path-errors.js'

// Next ends a page with errors that it recognises by their digest; the middleware handles the same errors. They are
// created here, because `next/navigation` imports React's client contexts, which not every bundle of Next has.

const FALLBACK = 'NEXT_HTTP_ERROR_FALLBACK'
const REDIRECT = 'NEXT_REDIRECT'

/** Shows the application's 404 page. */
export function notFound(): never {
  throw Object.assign(new Error(FALLBACK), { digest: `${FALLBACK};404` })
}

/** Answers 401. */
export function unauthorized(): never {
  throw Object.assign(new Error(FALLBACK), { digest: `${FALLBACK};401` })
}

/** @param type `push` adds an entry to the browser's history, as Next does after a server action. */
export function redirect(url: string, type: 'replace' | 'push' = 'replace'): never {
  throw redirectError(url, type)
}

function redirectError(url: string, type: 'replace' | 'push'): Error {
  return Object.assign(new Error(REDIRECT), { digest: `${REDIRECT};${type};${url};307;` })
}

/** The page that `redirectToSignIn()` or `redirectToSignUp()` leads to. */
export type SignPage = 'redirectToSignIn' | 'redirectToSignUp'

interface SignRedirect extends Error {
  signPage: SignPage
  returnBackUrl: string | URL
}

/** Ends a handler of the middleware. The middleware catches the error and redirects to the page, whose URL it knows. */
export function redirectToSignPage(
  signPage: SignPage,
  url: string,
  returnBackUrl: string | URL | null | undefined,
): never {
  const details = { signPage, returnBackUrl: returnBackUrl === null ? '' : returnBackUrl || url } satisfies Omit<
    SignRedirect,
    keyof Error
  >
  throw Object.assign(redirectError(url, 'replace'), details)
}

export type ControlFlow =
  | { type: 'sign-page'; page: SignPage; returnBackUrl: string | URL }
  | { type: 'redirect'; url: string; status: number }
  | { type: 'status'; status: number }

/** The control flow that an error stands for; null if it is an ordinary error. */
export function readControlFlow(error: unknown): ControlFlow | null {
  if (typeof error !== 'object' || error === null) return null
  if (error instanceof AmbiguousPathError || error instanceof MalformedURLError)
    return { type: 'status', status: error.statusCode }
  if ('signPage' in error) {
    const { signPage, returnBackUrl } = error as SignRedirect
    return { type: 'sign-page', page: signPage, returnBackUrl }
  }
  const { digest } = error as { digest?: unknown }
  if (typeof digest !== 'string') return null
  if (digest === 'NEXT_NOT_FOUND') return { type: 'status', status: 404 }
  const [code, ...rest] = digest.split(';')
  if (code === FALLBACK) return { type: 'status', status: Number(rest[0]) }
  if (code !== REDIRECT || rest.length < 4) return null
  // NEXT_REDIRECT;<replace or push>;<url, which may have semicolons>;<status>;
  return { type: 'redirect', url: rest.slice(1, -2).join(';'), status: Number(rest.at(-2)) }
}
