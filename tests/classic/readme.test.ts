import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createClerkClient } from '@latchkey/backend'
import { transform } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { useLatchkey, type Summary } from '../../packages/cli/src/latchkey.test-support.js'
import { readTables } from './pages.js'
import { codeBlocks, placeholders, type CodeBlock } from './readme.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Someone who is signed in, for one block. */
type World = Record<
  'secretKey' | 'userId' | 'sessionId' | 'clientId' | 'token' | 'emailAddressId' | 'phoneNumberId',
  string
>

/** What the answer of each block is, by its heading. */
const answers: Record<string, (world: World) => unknown> = {
  'Usage with ES modules': userOf,
  'Usage with CommonJS': userOf,
  'Passing options to underlying http client': userOf,
  'getClientList()': ({ clientId }) => expect.arrayContaining([expect.objectContaining({ id: clientId })]),
  'getClient(clientId)': ({ clientId, sessionId }) =>
    expect.objectContaining({ id: clientId, sessionIds: [sessionId] }),
  'verifyClient(sessionToken)': ({ clientId, sessionId }) =>
    expect.objectContaining({ id: clientId, lastActiveSessionId: sessionId }),
  'getSessionList()': ({ sessionId }) => expect.arrayContaining([expect.objectContaining({ id: sessionId })]),
  'getSessionList({ clientId, userId })': ({ sessionId }) => [expect.objectContaining({ id: sessionId })],
  'getSession(sessionId)': ({ sessionId, userId, clientId }) =>
    expect.objectContaining({ id: sessionId, userId, clientId, status: 'active' }),
  'revokeSession(sessionId)': ({ sessionId }) => expect.objectContaining({ id: sessionId, status: 'revoked' }),
  'verifySession(sessionId, sessionToken)': ({ sessionId }) =>
    expect.objectContaining({ id: sessionId, status: 'active' }),
  'getUserList()': userOf,
  'getUser(userId)': ({ userId }) => expect.objectContaining({ id: userId, firstName: 'Ada' }),
  'updateUser(userId, params)': ({ userId }) =>
    expect.objectContaining({ id: userId, firstName: 'John', lastName: 'Wick' }),
  'deleteUser(userId)': ({ userId }) => expect.objectContaining({ id: userId, deleted: true }),
  'createEmail({ fromEmailName, subject, body, emailAddressId })': ({ emailAddressId }) =>
    expect.objectContaining({
      emailAddressId,
      fromEmailName: 'sales',
      subject: 'Free tacos',
      body: 'Join us via Zoom for remote Taco Tuesday!',
    }),
  'createSMSMessage({ message, phoneNumberId })': ({ phoneNumberId }) =>
    expect.objectContaining({ phoneNumberId, message: 'All glory to the Hypnotoad!' }),
  'Express middleware': ({ userId }) => [{ userId }, { userId: null }],
  'Next: withSession': ({ userId }) => ({ userId, statusCode: 200 }),
  'Next: requireSession': ({ userId }) => ({ userId, statusCodes: [200, 401] }),
}

function userOf({ userId }: World): unknown {
  return expect.arrayContaining([expect.objectContaining({ id: userId })])
}

describe('the readme of the classic Node SDK, against the built program', () => {
  const latchkey = useLatchkey()

  it('has an answer for each of its blocks', () => {
    expect(codeBlocks.map(({ heading }) => heading)).toEqual(Object.keys(answers))
  })

  it('is corrected as docs/calls.md lists, and nowhere else', () => {
    const code = (text: string) => `\`${text.replace('\n', ' ')}\``
    const corrections = codeBlocks.flatMap(({ heading, corrections: list = [] }) =>
      list.map(([says, means]) => [heading, code(says), code(means)]),
    )
    expect(corrections).toEqual(readTables('calls.md').get('What its code means'))
  })

  it('runs block by block', async () => {
    const server = await latchkey.serve(['dev', '--database', ':memory:'])
    const environment = { PATH: process.env['PATH'], CLERK_API_URL: server.apiUrl, CLERK_API_KEY: server.secretKey }
    for (const [index, block] of codeBlocks.entries()) {
      const world = await signIn(server, 1000 + index)
      const type = block.format === 'cjs' ? 'commonjs' : 'module'
      const program = await programOf(block, world)
      const { stdout } = await promisify(execFile)(process.execPath, [`--input-type=${type}`, '-e', program], {
        cwd: root,
        env: environment,
      })
      expect(JSON.parse(stdout), block.heading).toEqual(answers[block.heading]!(world))
    }
  })
})

async function signIn({ secretKey, apiUrl }: Summary, number: number): Promise<World> {
  const client = createClerkClient({ secretKey, apiUrl })
  const user = await client.users.createUser({
    firstName: 'Ada',
    emailAddress: [`ada-${number}@example.com`],
    phoneNumber: [`+1415555${number}`],
  })
  const session = await client.sessions.createSession({ userId: user.id })
  const { jwt: token } = await client.sessions.getToken(session.id)
  const { id: emailAddressId } = user.emailAddresses[0]!
  const { id: phoneNumberId } = user.phoneNumbers[0]!
  return {
    secretKey,
    userId: user.id,
    sessionId: session.id,
    clientId: session.clientId,
    token,
    emailAddressId,
    phoneNumberId,
  }
}

/** The block as a program: with its corrections, the visitor's own values, and what the page takes for granted around it. */
async function programOf(
  { code, corrections = [], format = 'esm', before = '', answer }: CodeBlock,
  world: World,
): Promise<string> {
  let text = code
  for (const [says, means] of corrections) {
    if (!text.includes(says)) throw new Error(`The block does not say ${says}`)
    text = text.replaceAll(says, means)
  }
  for (const [placeholder, name] of Object.entries(placeholders))
    text = text.replaceAll(`"${placeholder}"`, JSON.stringify(world[name]))
  const isImport = (line: string) => line.startsWith('import ')
  const imports = `${before}\n${text}`.split('\n').filter(isImport)
  const [beforeRest, rest] = [before, text].map((part) =>
    part
      .split('\n')
      .filter((line) => !isImport(line))
      .join('\n'),
  )
  const granted = `const { sessionId, clientId, token } = ${JSON.stringify(world)}\nconst apiKey = ${JSON.stringify(world.secretKey)}`
  const clerk = text.includes('new Clerk.default') ? '' : 'const clerk = new Clerk(apiKey)'
  if (format === 'esm' && !imports.some((line) => line.startsWith('import Clerk ')))
    imports.push("import Clerk from '@latchkey/sdk-node'")
  const body = `{\n${rest}\n;Promise.resolve(${answer}).then((result) => console.log(JSON.stringify(result)))\n}`
  const program = [...imports, granted, clerk, beforeRest, body].join('\n')
  return (await transform(program, { loader: 'ts', format, target: 'node20' })).code
}
