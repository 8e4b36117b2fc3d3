import { auth } from '@latchkey/nextjs/server'

/** A page with a parameter, behind the same pattern in the middleware as the dashboard. */
export default async function Tea({ params }) {
  const { name } = await params
  const { userId } = await auth()
  return (
    <>
      <h1>Notes on {decodeURIComponent(name)}</h1>
      <p className="card">{userId} has written nothing about it yet.</p>
    </>
  )
}
