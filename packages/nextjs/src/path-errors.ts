/** The path is no path: a `%` in it stands for nothing. `clerkMiddleware` answers 400. */
export class MalformedURLError extends Error {
  override readonly name = 'MalformedURLError'
  readonly statusCode = 400

  constructor(cause?: unknown) {
    super('The path of the URL is not encoded as a path must be.', { cause })
  }
}

/**
 * The path can be read in several ways, and the patterns match some of them only: it is not known whether they are meant for
 * the page that Next would serve. `clerkMiddleware` answers 400.
 */
export class AmbiguousPathError extends Error {
  override readonly name = 'AmbiguousPathError'
  readonly statusCode = 400

  constructor() {
    super(
      'The path can be read in several ways, of which a route matcher matches some only. Write it as the routes are: with "/" for "%2F", nothing encoded needlessly, letters in the same case.',
    )
  }
}
