/**
 * An API for notification addresses: a signed-in user adds addresses, and confirms each with the code sent to it.
 *
 * @param {import('@latchkey/backend').ClerkClient} clerk
 * @returns {(request: Request) => Promise<Response>} works in every runtime, and in a test without a port
 */
export function createApp(clerk) {
  const routes = {
    'GET /addresses': async (userId) => {
      const { emailAddresses } = await clerk.users.getUser(userId)
      return emailAddresses.map(({ emailAddress, verification }) => ({
        emailAddress,
        confirmed: verification?.status === 'verified',
      }))
    },

    'POST /addresses': async (userId, { emailAddress }) => {
      const { id } = await clerk.emailAddresses.createEmailAddress({ userId, emailAddress, verified: false })
      const verification = await clerk.emailAddresses.prepareVerification(id)
      return { addressId: id, verificationId: verification.id }
    },

    'POST /addresses/confirm': async (userId, { addressId, verificationId, code }) => {
      const { emailAddresses } = await clerk.users.getUser(userId)
      if (!emailAddresses.some(({ id }) => id === addressId)) return { confirmed: false }
      const { status } = await clerk.emailAddresses.attemptVerification(addressId, { verificationId, code })
      return { confirmed: status === 'verified' }
    },
  }

  return async (request) => {
    const { isAuthenticated, userId } = (await clerk.authenticateRequest(request)).toAuth() ?? {}
    if (!isAuthenticated) return Response.json({ error: 'Sign in first.' }, { status: 401 })
    const route = routes[`${request.method} ${new URL(request.url).pathname}`]
    if (!route) return Response.json({ error: 'There is nothing here.' }, { status: 404 })
    const body = request.method === 'POST' ? await request.json().catch(() => null) : {}
    if (typeof body !== 'object' || body === null)
      return Response.json({ error: 'Send a JSON object.' }, { status: 400 })
    try {
      return Response.json(await route(userId, body))
    } catch (error) {
      // Show errors about an address or a verification to its owner. Anything else belongs in the log.
      if (error.status !== 404 && error.status !== 422) throw error
      return Response.json({ error: error.errors[0].longMessage }, { status: error.status })
    }
  }
}
