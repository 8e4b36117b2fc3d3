import { auth } from '@clerk/nextjs/server'

/** Who is asking, as plain text. No script of a page adds to the visits of a browser here. */
export async function GET() {
  const { userId } = await auth()
  return new Response(userId ?? 'nobody')
}
