// One process of the measurement of clients: client-worker.mjs serve USER, or client-worker.mjs measure NAME URL
// WARM-UP. The first answers every request with one user; the others send as many requests as a message says.
import { createServer } from 'node:http'
import { clients } from './clients.mjs'

const [role, ...parameters] = process.argv.slice(2)
if (role === 'serve') serve(JSON.parse(parameters[0]))
if (role === 'measure') await measure(...parameters)

function serve(user) {
  const body = JSON.stringify(user)
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body)
  })
  server.listen(0, '127.0.0.1', () => process.send(server.address().port))
}

async function measure(name, url, warmUp) {
  const send = await clients[name](url)
  await sendMany(send, Number(warmUp), 8)
  const round = async ({ requests, connections }) => {
    const before = process.cpuUsage()
    await sendMany(send, requests, connections)
    const { user, system } = process.cpuUsage(before)
    process.send((user + system) / requests)
  }
  process.on('message', (message) => void round(message))
  process.send('ready')
}

async function sendMany(send, count, connections) {
  let left = count
  const work = async () => {
    while (left-- > 0) {
      const user = await send()
      if (user.id !== 'user_1') throw new Error('not the user')
    }
  }
  await Promise.all(Array.from({ length: connections }, work))
}
