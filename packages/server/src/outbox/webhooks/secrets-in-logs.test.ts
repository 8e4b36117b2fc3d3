import { describe, expect, it } from 'vitest'
import type { Logger } from '../../kernel/runtime.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { eventually, svixOf, useReceiver } from './receiver.test-support.js'

const HEADER = 'Bearer hush-hush'
const TOKEN_IN_URL = 'token-in-the-url'

describe.each(dialects)('what is logged of deliveries on %s', (dialect) => {
  const lines: string[] = []
  const write = (fields: object, message: string) => void lines.push(`${JSON.stringify(plain(fields))} ${message}`)
  const logger: Logger = { debug: write, info: write, warn: write, error: write }
  const server = useTestServer(dialect, {
    logger,
    webhooks: {
      schedule: { pollEvery: 20, retryDelays: [0], overloadDelay: 0, warnAfter: 0, timeout: 1000, lease: 4000 },
    },
  })
  const receiver = useReceiver()
  const svix = svixOf(server)

  it('has no secret, no code and no header, whatever goes wrong', async () => {
    const answers = [500, 500, 410]
    receiver.answer = ({ path }, response) => {
      if (path.startsWith('/hooks/silent')) return undefined
      return path.startsWith('/hooks/hung-up') ? void response.destroy() : (answers.shift() ?? 410)
    }
    const headers = { authorization: HEADER }
    const secrets: string[] = []
    for (const path of ['', '/hung-up', '/silent']) {
      const url = `${receiver.url}${path}?key=${TOKEN_IN_URL}`
      const { id } = (await svix('POST', '/endpoint', { url, headers })).body
      await svix('POST', `/endpoint/${id}/secret/rotate`, {})
      secrets.push((await svix('GET', `/endpoint/${id}/secret`)).body.key)
    }
    expect((await svix('POST', '/endpoint', { url: `ftp://${TOKEN_IN_URL}`, headers })).status).toBe(422)
    const user = await server.client.users.createUser({ emailAddress: ['ada@example.com'] })
    await server.call('POST', `/email_addresses/${user.emailAddresses[0]!.id}/prepare_verification`)
    const said = (text: string) => lines.some((line) => line.includes(text))
    await eventually(() => said('is given up'))
    await eventually(() => said('A webhook endpoint was disabled'))
    await eventually(() => said('takes no events and will be disabled'))

    const code = (await server.events())
      .map(({ payload }) => (payload as { data?: { otp_code?: string } | null }).data?.otp_code)
      .find((found) => found !== undefined)
    expect(code).toMatch(/^\d{6}$/)
    const { secretKey } = server.instance
    for (const hidden of [...secrets, 'whsec_', HEADER, TOKEN_IN_URL, secretKey])
      expect(
        lines.filter((line) => line.includes(hidden)),
        hidden,
      ).toEqual([])
    // Six digits stand in some times, too.
    const word = new RegExp(`(?<![\\d.])${code}(?!\\d)`)
    expect(lines.filter((line) => word.test(line))).toEqual([])
  })
})

/** With what an error says, which JSON leaves out. */
function plain(fields: object): object {
  const { err, ...rest } = fields as { err?: Error }
  return err ? { ...rest, err: { ...err, message: err.message, stack: err.stack } } : rest
}
