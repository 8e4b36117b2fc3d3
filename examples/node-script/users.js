import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { createClerkClient, verifyToken } from '@latchkey/backend'

const USAGE = `Usage: node users.js COMMAND

  list [QUERY]                                 users, newest first; QUERY is part of a name or an address
  create EMAIL [--first NAME] [--last NAME]    makes a user
  update USER_ID [--first NAME] [--last NAME]  changes one
  ban USER_ID                                  ends the user's sessions and lets no new ones begin
  unban USER_ID                                takes that back
  token USER_ID                                begins a session, and prints a token for it that lasts a minute
  verify TOKEN                                 prints whose token it is, or why it is invalid`

const REQUIRED = { CLERK_SECRET_KEY: 'sk_test_…' }

const commands = {
  async list(clerk, [query]) {
    const { data, totalCount } = await clerk.users.getUserList({
      limit: 100,
      orderBy: '-created_at',
      ...(query ? { query } : {}),
    })
    return [...data.map(describe), `${data.length} of ${totalCount}`].join('\n')
  },

  async create(clerk, [email], names) {
    return describe(await clerk.users.createUser({ emailAddress: [email], ...names }))
  },

  async update(clerk, [userId], names) {
    return describe(await clerk.users.updateUser(userId, names))
  },

  async ban(clerk, [userId]) {
    return describe(await clerk.users.banUser(userId))
  },

  async unban(clerk, [userId]) {
    return describe(await clerk.users.unbanUser(userId))
  },

  async token(clerk, [userId]) {
    const session = await clerk.sessions.createSession({ userId })
    const { jwt } = await clerk.sessions.getToken(session.id)
    return jwt
  },

  async verify(clerk, [token]) {
    const { CLERK_SECRET_KEY: secretKey, CLERK_API_URL: apiUrl } = process.env
    const { sub, sid, exp } = await verifyToken(token, { secretKey, apiUrl })
    const { status } = await clerk.sessions.getSession(sid)
    return `${sub}, until ${new Date(exp * 1000).toISOString()}; the session is ${status}`
  },
}

function describe(user) {
  const name = [user.firstName, user.lastName].filter(Boolean).join(' ') || '-'
  return [user.id, user.primaryEmailAddress?.emailAddress ?? '-', name, ...(user.banned ? ['banned'] : [])].join('  ')
}

/** Exits with one line that says what to do. */
function fail(message) {
  console.error(message)
  process.exit(1)
}

function readSettings() {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const missing = Object.entries(REQUIRED).filter(([name]) => !process.env[name])
  if (missing.length === 0) return
  const lines = missing.map(([name, example]) => `  ${name}=${example}`).join('\n')
  fail(
    `Missing settings. Put these lines into ${process.cwd()}/.env:\n\n${lines}\n\n"npm start" in the root of the repository prints the keys.`,
  )
}

function readArguments() {
  try {
    return parseArgs({ allowPositionals: true, options: { first: { type: 'string' }, last: { type: 'string' } } })
  } catch (error) {
    return fail(`${error.message}\n\n${USAGE}`)
  }
}

const {
  values,
  positionals: [name, ...rest],
} = readArguments()
if (!Object.hasOwn(commands, name ?? '') || (name !== 'list' && rest.length !== 1)) fail(USAGE)
readSettings()

const clerk = createClerkClient({ secretKey: process.env.CLERK_SECRET_KEY, apiUrl: process.env.CLERK_API_URL })
const names = {
  ...(values.first === undefined ? {} : { firstName: values.first }),
  ...(values.last === undefined ? {} : { lastName: values.last }),
}
try {
  console.log(await commands[name](clerk, rest, names))
} catch (error) {
  // An error of the API has its reasons in `errors`. Any other error, such as an expired token, has a message.
  const reasons = error.errors?.map(({ longMessage, message }) => longMessage || message) ?? []
  fail(reasons.join('\n') || error.message)
}
