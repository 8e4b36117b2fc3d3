import { once } from 'node:events'
import { connect, createServer } from 'node:net'

/** @import { AddressInfo, Server, Socket } from 'node:net' */

/**
 * A TCP proxy before a database, which can fall silent or be gone.
 *
 * @typedef {{
 *   location: string the database's URL through the proxy
 *   silence(): void passes on nothing more, in either direction, not even that a side has closed
 *   resume(): void new connections are served; those that have fallen silent stay so
 *   goDown(): Promise<void> breaks all connections and refuses new ones
 *   comeBack(): Promise<void>
 *   readonly opened: number how many connections were opened through it
 *   close(): Promise<void>
 * }} Proxy
 *
 * @param {string} location
 * @param {{ heard?(connection: number, data: Buffer): void }} [options] `heard` is told what clients send; connections are
 *   numbered from 1
 * @returns {Promise<Proxy>}
 */
export async function openProxy(location, { heard = () => {} } = {}) {
  const target = new URL(location)
  /** @type {Set<Socket>} */
  const sockets = new Set()
  let silent = false
  let opened = 0
  /** @type {Server} */
  let server

  const pass = (/** @type {Socket} */ from, /** @type {Socket} */ to) => {
    sockets.add(from)
    from.on('data', (data) => void (mute.has(from) || to.write(data)))
    from.on('error', () => {})
    from.on('close', () => {
      sockets.delete(from)
      if (!mute.has(from)) to.destroy()
    })
  }
  const mute = new WeakSet()
  const start = async (/** @type {number} */ port) => {
    server = createServer({ allowHalfOpen: true }, (near) => {
      opened += 1
      if (silent) {
        mute.add(near)
        sockets.add(near)
        near.on('error', () => {})
        near.resume()
        return
      }
      const number = opened
      near.on('data', (data) => heard(number, data))
      const far = connect(Number(target.port), target.hostname)
      pass(near, far)
      pass(far, near)
    })
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return /** @type {AddressInfo} */ (server.address()).port
  }
  const stop = async () => {
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }

  const port = await start(0)
  const url = new URL(location)
  url.hostname = '127.0.0.1'
  url.port = String(port)
  return {
    location: url.href,
    silence() {
      silent = true
      for (const socket of sockets) mute.add(socket)
    },
    resume() {
      silent = false
    },
    goDown: stop,
    comeBack: async () => void (await start(port)),
    get opened() {
      return opened
    },
    close: async () => {
      if (server.listening) await stop()
    },
  }
}
