import { auth } from '@latchkey/nextjs/server'

/** The page itself decides who may see it. Everybody else gets 404. */
export default async function Administration() {
  const { orgSlug } = await auth.protect({ role: 'org:admin' })
  return (
    <>
      <h1>Administration</h1>
      <p>You administer {orgSlug}.</p>
    </>
  )
}
