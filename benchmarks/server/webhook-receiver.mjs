// Takes webhooks on a port of its own, and says how many came. Below `/silent` it never answers.
import { createServer } from 'node:http'

let count = 0
const server = createServer((request, response) => {
  request.resume()
  request.on('end', () => {
    if (request.url === '/silent') return
    response.writeHead(204).end()
    process.send({ count: ++count })
  })
})
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))
