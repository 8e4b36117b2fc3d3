import { UserButton } from '@clerk/nextjs'
import { auth } from '@clerk/nextjs/server'

export default async function Home() {
  const { userId } = await auth()
  return userId ? (
    <>
      <p id="user">{userId}</p>
      <UserButton />
    </>
  ) : (
    <p>Nobody is signed in.</p>
  )
}
