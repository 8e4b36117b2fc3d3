import { ClerkProvider } from '@clerk/nextjs'

// The keys are those of the running application: it is built once, and started for several instances.
export const dynamic = 'force-dynamic'

export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>
        <ClerkProvider waitlistUrl="/waitlist">{children}</ClerkProvider>
      </body>
    </html>
  )
}
