import { headersOf, type ReadHeader } from './request-like.js'

/**
 * The headers of the current request, in a server component, a route handler or a server action.
 *
 * @throws {Error} outside a request. During prerendering, Next's own error is passed through: it tells Next that this
 * page cannot be prerendered.
 */
export async function currentHeaders(): Promise<ReadHeader> {
  const { headers } = await import('next/headers.js')
  try {
    return headersOf({ headers: await headers() })
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes('outside a request scope')) throw error
    throw new Error(
      'auth(), currentUser() and clerkClient() work while a request is answered in the folder "app". In "pages" use getAuth(request).',
      { cause: error },
    )
  }
}
