import { currentUser } from '@latchkey/nextjs/server'
import { chooseTea } from './actions.js'

/** The middleware allows only signed-in users here. */
export default async function Dashboard() {
  const user = await currentUser()
  const { tea } = user.publicMetadata
  return (
    <>
      <h1>Hello, {user.firstName}!</h1>
      <dl className="card">
        <dt>Your address</dt>
        <dd>{user.primaryEmailAddress?.emailAddress}</dd>
        <dt>Your tea</dt>
        <dd id="tea">
          {typeof tea === 'string' ? (
            <a href={`/dashboard/teas/${encodeURIComponent(tea)}`}>{tea}</a>
          ) : (
            'not chosen yet'
          )}
        </dd>
      </dl>
      <form action={chooseTea}>
        <label>
          Another tea
          <input name="tea" required maxLength={40} placeholder="Darjeeling" />
        </label>
        <button>Choose</button>
      </form>
    </>
  )
}
