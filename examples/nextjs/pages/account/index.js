import { clerkClient, getAuth } from '@latchkey/nextjs/server'

/** A page of the older router, rendered for each request. */
export default function Account({ name, address }) {
  return (
    <>
      <h1>Your account</h1>
      <dl className="card">
        <dt>Name</dt>
        <dd>{name}</dd>
        <dt>Address</dt>
        <dd>{address}</dd>
      </dl>
    </>
  )
}

export async function getServerSideProps({ req }) {
  const { userId } = getAuth(req)
  if (!userId) return { redirect: { destination: '/sign-in', permanent: false } }
  const { users } = await clerkClient()
  const user = await users.getUser(userId)
  return { props: { name: user.fullName, address: user.primaryEmailAddress?.emailAddress ?? null } }
}
