import { connect, Socket } from 'node:net'
import pg from 'pg'
import { DatabaseUnavailable, readPostgresError } from './unavailable.js'

/** Milliseconds that PostgreSQL has to answer after a statement was cancelled. */
const GRACE = 1000
/** Milliseconds that connections get to say goodbye. */
const CLOSING = 1000
/** Milliseconds after which a connection without traffic is asked whether it is still there. */
const KEEP_ALIVE = 10_000

/** A standby after a failover: it takes no writes, and its connections are of no use any more. */
const READ_ONLY = '25006'

/** How far connections are trusted; pools of one server share it. */
export class Trust {
  generation = 0
}

export interface PoolOptions {
  location: string
  size: number
  /** Milliseconds that a request waits for a connection, and then for each answer. */
  timeout: number
  types: pg.CustomTypesConfig
  trust: Trust
}

/** A client that owns its socket: one that has fallen silent never ends by itself. */
class Client extends pg.Client {
  readonly socket: Socket
  generation = 0

  constructor(config: pg.ClientConfig = {}) {
    const socket = new Socket()
    super({ ...config, stream: () => socket })
    this.socket = socket
  }
}

type PoolClient = Client & pg.PoolClient

/** Connections that are waited for only so long, and replaced when they break or fall silent. */
export class ConnectionPool {
  readonly #pool: pg.Pool
  readonly #trust: Trust
  readonly #connections = new Map<pg.PoolClient, Connection>()
  readonly #timeout: number
  #ended: Promise<void> | undefined

  constructor({ location, size, timeout, types, trust }: PoolOptions) {
    this.#trust = trust
    this.#timeout = timeout
    this.#pool = new pg.Pool({
      Client: Client as unknown as new () => pg.ClientBase,
      connectionString: location,
      max: size,
      // For a new connection and for one that others give back.
      connectionTimeoutMillis: timeout,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE,
      types,
    })
    // A broken connection is replaced at the next use, and its query fails by itself. Without listeners, its error
    // would end the process.
    this.#pool.on('error', () => {})
    this.#pool.on('connect', (client) => {
      client.on('error', () => {})
      ;(client as PoolClient).generation = trust.generation
      this.#connections.set(client, new Connection(client as PoolClient, this.#timeout, trust))
    })
    this.#pool.on('remove', (client) => this.#connections.delete(client))
  }

  /** @throws {DatabaseUnavailable} if there is none in time */
  async connect(): Promise<Connection> {
    for (;;) {
      let client: pg.PoolClient
      try {
        client = await this.#pool.connect()
      } catch (error) {
        const { code = 'ETIMEDOUT', message } = error as { code?: string; message: string }
        throw new DatabaseUnavailable(message || code, code, { cause: error })
      }
      const connection = this.#connections.get(client)!
      if ((client as PoolClient).generation === this.#trust.generation) return connection
      connection.destroy()
      connection.release()
    }
  }

  /** Also ends when PostgreSQL does not answer. */
  end(): Promise<void> {
    return (this.#ended ??= this.#end())
  }

  async #end(): Promise<void> {
    const cutOff = setTimeout(() => {
      for (const connection of this.#connections.values()) connection.destroy()
    }, CLOSING)
    await this.#pool.end()
    // The pool does not wait for its connections.
    await Promise.all([...this.#connections.keys()].map((client) => closed((client as PoolClient).socket)))
    clearTimeout(cutOff)
  }
}

export type Answer = pg.QueryResult<Record<string, unknown>>

/** One connection, whose answers are waited for only so long. */
export class Connection {
  #broken = false

  constructor(
    readonly client: PoolClient,
    private readonly timeout: number,
    private readonly trust: Trust,
  ) {}

  /**
   * @param patient waits as long as it takes
   * @throws {DatabaseUnavailable} if the database is gone, or does not answer in time
   */
  async query(statement: pg.QueryConfig, { patient = false } = {}): Promise<Answer> {
    let silent = false
    let timer: NodeJS.Timeout | undefined
    if (!patient) {
      timer = setTimeout(() => {
        cancel(this.client)
        timer = setTimeout(() => {
          silent = true
          // What PostgreSQL did not answer here it hardly will on the others.
          this.trust.generation += 1
          this.destroy()
        }, GRACE)
      }, this.timeout)
    }
    try {
      return (await this.client.query(statement)) as Answer
    } catch (error) {
      if (silent) throw new DatabaseUnavailable(`PostgreSQL did not answer within ${this.timeout} ms`, 'ETIMEDOUT')
      const read = readPostgresError(error)
      if (read instanceof DatabaseUnavailable && read.code === READ_ONLY) {
        this.trust.generation += 1
        this.#broken = true
      }
      throw read
    } finally {
      clearTimeout(timer)
    }
  }

  destroy(): void {
    this.#broken = true
    this.client.socket.destroy()
  }

  release(): void {
    this.client.release(this.#broken)
  }
}

const CANCEL_REQUEST = 80_877_102

/** Asks PostgreSQL to stop the statement that runs on the connection. Nobody answers that. */
function cancel(client: Client): void {
  const { host, port, processID, secretKey } = client as unknown as Record<string, unknown>
  if (typeof processID !== 'number' || typeof secretKey !== 'number') return
  const message = Buffer.alloc(16)
  message.writeInt32BE(16, 0)
  message.writeInt32BE(CANCEL_REQUEST, 4)
  message.writeInt32BE(processID, 8)
  message.writeInt32BE(secretKey, 12)
  const at = String(host)
  const socket = at.startsWith('/') ? connect(`${at}/.s.PGSQL.${String(port)}`) : connect(Number(port), at)
  socket.on('error', () => {})
  socket.setTimeout(GRACE, () => socket.destroy())
  socket.end(message)
  socket.unref()
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => (socket.closed ? resolve() : socket.once('close', () => resolve())))
}
