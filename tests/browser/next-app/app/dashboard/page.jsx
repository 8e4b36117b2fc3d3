import { auth, currentUser } from '@clerk/nextjs/server'

export default async function Dashboard() {
  const { sessionId } = await auth()
  const user = await currentUser()
  return (
    <>
      <h1>{user.primaryEmailAddress.emailAddress}</h1>
      <p id="session">{sessionId}</p>
    </>
  )
}
