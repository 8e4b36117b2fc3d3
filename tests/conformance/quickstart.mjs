// node quickstart.mjs PACKAGE API_URL SECRET_KEY JWT_KEY
//
// What an application's first program does, with the official SDK that PACKAGE names and nothing of ours.
const [, , name, apiUrl, secretKey, jwtKey] = process.argv
const { createClerkClient, verifyToken } = await import(name)

const clerk = createClerkClient({ secretKey, apiUrl })
const user = await clerk.users.createUser({ emailAddress: ['ada@example.com'], password: 'analytical engine' })
const session = await clerk.sessions.createSession({ userId: user.id })
const { jwt } = await clerk.sessions.getToken(session.id)

const byKey = await verifyToken(jwt, { jwtKey })
const byKeySet = await verifyToken(jwt, { secretKey, apiUrl })
process.stdout.write(JSON.stringify({ userId: user.id, sessionId: session.id, byKey, byKeySet }))
