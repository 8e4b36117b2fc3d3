// The handlers of the classic documentation, for the compiler alone: Next declares variables of the environment, which
// would hold for all tests. Hence its own project, tsconfig.next.json.
import { requireSession, withSession, type RequireSessionProp, type WithSessionProp } from '@latchkey/sdk-node'
import type { NextApiHandler, NextApiRequest, NextApiResponse } from 'next'

function open(req: WithSessionProp<NextApiRequest>, res: NextApiResponse): void {
  // @ts-expect-error There may be no session.
  res.setHeader('user', req.session.userId)
  if (req.session) res.json({ userId: req.session.userId })
  else res.status(401).end()
}

function closed(req: RequireSessionProp<NextApiRequest>, res: NextApiResponse): void {
  res.json({ userId: req.session.user_id })
}

export const handlers: NextApiHandler[] = [withSession(open), requireSession(closed)]
