import type { Sent } from './send.js'
import type { OutgoingRequest } from './transport.js'
import { VERSION } from './version.js'

/** Where `@opentelemetry/api` keeps the tracer that an application has registered. */
const API = Symbol.for('opentelemetry.js.api.1')

/** The key of the current span in an OpenTelemetry context. */
const CURRENT_SPAN = Symbol.for('OpenTelemetry Context Key SPAN')

const KIND_CLIENT = 2
const STATUS_ERROR = 2

type Attributes = Record<string, string | number>

interface Span {
  setAttributes(attributes: Attributes): unknown
  setStatus(status: { code: number }): unknown
  end(): void
}

interface Context {
  setValue(key: symbol, value: unknown): Context
}

interface OpenTelemetry {
  trace?: { getTracer(name: string, version: string): { startSpan(name: string, options: object): Span } }
  context?: { active(): Context; with<T>(context: Context, work: () => T): T }
}

/** Runs the work in a span if the application has registered a tracer; otherwise just runs it. */
export function traced(name: string, request: OutgoingRequest, work: () => Promise<Sent>): Promise<Sent> {
  const api = (globalThis as Record<symbol, OpenTelemetry | undefined>)[API]
  return api?.trace ? inSpan(api, name, request, work) : work()
}

async function inSpan(
  { trace, context }: OpenTelemetry,
  name: string,
  { method, url }: OutgoingRequest,
  work: () => Promise<Sent>,
): Promise<Sent> {
  const { hostname, port, pathname } = new URL(url)
  const attributes: Attributes = {
    'http.request.method': method,
    'server.address': hostname,
    'url.path': pathname,
    ...(port && { 'server.port': Number(port) }),
  }
  const span = trace!.getTracer('@latchkey/backend', VERSION).startSpan(name, { kind: KIND_CLIENT, attributes })
  try {
    const result = await (context ? context.with(context.active().setValue(CURRENT_SPAN, span), work) : work())
    span.setAttributes({ 'http.response.status_code': result.answer.status, 'http.request.resend_count': result.retry })
    return result
  } catch (error) {
    const { status, name } = error as { status?: number; name?: string }
    if (status !== undefined) span.setAttributes({ 'http.response.status_code': status })
    span.setAttributes({ 'error.type': String(status ?? name) })
    span.setStatus({ code: STATUS_ERROR })
    throw error
  } finally {
    span.end()
  }
}
