import { auth } from '@latchkey/nextjs/server'

/** A server component for everybody, which shows whether the visitor is signed in. */
export default async function Home() {
  const { userId } = await auth()
  return (
    <>
      <h1>Welcome to the tea club</h1>
      {userId ? (
        <p>
          You are signed in. Go to your <a href="/dashboard">dashboard</a>.
        </p>
      ) : (
        <p>
          You are not signed in. <a href="/sign-in">Sign in</a> to see your dashboard.
        </p>
      )}
    </>
  )
}
