import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** A TCP proxy before a database, which can fall silent or be gone. */
export interface Proxy {
  /** The database's URL through the proxy. */
  location: string
  /** Passes on nothing more, in either direction, not even that a side has closed. */
  silence(): void
  /** New connections are served; those that have fallen silent stay so. */
  resume(): void
  /** Breaks all connections and refuses new ones. */
  goDown(): Promise<void>
  comeBack(): Promise<void>
  /** How many connections were opened through it. */
  readonly opened: number
  close(): Promise<void>
}

export async function openProxy(location: string): Promise<Proxy> {
  const target = new URL(location)
  const sockets = new Set<Socket>()
  let silent = false
  let opened = 0
  let server: Server

  const pass = (from: Socket, to: Socket) => {
    sockets.add(from)
    from.on('data', (data) => void (mute.has(from) || to.write(data)))
    from.on('error', () => {})
    from.on('close', () => {
      sockets.delete(from)
      if (!mute.has(from)) to.destroy()
    })
  }
  const mute = new WeakSet<Socket>()
  const start = async (port: number) => {
    server = createServer({ allowHalfOpen: true }, (near) => {
      opened += 1
      if (silent) {
        mute.add(near)
        sockets.add(near)
        near.on('error', () => {})
        near.resume()
        return
      }
      const far = connect(Number(target.port), target.hostname)
      pass(near, far)
      pass(far, near)
    })
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
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
