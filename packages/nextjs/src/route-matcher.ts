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

/**
 * A route of the application, if Next has generated types for them (`typedRoutes`); the routes below one; or any other
 * string.
 */
type Pattern = Route | Below<Route> | (string & {})

/** `/admin/:path*`, `/admin(.*)`, `/:locale/about`, a regular expression, or several of them; or a function that decides. */
export type RouteMatcherParam = (RegExp | Pattern)[] | RegExp | Pattern | ((request: NextRequest) => boolean)

/**
 * Creates a function that returns whether a request is for one of the given routes. Strings follow path-to-regexp 6,
 * which Next uses for its own matchers.
 *
 * The result holds for every way in which Next may read the path. So writing the path of a page in another way cannot
 * bypass the check. If the readings disagree, the function throws. An example is a path with letters in another case:
 * it is another page, unless a rewrite in `next.config` leads to this one.
 *
 * @throws {TypeError} immediately when a pattern is invalid. The function throws {@link AmbiguousPathError} if the
 * result depends on how the path is read, and `MalformedURLError` if the path is invalid.
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
  /** Rewrites and redirects of `next.config` ignore case. */
  inAnyCase: RegExp
}

function compile(pattern: RegExp | string): Expressions {
  if (pattern instanceof RegExp) {
    // The application's own expression decides about case itself.
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

/** In Next, a page has one path, with or without a trailing slash, depending on the configuration. */
function isMatch(expression: RegExp, path: string): boolean {
  return test(expression, path) || (path.length > 1 && path.endsWith('/') && test(expression, path.slice(0, -1)))
}

function test(expression: RegExp, path: string): boolean {
  // With the flag `g` or `y`, an expression remembers where its last match ended.
  expression.lastIndex = 0
  return expression.test(path)
}
