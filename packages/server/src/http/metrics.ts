import { collectDefaultMetrics, Histogram, Registry } from 'prom-client'

/** Counts and times requests by operation and status, for Prometheus. */
export class RequestMetrics {
  readonly #registry = new Registry()
  #hasProcessMetrics = false
  readonly #seconds: Histogram<'operation' | 'status'>
  readonly #observers = new Map<string, { observe(value: number): void }>()

  constructor() {
    this.#seconds = new Histogram({
      name: 'latchkey_request_duration_seconds',
      help: 'Time from a request to its answer',
      labelNames: ['operation', 'status'],
      buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
      registers: [this.#registry],
    })
  }

  /** In the text format of Prometheus. Metrics of the process itself are collected from the first call on. */
  async text(): Promise<{ contentType: string; body: string }> {
    if (!this.#hasProcessMetrics) collectDefaultMetrics({ register: this.#registry })
    this.#hasProcessMetrics = true
    return { contentType: this.#registry.contentType, body: await this.#registry.metrics() }
  }

  observe(operation: string, status: number, seconds: number): void {
    const key = `${operation} ${status}`
    let observer = this.#observers.get(key)
    if (!observer) {
      observer = this.#seconds.labels({ operation, status: String(status) })
      this.#observers.set(key, observer)
    }
    observer.observe(seconds)
  }
}
