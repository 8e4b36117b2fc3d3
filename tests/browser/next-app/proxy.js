import { clerkMiddleware, createRouteMatcher } from '@clerk/nextjs/server'

const isForMembers = createRouteMatcher(['/dashboard(.*)'])

// In Next 15 this file is called middleware.js.
export default clerkMiddleware(
  async (auth, request) => {
    if (isForMembers(request)) await auth.protect()
  },
  // Read only where the variables say that this is a satellite.
  { satelliteAutoSync: true },
)

export const config = {
  matcher: ['/((?!_next|[^?]*\\.(?:css|js|png|svg|ico)).*)', '/(api|trpc)(.*)'],
}
