'use client'

import { ClerkProvider, SignIn } from '@clerk/react'

/** The published form. It signs people up too, and leads back to the page that asked for somebody signed in. */
export function SignInForm({ settings: { publishableKey, proxyUrl, clerkJSUrl, clerkUIUrl } }) {
  return (
    <ClerkProvider
      publishableKey={publishableKey}
      proxyUrl={proxyUrl}
      __internal_clerkJSUrl={clerkJSUrl}
      __internal_clerkUIUrl={clerkUIUrl}
      signInUrl="/sign-in"
      telemetry={false}
    >
      <SignIn path="/sign-in" withSignUp fallbackRedirectUrl="/dashboard" />
    </ClerkProvider>
  )
}
