const secretKey = 'sk_test_benchmarks'

/** The measured clients. Each takes the URL of an API and returns a function that requests one user. */
export const clients = {
  async 'bare node:http'(url) {
    const { Agent, get } = await import('node:http')
    const agent = new Agent({ keepAlive: true })
    const headers = { authorization: `Bearer ${secretKey}` }
    return () =>
      new Promise((resolve, reject) => {
        get(`${url}/v1/users/user_1`, { agent, headers }, (response) => {
          let text = ''
          response
            .setEncoding('utf8')
            .on('data', (chunk) => (text += chunk))
            .on('end', () => resolve(JSON.parse(text)))
        }).on('error', reject)
      })
  },
  async '@latchkey/backend over node:http'(url) {
    const { createClerkClient } = await import('@latchkey/backend')
    const client = createClerkClient({ secretKey, apiUrl: url, transport: 'node' })
    return () => client.users.getUser('user_1')
  },
  async '@latchkey/backend'(url) {
    const { createClerkClient } = await import('@latchkey/backend')
    const client = createClerkClient({ secretKey, apiUrl: url })
    return () => client.users.getUser('user_1')
  },
  async '@clerk/backend'(url) {
    const { createClerkClient } = await import('@clerk/backend')
    const client = createClerkClient({ secretKey, apiUrl: url, telemetry: { disabled: true } })
    return () => client.users.getUser('user_1')
  },
}
