/** A correction of the page: what it says, and what was meant. Nothing else in its code is changed. */
export type Correction = [says: string, means: string]

export interface CodeBlock {
  heading: string
  /** As the page has it. */
  code: string
  corrections?: Correction[]
  /** How it is loaded. Default is `esm`. */
  format?: 'cjs' | 'esm'
  /** What a program around it does: `before` makes what the page takes for granted, `answer` is printed as JSON. */
  before?: string
  answer: string
}

const PACKAGE: Correction = ['clerk-sdk-node', '@latchkey/sdk-node']
const PACKAGE_OF_MIDDLEWARE: Correction = ['sdk-server-node', '@latchkey/sdk-node']

/** What the page writes where everyone has a value of their own. */
export const placeholders = {
  'my-clerk-server-api-key': 'secretKey',
  'my-api-key': 'secretKey',
  'my-client-id': 'clientId',
  'my-session-id': 'sessionId',
  'my-session-token': 'token',
  'my-user-id': 'userId',
  'my- user-id': 'userId',
  'recipient-email-address-id': 'emailAddressId',
  'recipient-phone-number-id': 'phoneNumberId',
} as const

const VISITOR = 'const req = { headers: { cookie: `__session=${token}` } }\nconst res = { statusCode: 200, end() {} }'

