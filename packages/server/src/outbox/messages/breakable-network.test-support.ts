import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** Leads to a server on this machine, and breaks as networks do: neither side learns what the other has got. */
export class BreakableNetwork {
  readonly #sockets = new Set<Socket>()
  readonly #server = createServer((client) => {
    const server = connect(this.leadsTo(), '127.0.0.1')
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(socket)
      socket
        .on('error', () => {})
        .once('close', () => {
          this.#sockets.delete(socket)
          other.destroy()
        })
    }
    client.pipe(server).pipe(client)
  })

  /** @param leadsTo the port, asked for at each connection */
  constructor(private readonly leadsTo: () => number) {}

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  async start(): Promise<void> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening')
  }

  break(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async stop(): Promise<void> {
    this.break()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
