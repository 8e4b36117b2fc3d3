import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { useLatchkey } from './latchkey.test-support.js'

const encryptionKey = Buffer.alloc(32, 7).toString('base64')

describe('latchkey start', () => {
  const latchkey = useLatchkey()

  it("requires the application's URL of a production instance, once, and takes that there is none", async () => {
    const environment = { LATCHKEY_DATABASE: 'home.db', LATCHKEY_ENCRYPTION_KEY: encryptionKey }
    await latchkey.run(['migrate'], environment)
    const create = ['instances', 'create', '--environment', 'production', '--frontend-host']
    await latchkey.run([...create, 'clerk.example.com'], environment)
    const homeUrls = async () =>
      (await latchkey.json<{ homeUrl: string | null }[]>(['instances', 'list'], environment)).map(
        ({ homeUrl }) => homeUrl,
      )
    const start = (...options: string[]) => latchkey.serve(['start', ...options], environment)

    const refused = await latchkey.run(['start', '--port', '0'], environment)
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    for (const text of [
      "The application's URL is required",
      '--home-url https://',
      'LATCHKEY_HOME_URL',
      'home_url',
      'none',
    ])
      expect(refused.stderr).toContain(text)

    const insecure = await latchkey.run(['start', '--port', '0', '--home-url', 'http://app.example.com'], environment)
    expect([insecure.code, insecure.stderr]).toEqual([1, expect.stringContaining('is at an https URL')])
    const created = await latchkey.run(
      [...create, 'clerk.example.net', '--home-url', 'http://example.net'],
      environment,
    )
    expect([created.code, created.stderr]).toEqual([1, expect.stringContaining('is at an https URL')])
    expect(await homeUrls()).toHaveLength(1)
    await (await start('--home-url', 'none')).stop()
    expect((await latchkey.run(['start', '--port', '0'], environment)).code).toBe(1)
    const server = await start('--home-url', 'https://app.example.com/')
    const shown = (await (await fetch(`${server.apiUrl}/v1/environment`)).json()) as Record<string, object>
    expect(shown['display_config']).toMatchObject({
      home_url: 'https://app.example.com',
      after_sign_in_url: 'https://app.example.com',
    })
    await server.stop()
    await (await start()).stop()
    expect(await homeUrls()).toEqual(['https://app.example.com'])

    writeFileSync(join(latchkey.folder, 'home.json'), '{"instance":{"display":{"home_url":"https://example.com"}}}')
    await (await start('--seed', 'home.json')).stop()
    await latchkey.run([...create, 'clerk.example.org', '--home-url', 'https://example.org'], environment)
    expect(await homeUrls()).toEqual(['https://example.com', 'https://example.org'])
  })

  it('warns of every other production instance that has none, and how to set it', async () => {
    const environment = { LATCHKEY_DATABASE: 'others.db', LATCHKEY_ENCRYPTION_KEY: encryptionKey }
    await latchkey.run(['migrate'], environment)
    const create = async (...options: string[]) =>
      (await latchkey.json<{ id: string }>(['instances', 'create', ...options], environment)).id
    const production = ['--environment', 'production', '--frontend-host']
    await create(...production, 'clerk.example.com', '--home-url', 'https://app.example.com')
    const without = await create(...production, 'clerk.example.org')
    await create(...production, 'clerk.example.net', '--home-url', 'https://example.net')
    await create()
    const warnings = async () => {
      const { stderr } = await (await latchkey.serve(['start'], environment)).stop()
      const lines = stderr.split('\n').filter((line) => line.startsWith('{'))
      return lines.map((line) => JSON.parse(line)).filter(({ instanceId }) => instanceId !== undefined)
    }
    const setIt = `latchkey instances home-url ${without} https://app.example.com`
    expect(await warnings()).toMatchObject([
      { level: 40, instanceId: without, frontendHost: 'clerk.example.org', msg: expect.stringContaining(setIt) },
    ])

    const insecure = await latchkey.run(['instances', 'home-url', without, 'http://app.example.org'], environment)
    expect([insecure.code, insecure.stderr]).toEqual([1, expect.stringContaining('is at an https URL')])
    const set = await latchkey.json(['instances', 'home-url', without, 'https://app.example.org/'], environment)
    expect(set).toMatchObject({ id: without, homeUrl: 'https://app.example.org' })
    expect(await warnings()).toEqual([])
  })
})