/** Every code block of the readme of the classic Node SDK 0.0.5 in its order, the two commands that install it left out. */
export const codeBlocks: CodeBlock[] = [
  {
    heading: 'Usage with ES modules',
    code: `import Clerk from "clerk-sdk-node";
const clerk = new Clerk.default("my-clerk-server-api-key");`,
    corrections: [PACKAGE],
    answer: 'clerk.userApi.getUserList()',
  },
  {
    heading: 'Usage with CommonJS',
    code: `const Clerk = require('clerk-sdk-node');
const clerk = new Clerk.default("my-clerk-server-api-key");`,
    corrections: [PACKAGE],
    format: 'cjs',
    answer: 'clerk.userApi.getUserList()',
  },
  {
    heading: 'Passing options to underlying http client',
    code: `sdk = new Clerk(apiKey, { httpOptions: headers: {
'x-unicorn': 'rainbow'
} })`,
    corrections: [
      ['httpOptions: headers:', 'httpOptions: { headers:'],
      ["'rainbow'\n}", "'rainbow'\n} }"],
    ],
    before: 'let sdk',
    answer: 'sdk.userApi.getUserList()',
  },
  { heading: 'getClientList()', code: 'let clients = await clerk.clientApi.getClientList();', answer: 'clients' },
  {
    heading: 'getClient(clientId)',
    code: `const clientID = "my-client-id";
let client = await clerk.clientApi.getClient(clientId);`,
    corrections: [['clientID', 'clientId']],
    answer: 'client',
  },
  {
    heading: 'verifyClient(sessionToken)',
    code: `const sessionToken = "my-session-token";
let client = await clerk.clientApi.verifyClient(sessionToken);`,
    answer: 'client',
  },
  { heading: 'getSessionList()', code: 'let sessions = await clerk.sessionApi.getSessionList();', answer: 'sessions' },
  {
    heading: 'getSessionList({ clientId, userId })',
    code: `const clientId = "my-client-id";
const userId = "my- user-id";
let sessions = await clerk.sessionApi.getSessionList({ clientId, sessionId });`,
    corrections: [['{ clientId, sessionId }', '{ clientId, userId }']],
    answer: 'sessions',
  },
  {
    heading: 'getSession(sessionId)',
    code: 'let session = await clerk.sessionApi.getSession(sessionId);',
    answer: 'session',
  },
  {
    heading: 'revokeSession(sessionId)',
    code: `const sessionId = "my-session-id";
let session = await clerk.sessionApi.revokeSession(sessionId);`,
    answer: 'session',
  },
  {
    heading: 'verifySession(sessionId, sessionToken)',
    code: `const sessionId = "my-session-id";
const sessionToken = "my-session-token";
let session = await clerk.sessionApi.verifySession(sessionId, sessionToken);`,
    answer: 'session',
  },
  { heading: 'getUserList()', code: 'let users = await clerk.userApi.getUserList();', answer: 'users' },
  {
    heading: 'getUser(userId)',
    code: `const userId = "my-user-id";
const user = await clerk.userApi.getUser(userId);`,
    answer: 'user',
  },
  {
    heading: 'updateUser(userId, params)',
    code: `const userId = "my-user-id";
const params = { firstName = "John", lastName: "Wick" }; // See below for all supported keys
const user = await clerk.userApi.update(userId, params)`,
    corrections: [['firstName = "John"', 'firstName: "John"']],
    answer: 'user',
  },
  {
    heading: 'deleteUser(userId)',
    code: `const userId = "my-user-id";
user = await clerk.userApi.deleteUser(userId);`,
    before: 'let user',
    answer: 'user',
  },
  {
    heading: 'createEmail({ fromEmailName, subject, body, emailAddressId })',
    code: `const fromEmailName = "sales"; // i.e. the "sales" in sales@example.com
const subject = "Free tacos";
const body = "Join us via Zoom for remote Taco Tuesday!";
const emailAddressId = "recipient-email-address-id";
let email = await clerk.emailApi.createEmail({ fromEmailName, subject, body, emailAddressId });`,
    answer: 'email',
  },
  {
    heading: 'createSMSMessage({ message, phoneNumberId })',
    code: `const message = "All glory to the Hypnotoad!";
const phoneNumberId = "recipient-phone-number-id";
let smsMessage = await clerk.smsMessageApi.createSMSMessage({ message, phoneNumberId });`,
    answer: 'smsMessage',
  },
  {
    heading: 'Express middleware',
    code: `import { ExpressAuthMiddleware } from 'sdk-server-node';
// Initialize express app the usual way
const apiKey = "my-api-key";
const options = {
serverApiUrl: '', // You would generally ever need to override this
onError: function() {} // Function to call if the middleware encounters or fails to authenticate, can be used to provide logging etc
};
app.use(ExpressAuthMiddleware(apiKey, options));`,
    corrections: [PACKAGE_OF_MIDDLEWARE],
    before: "import express from 'express'\nconst app = express()",
    answer: `new Promise((resolve) => {
app.get('/', (request, response) => response.json({ userId: request.session?.userId ?? null }))
const listening = app.listen(0, '127.0.0.1', async () => {
const url = 'http://127.0.0.1:' + listening.address().port
const visit = async (headers) => (await fetch(url, { headers })).json()
resolve([await visit({ cookie: '__session=' + token }), await visit({})])
listening.close()
listening.closeAllConnections()
})
})`,
  },
  {
    heading: 'Next: withSession',
    code: `import { withSession, WithSessionProp } from 'clerk-sdk-node';
function handler(req WithSessionProp<NextApiRequest>, res: NextApiResponse) {
if (req.session) {
// do something with session.userId
} else {
// Respond with 401 or similar
}
}`,
    corrections: [PACKAGE, ['req WithSessionProp', 'req: WithSessionProp']],
    before: VISITOR,
    answer: 'withSession(handler)(req, res).then(() => ({ userId: req.session.userId, statusCode: res.statusCode }))',
  },
  {
    heading: 'Next: requireSession',
    code: `import { requireSession, RequireSessionProp } from 'clerk-sdk-node';
function handler(req RequireSessionProp<NextApiRequest>, res: NextApiResponse) {
// do something with session.user_id
}`,
    corrections: [PACKAGE, ['req RequireSessionProp', 'req: RequireSessionProp']],
    before: VISITOR,
    answer: `(async () => {
await requireSession(handler)(req, res)
const stranger = { statusCode: 200, end() {} }
await requireSession(handler)({ headers: {} }, stranger)
return { userId: req.session.user_id, statusCodes: [res.statusCode, stranger.statusCode] }
})()`,
  },
]
