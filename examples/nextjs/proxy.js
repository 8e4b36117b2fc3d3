import { clerkMiddleware, createRouteMatcher } from '@latchkey/nextjs/server'

const isForMembers = createRouteMatcher(['/dashboard/:path*', '/account/:path*'])

// Next 15 calls this file middleware.js; what is in it stays the same.
export default clerkMiddleware(async (auth, request) => {
  if (isForMembers(request)) await auth.protect()
})

export const config = {
  // Everything but files and what Next makes itself; the API always.
  matcher: ['/((?!_next/static|_next/image|.*\\.(?:css|js|png|svg|ico|webmanifest)$).*)', '/api/:path*'],
}
