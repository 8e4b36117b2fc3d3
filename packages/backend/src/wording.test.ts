import { readFileSync } from 'node:fs'
import { createClerkClient as createOfficially, verifyToken as verifyOfficially } from '@clerk/backend'
import { describe, expect, it } from 'vitest'
import { createClerkClient, verifyToken } from './index.js'
import { createTestInstance } from './testing.js'

const page = readFileSync(new URL('../../../docs/wording.md', import.meta.url), 'utf8')
const { jwtKey, signSessionToken } = await createTestInstance({ type: 'production' })

interface Failure {
  message: string
  reason?: string
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  return work.then(
    () => expect.unreachable(),
    (error: Failure) => error,
  )
}

describe('the page of wording', () => {
  it('quotes what either SDK says without a secret key', async () => {
    for (const client of [createClerkClient({}), createOfficially({})])
      expect(page).toContain((await failureOf(client.users.getUser('user_1'))).message)
  })

  it('tells the truth of an origin that is not allowed: other words, the same reason', async () => {
    const token = await signSessionToken({ azp: 'https://b.example' })
    const options = { jwtKey, authorizedParties: ['https://a.example'] }
    const ours = await failureOf(verifyToken(token, options))
    const theirs = await failureOf(verifyOfficially(token, options))
    expect(ours.reason).toBe(theirs.reason)
    expect(ours.message).toMatch(/^Invalid JWT azp \[.*\], expected \[.*\]\.$/)
    expect(theirs.message).toMatch(/^Invalid JWT Authorized party claim \(azp\) .* Expected ".*"\.$/)
  })
})
