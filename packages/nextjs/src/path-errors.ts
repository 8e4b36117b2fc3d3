/** The path contains a `%` that is not a valid encoding. `clerkMiddleware` answers 400. */
export class MalformedURLError extends Error {
  override readonly name = 'MalformedURLError'
  readonly statusCode = 400

  constructor(cause?: unknown) {
    super('The path of the URL is not validly percent-encoded.', { cause })
  }
}

/**
 * The path can be read in several ways, and the patterns match only some of them. So it is unknown whether they match
 * the page that Next would serve. `clerkMiddleware` answers 400.
 */
export class AmbiguousPathError extends Error {
  override readonly name = 'AmbiguousPathError'
  readonly statusCode = 400

  constructor() {
    super(
      'The path can be read in several ways, and a route matcher matches only some of them. Write the path as the routes are written: "/" for "%2F", no needless encoding, letters in the same case.',
    )
  }
}
