import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'
import { production, tokens } from './hono-fastify.test-support.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { publishableKey, secretKey, jwtKey } = production
const environment = { CLERK_PUBLISHABLE_KEY: publishableKey, CLERK_SECRET_KEY: secretKey, CLERK_JWT_KEY: jwtKey }

let end: (() => Promise<void>) | undefined
afterEach(async () => {
  await end?.()
  end = undefined
})

/** Runs the program of a README on a free port; it says itself where that is. */
async function start(name: string): Promise<string> {
  const [, program] = /```js\n([^]*?)```/.exec(readFileSync(`${root}packages/${name}/README.md`, 'utf8'))!
  // Below the repository, where the packages are found.
  const file = `${root}.build/readme-${name}-${process.pid}.mjs`
  mkdirSync(`${root}.build`, { recursive: true })
  writeFileSync(file, program!.replace('port: 3000', 'port: 0'))
  const child = spawn(process.execPath, [file], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = once(child, 'close')
  end = async () => {
    child.kill()
    await closed
    rmSync(file)
  }
  let output = ''
  child.stdout.on('data', (text: Buffer) => (output += text.toString()))
  while (!/http:\S+\n/.test(output))
    await Promise.race([once(child.stdout, 'data'), closed.then(() => Promise.reject(new Error(output)))])
  return /http:\S+/.exec(output)![0]
}

it.each(['hono', 'fastify'])('the program in the README of @latchkey/%s greets who is signed in', async (name) => {
  const url = await start(name)
  const answer = await fetch(url, { headers: { authorization: `Bearer ${tokens.session}` } })
  expect([answer.status, await answer.text()]).toEqual([200, 'Hello, user_test!'])
  expect((await fetch(url)).status).toBe(401)
})
