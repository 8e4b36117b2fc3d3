import { auth } from '@latchkey/nextjs/server'

/** A route handler for programs, which send a session token as `Authorization: Bearer`. */
export async function GET() {
  const { userId, sessionId } = await auth()
  if (!userId) return Response.json({ error: 'Sign in first.' }, { status: 401 })
  return Response.json({ userId, sessionId })
}

/** Accepts session tokens and API keys. Refuses requests without a token. */
export async function POST() {
  const { tokenType } = await auth.protect({ token: ['session_token', 'api_key'] })
  return Response.json({ tokenType })
}
