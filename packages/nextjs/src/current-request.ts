import { headersOf, type ReadHeader } from './request-like.js'

/**
 * The headers of the request that is being answered: in a server component, a route handler or a server action.
 *
 * @throws {Error} elsewhere; while pages are rendered ahead of time, Next's own error goes through, by which it learns that
 * this one cannot be.
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
