import { ClerkProvider, SignedIn, SignIn, useUser } from '@clerk/clerk-react'
import { createRoot } from 'react-dom/client'

const { publishableKey, frontendApiUrl, scripts } = window.config

function Home() {
  const { user } = useUser()
  return (
    <SignedIn>
      <p id="user">{user?.id}</p>
    </SignedIn>
  )
}

createRoot(document.querySelector('#root')).render(
  <ClerkProvider
    publishableKey={publishableKey}
    proxyUrl={frontendApiUrl}
    clerkJSUrl={`${scripts}/@clerk/clerk-js@5/dist/clerk.browser.js`}
    telemetry={false}
    signInFallbackRedirectUrl="/older.html"
  >
    {window.location.hash.startsWith('#/') ? <SignIn routing="hash" /> : <Home />}
  </ClerkProvider>,
)
