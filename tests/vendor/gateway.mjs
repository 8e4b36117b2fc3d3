import { execFileSync } from 'node:child_process'
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs'
import { createServer as createHttpServer, request as httpRequest } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { join } from 'node:path'
import { once } from 'node:events'
import { hostOf, keys } from './profiles.mjs'
import { answerMailbox } from './mailbox.mjs'

/** The suite's page objects begin to wait for these answers after the click, too late for an answer from this machine. */
const SLOW = /\/(prepare|attempt)_/
const SLOW_MS = 400

/**
 * Stands at the vendor's hosts: hands what comes to the server of the host's or the secret key's instance, and serves
 * the browser packages by plain http.
 *
 * @param {{ folder: string, suite: string, servers: import('./servers.mjs').Servers }} options
 */
export async function startGateway({ folder, suite, servers }) {
  const certificate = makeCertificate(folder)
  const tls = createHttpsServer(certificate, (request, response) => void answer(request, response))
  // Longer than clients keep one that is idle.
  tls.keepAliveTimeout = 120_000
  tls.on('upgrade', (_, socket) => socket.destroy())
  const plain = createHttpServer((request, response) => serveScript(suite, request, response))
  await Promise.all([listen(tls), listen(plain)])

  async function answer(request, response) {
    try {
      if (request.headers.host === 'mailsac.com') return await answerMailbox(request, response, await servers.urls())
      // Some cases follow a link to the vendor's own site, and look where they came to.
      if (request.headers.host === 'clerk.com') return response.end('The vendor')
      const name = nameOf(request)
      if (!name) return response.writeHead(404).end(`No instance for ${request.headers.host}`)
      const url = new URL(await servers.url(name))
      if (SLOW.test(request.url)) await new Promise((resolve) => setTimeout(resolve, SLOW_MS))
      forward(request, response, url)
    } catch (error) {
      response.writeHead(502).end(error.message)
    }
  }

  return {
    tlsPort: tls.address().port,
    url: `http://localhost:${plain.address().port}`,
    certificateFile: certificate.file,
    async stop() {
      for (const server of [tls, plain]) server.close().closeAllConnections()
    },
  }
}

async function listen(server) {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
}

function nameOf({ headers }) {
  const secretKey = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1]
  if (headers.host === 'api.clerk.com') return Object.keys(keys).find((name) => keys[name].sk === secretKey)
  const host = headers.host?.replace(/\.accounts\.dev$/, '.clerk.accounts.dev').replace('.clerk.clerk.', '.clerk.')
  return Object.keys(keys).find((name) => hostOf(name) === host)
}

function forward(request, response, { port }) {
  const headers = { ...request.headers, 'x-forwarded-proto': 'https', 'x-forwarded-host': request.headers.host }
  const outgoing = httpRequest({ host: '127.0.0.1', port, method: request.method, path: request.url, headers })
  outgoing.on('response', (incoming) => {
    response.writeHead(incoming.statusCode, incoming.headers)
    incoming.pipe(response)
  })
  outgoing.on('error', () => response.destroy())
  response.on('close', () => outgoing.destroy())
  request.pipe(outgoing)
}

/** `/clerk-js/…` and `/ui/…` are the packages' `dist` folders. */
function serveScript(suite, request, response) {
  if (request.headers.host === 'clerk.com') return response.writeHead(301, { location: 'https://clerk.com/' }).end()
  const [, name, file] = /^\/(clerk-js|ui)\/([\w.-]+)(?:\?.*)?$/.exec(request.url) ?? []
  const path = name && join(suite, 'node_modules/@clerk', name, 'dist', file)
  if (!path || !existsSync(path) || !statSync(path).isFile()) return response.writeHead(404).end()
  response.writeHead(200, {
    'content-type': 'application/javascript; charset=utf-8',
    'access-control-allow-origin': '*',
  })
  createReadStream(path).pipe(response)
}

/** Of itself, so that it is also what Node.js trusts. */
function makeCertificate(folder) {
  const [keyFile, file] = [join(folder, 'gateway.key'), join(folder, 'gateway.crt')]
  if (!existsSync(file)) {
    const names = ['api.clerk.com', 'mailsac.com', ...Object.keys(keys).flatMap((name) => [hostOf(name)])]
    const request = 'req -x509 -newkey rsa:2048 -nodes -days 365 -subj /CN=suite'.split(' ')
    const alternatives = `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`
    execFileSync('openssl', [...request, '-keyout', keyFile, '-out', file, '-addext', alternatives])
  }
  return { key: readFileSync(keyFile), cert: readFileSync(file), file }
}
