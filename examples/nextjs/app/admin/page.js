import { auth } from '@latchkey/nextjs/server'

/** The page itself says who may see it; everybody else finds nothing here. */
export default async function Administration() {
  const { orgSlug } = await auth.protect({ role: 'org:admin' })
  return (
    <>
      <h1>Administration</h1>
      <p>You administer {orgSlug}.</p>
    </>
  )
}
