import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestServer } from '@latchkey/testing'
import type express from 'express'
import { afterEach } from 'vitest'

/** Puts applications on ports of their own until the test ends. */
export function useApplications(): { listen(app: express.Express): Promise<string> } {
  const applications: Server[] = []

  afterEach(async () => {
    for (const application of applications.splice(0)) {
      application.close()
      application.closeAllConnections()
      await once(application, 'close')
    }
  })

  return {
    async listen(app) {
      const application = app.listen(0, '127.0.0.1')
      applications.push(application)
      await once(application, 'listening')
      return `http://127.0.0.1:${(application.address() as AddressInfo).port}`
    },
  }
}

let users = 0

/** Somebody who is signed in, with a cookie. */
export async function signIn({
  client,
}: TestServer): Promise<{ userId: string; sessionId: string; token: string; cookie: string }> {
  const { id: userId } = await client.users.createUser({ username: `ada_${++users}` })
  const { id: sessionId } = await client.sessions.createSession({ userId })
  const { jwt } = await client.sessions.getToken(sessionId)
  return { userId, sessionId, token: jwt, cookie: `theme=dark; __session=${jwt}; other=1` }
}
