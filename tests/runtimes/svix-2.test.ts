import { execFile } from 'node:child_process'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { installApart, installNode } from '../../scripts/apart.mjs'
import { useReceiver } from '../../packages/server/src/outbox/webhooks/receiver.test-support.js'
import { useTestServer } from '../../packages/server/src/server.test-support.js'
import { useListening } from '../webhooks/listening.test-support.js'

const [node24, folder] = await Promise.all([
  installNode(24),
  installApart(fileURLToPath(new URL('svix-2', import.meta.url))),
])

const server = useTestServer('sqlite', { webhooks: { schedule: { pollEvery: 20 } } })
const listening = useListening(server)
const receiver = useReceiver()

it('the newest svix package drives endpoints, attempts, resend and recover on Node 24', async () => {
  receiver.answer = (_, response) => {
    if (receiver.received.length > 1) return 200
    response.writeHead(400, { 'webhook-delivery': 'abort-message' }).end('no')
  }
  // Beside its packages, where it finds `svix`.
  const program = join(folder, 'program.mjs')
  copyFileSync(fileURLToPath(new URL('programs/svix-2.mjs', import.meta.url)), program)
  const app = `app_${server.instance.id.slice(4)}`
  const { stdout } = await promisify(execFile)(node24, [
    program,
    listening.url,
    server.instance.secretKey,
    app,
    receiver.url,
  ])
  expect(stdout).toBe('done\n')
})
