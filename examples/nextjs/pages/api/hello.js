import { getAuth } from '@latchkey/nextjs/server'

/** An API route of the older router. */
export default function handler(request, response) {
  const { userId } = getAuth(request)
  if (!userId) return response.status(401).json({ error: 'Sign in first.' })
  response.status(200).json({ hello: userId })
}
