import { createServer } from 'node:http'
import { createClerkClient, verifyToken } from '@latchkey/backend'

/**
 * An API that greets the signed-in user.
 *
 * @param {{ secretKey: string, apiUrl: string, jwtKey: string }} options as for any application that uses Clerk
 */
export function createApi({ secretKey, apiUrl, jwtKey }) {
  const clerk = createClerkClient({ secretKey, apiUrl })
  return createServer(async (request, response) => {
    try {
      const token = request.headers.authorization?.replace(/^Bearer /, '') ?? ''
      const { sub } = await verifyToken(token, { jwtKey })
      const user = await clerk.users.getUser(sub)
      response.end(`Hello, ${user.firstName}!`)
    } catch {
      response.writeHead(401).end('Sign in first.')
    }
  })
}
