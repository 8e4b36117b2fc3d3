import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import type { CompiledQuery } from 'kysely'
import { SQLITE_MODULE } from './sqlite-module.js'
import { DatabaseUnavailable, readSqliteError } from './unavailable.js'

type Row = Record<string, unknown>

/** What runs in the thread: plain JavaScript, the same whether the server runs from its sources or built. */
const PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads')
const { DatabaseSync } = require(workerData.module)
const connection = new DatabaseSync(workerData.location, { readOnly: true })
connection.exec('pragma mmap_size = 268435456; pragma temp_store = memory; pragma busy_timeout = ' + workerData.timeout)
parentPort.on('message', (query) => {
  if (query === null) {
    connection.close()
    return parentPort.close()
  }
  try {
    parentPort.postMessage({ rows: connection.prepare(query.sql).all(...query.parameters) })
  } catch (error) {
    parentPort.postMessage({ failure: { code: error.code, message: error.message } })
  }
})
`

interface Failure {
  code?: unknown
  message: string
}

type Answer = { rows: Row[]; failure?: undefined } | { rows?: undefined; failure: Failure }

interface Task {
  query: CompiledQuery
  timer: NodeJS.Timeout
  resolve(rows: Row[]): void
  reject(error: Error): void
}

interface AsideOptions {
  location: string
  /** Milliseconds that a query may wait and run. */
  timeout: number
}

/**
 * Runs queries of SQLite that may take long in a thread of their own, one after the other: SQLite would keep all other
 * requests waiting meanwhile. The thread starts with the first one, and reads what was committed before the query began.
 */
export class Aside {
  readonly #tasks: Task[] = []
  #worker: Worker | undefined

  constructor(private readonly options: AsideOptions) {}

  rows(query: CompiledQuery): Promise<Row[]> {
    const { timeout } = this.options
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#expire(task), timeout).unref()
      const task: Task = { query, timer, resolve, reject }
      this.#tasks.push(task)
      if (this.#tasks.length === 1) this.#start()
    })
  }

  /** Waits for the query that runs; the thread's connection is closed then. */
  async close(): Promise<void> {
    const worker = this.#worker
    if (!worker) return
    const exited = new Promise((resolve) => worker.once('exit', resolve))
    worker.ref()
    worker.postMessage(null)
    await exited
  }

  #start(): void {
    const [task] = this.#tasks
    // A thread with nothing to do keeps no program from ending.
    if (!task) return this.#worker?.unref()
    const { sql, parameters } = task.query
    this.#worker ??= this.#open()
    this.#worker.ref()
    this.#worker.postMessage({ sql, parameters })
  }

  #open(): Worker {
    const { location, timeout } = this.options
    const module = createRequire(import.meta.url).resolve(SQLITE_MODULE)
    const worker = new Worker(PROGRAM, { eval: true, workerData: { module, location, timeout } })
    worker.on('message', ({ rows, failure }: Answer) =>
      this.#settle((task) => (rows ? task.resolve(rows) : task.reject(toError(failure)))),
    )
    worker.on('error', (error) => {
      this.#worker = undefined
      this.#settle((task) => task.reject(error as Error))
    })
    return worker
  }

  #settle(answer: (task: Task) => void): void {
    const task = this.#tasks.shift()
    if (!task) return
    clearTimeout(task.timer)
    answer(task)
    this.#start()
  }

  /** A query that runs cannot be interrupted: its thread is left to itself, and the next query gets another. */
  #expire(task: Task): void {
    const isRunning = this.#tasks[0] === task
    const unavailable = new DatabaseUnavailable(`A query took longer than ${this.options.timeout} ms`, 'ETIMEDOUT')
    if (!isRunning) {
      this.#tasks.splice(this.#tasks.indexOf(task), 1)
      return task.reject(unavailable)
    }
    // Nobody waits for what it still says. Without a listener, an error of its own would end the program.
    this.#worker?.removeAllListeners().on('error', () => {})
    void this.#worker?.terminate()
    this.#worker = undefined
    this.#settle(() => task.reject(unavailable))
  }
}

function toError({ code, message }: Failure): Error {
  return readSqliteError(Object.assign(new Error(message), { code })) as Error
}
