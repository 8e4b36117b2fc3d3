import { clerkMiddleware, createRouteMatcher } from '@latchkey/nextjs/server'

const isForMembers = createRouteMatcher(['/dashboard/:path*', '/account/:path*'])

// In Next 15 this file is called middleware.js; its contents are the same.
export default clerkMiddleware(async (auth, request) => {
  if (isForMembers(request)) await auth.protect()
})

export const config = {
  // Everything except files and Next's own output; always the API.
  matcher: ['/((?!_next/static|_next/image|.*\\.(?:css|js|png|svg|ico|webmanifest)$).*)', '/api/:path*'],
}
