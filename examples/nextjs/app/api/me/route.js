import { auth } from '@latchkey/nextjs/server'

/** A route handler, for programs: whoever calls it sends a session token as `Authorization: Bearer`. */
export async function GET() {
  const { userId, sessionId } = await auth()
  if (!userId) return Response.json({ error: 'Sign in first.' }, { status: 401 })
  return Response.json({ userId, sessionId })
}

/** Machines may come in here too, and nobody without a token. */
export async function POST() {
  const { tokenType } = await auth.protect({ token: ['session_token', 'api_key'] })
  return Response.json({ tokenType })
}
