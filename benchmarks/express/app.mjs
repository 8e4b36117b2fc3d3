// An Express application that answers with the caller's user id. app.mjs PACKAGE PORT OPTIONS
//
// PACKAGE is the package of the middleware, or `none`; OPTIONS are the middleware's, as JSON.
import express from 'express'

const [name, port, options] = process.argv.slice(2)
const app = express()

if (name === 'none') {
  app.get('/', (_request, response) => response.json({ userId: 'user_test' }))
} else {
  const { clerkMiddleware, getAuth } = await import(name)
  app.use(clerkMiddleware(JSON.parse(options)))
  app.get('/', (request, response) => {
    const { userId } = getAuth(request)
    response.status(userId ? 200 : 401).json({ userId })
  })
}

app.listen(Number(port), '127.0.0.1')
