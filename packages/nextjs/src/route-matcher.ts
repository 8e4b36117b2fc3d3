import type { Route } from 'next'
import type { NextRequest } from 'next/server.js'
import { pathToRegexp } from 'path-to-regexp'
import { AmbiguousPathError } from './path-errors.js'
import { readingsOf } from './path-readings.js'

type WithoutTrailingSlash<Path extends string> = Path extends '/'
  ? Path
  : Path extends `${infer Start}/`
    ? WithoutTrailingSlash<Start>
    : Path

type Below<Path extends string> = Path extends '/' ? '/:path*' : `${WithoutTrailingSlash<Path>}/:path*`

/** A route of the application, where Next has written types for them (`typedRoutes`), the routes below one, or any other string. */
type Pattern = Route | Below<Route> | (string & {})

/** `/admin/:path*`, `/admin(.*)`, `/:locale/about`, a regular expression, or several of them; or a function that decides. */
export type RouteMatcherParam = (RegExp | Pattern)[] | RegExp | Pattern | ((request: NextRequest) => boolean)

/**
 * Makes a function that tells whether a request is for one of some routes. Strings are as path-to-regexp 6 reads them, which
 * Next uses for its own matchers.
 *
 * Its answer holds for every way in which Next may read the path, so that neither pages that are protected nor pages that are
 * not can be reached by writing their path in another way. Where it would not hold, as with letters in another case, which are
 * another page unless a rewrite in `next.config` leads to this one, there is no answer.
 *
 * @throws {TypeError} at once when a pattern is none. The function throws {@link AmbiguousPathError} where the answer depends
 * on how the path is read, and `MalformedURLError` where it is none.
 */
export function createRouteMatcher(routes: RouteMatcherParam): (request: NextRequest) => boolean {
  if (typeof routes === 'function') return (request) => routes(request)
  const patterns = [routes].flat().filter(Boolean).map(compile)
  return ({ nextUrl }) => {
    const answers = new Set<boolean>()
    for (const path of readingsOf(nextUrl.pathname, nextUrl.locale)) {
      answers.add(patterns.some(({ exact }) => isMatch(exact, path)))
      answers.add(patterns.some(({ inAnyCase }) => isMatch(inAnyCase, path)))
    }
    if (answers.size > 1) throw new AmbiguousPathError()
    return answers.has(true)
  }
}

interface Expressions {
  exact: RegExp
  /** Rewrites and redirects of `next.config` do not look at the case of letters. */
  inAnyCase: RegExp
}

function compile(pattern: RegExp | string): Expressions {
  if (pattern instanceof RegExp) {
    // Its owner decides about case.
    const expression = new RegExp(pattern)
    return { exact: expression, inAnyCase: expression }
  }
  try {
    const [exact, inAnyCase] = [true, false].map((sensitive) =>
      pathToRegexp(pattern, [], { sensitive, delimiter: '/' }),
    )
    return { exact: exact!, inAnyCase: inAnyCase! }
  } catch (cause) {
    throw new TypeError(
      `Invalid route ${JSON.stringify(pattern)} in createRouteMatcher: ${(cause as Error).message}.`,
      { cause },
    )
  }
}

/** To Next, a page has one path, with or without a slash at its end as it is configured. */
function isMatch(expression: RegExp, path: string): boolean {
  return test(expression, path) || (path.length > 1 && path.endsWith('/') && test(expression, path.slice(0, -1)))
}

function test(expression: RegExp, path: string): boolean {
  // With `g` or `y` it remembers where it stopped.
  expression.lastIndex = 0
  return expression.test(path)
}
