import { createPublicKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { useLatchkey } from './latchkey.test-support.js'

const inMemory = ['dev', '--database', ':memory:', '--port', '0']

/** The value of a line for a `.env` file. */
const valueOf = (name: string, lines: string[]) =>
  lines.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1)

/** What it has in common with the same key in a key set. */
const keyIn = (lines: string[]) =>
  createPublicKey(JSON.parse(valueOf('CLERK_JWT_KEY', lines)!) as string).export({ format: 'jwk' })

describe('the public key of an instance, as a line of a .env file', () => {
  const latchkey = useLatchkey()

  it('is printed by dev, and is that of the key set', async () => {
    const keys = await latchkey.lookAt(inMemory, /^curl /, async (lines) => {
      const headers = { authorization: `Bearer ${valueOf('CLERK_SECRET_KEY', lines)}` }
      const answer = await fetch(`${valueOf('CLERK_API_URL', lines)}/v1/jwks`, { headers })
      return { printed: keyIn(lines), published: ((await answer.json()) as { keys: object[] }).keys }
    })
    expect(keys.published).toEqual([expect.objectContaining(keys.printed)])
  })

  it('is left out beside a secret key that stays longer than it', async () => {
    const secretKey = `sk_test_${'a'.repeat(40)}`
    const lines = await latchkey.lookAt([...inMemory, '--secret-key', secretKey], /^curl /, async (seen) => seen)
    expect(valueOf('CLERK_SECRET_KEY', lines)).toBe(secretKey)
    expect(valueOf('CLERK_JWT_KEY', lines)).toBeUndefined()
  })

  it('is printed anew when the signing key is rotated', async () => {
    const server = await latchkey.serve(['dev'])
    const { stdout } = await latchkey.run(['keys', 'rotate-signing'])
    const keyId = stdout.split(' ')[0]
    const keys = async () => ((await (await server.api('/jwks')).json()) as { keys: { kid: string }[] }).keys
    await expect.poll(async () => (await keys()).map(({ kid }) => kid)).toContain(keyId)
    expect((await keys()).find(({ kid }) => kid === keyId)).toMatchObject(keyIn(stdout.split('\n')))
    await server.stop()
  })
})
