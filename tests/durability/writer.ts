// Creates users through the server, some at once, and prints the id of each as soon as it is acknowledged.
import { writeSync } from 'node:fs'
import { createServer } from '../../packages/server/src/index.js'

const [location, instanceId, concurrency, total] = process.argv.slice(2) as [string, string, string, string]
const secretKey = `sk_test_${instanceId}`
const server = await createServer({ database: location, passwords: { memoryKib: 64, passes: 1 } })
if (!(await server.admin.listInstances()).some(({ id }) => id === instanceId))
  await server.createInstance({ id: instanceId, secretKey })

let left = Number(total)
async function create(): Promise<void> {
  while (left-- > 0) {
    const body = JSON.stringify({
      email_address: [`${process.pid}-${left}-${concurrency}@example.com`],
      public_metadata: { left },
    })
    const headers = { authorization: `Bearer ${secretKey}`, 'content-type': 'application/json' }
    const response = await server.fetch(new Request('http://api.test/v1/users', { method: 'POST', headers, body }))
    const user = (await response.json()) as { id: string; errors?: unknown }
    if (response.status !== 200) throw new Error(JSON.stringify(user.errors))
    writeSync(1, `${user.id}\n`)
  }
}
await Promise.all(Array.from({ length: Number(concurrency) }, create))
await server.close()
