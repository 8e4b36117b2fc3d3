import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { RecordedRequest } from '../recorder.test-support.js'

const file = fileURLToPath(new URL('../../../../docs/sdk/differences.md', import.meta.url))

/** A request in one line. */
export function describeRequest({ method, path, query, body }: RecordedRequest): string {
  const text = `${method} ${path}${query.length > 0 ? `?${query.join('&')}` : ''}`
  return body === undefined ? text : `${text} ${JSON.stringify(body)}`
}

/** Names each field of the official result that ours does not have with the same value. */
export function lackingFields(official: unknown, ours: unknown, at = ''): string[] {
  if (Array.isArray(official) && Array.isArray(ours) && official.length === ours.length) {
    return official.flatMap((item, index) => lackingFields(item, ours[index], at))
  }
  if (isFields(official) && isFields(ours)) {
    return Object.keys(official).flatMap((name) =>
      lackingFields(official[name], ours[name], at ? `${at}.${name}` : name),
    )
  }
  return JSON.stringify(official) === JSON.stringify(ours) ? [] : [at || 'all of it']
}

/** Collects, by the kind of the resource, the fields that ours has and the official result has not. */
export function collectFurtherFields(official: unknown, ours: unknown, into: Map<string, Set<string>>): void {
  if (Array.isArray(official) && Array.isArray(ours))
    official.forEach((item, index) => collectFurtherFields(item, ours[index], into))
  if (!isFields(official) || !isFields(ours)) return
  const kind = 'deleted' in ours ? 'what is deleted' : ours['object']
  for (const name of Object.keys(ours)) {
    if (name in official) collectFurtherFields(official[name], ours[name], into)
    else if (typeof kind === 'string' && name !== 'object') into.set(kind, (into.get(kind) ?? new Set()).add(name))
  }
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The part of the page that one test writes; what others have written around it stays. */
export class Section {
  readonly #start: string
  readonly #end: string

  /** @param writer The test, from the root of the repository. */
  constructor(writer: string) {
    this.#start = `<!-- Written by ${writer}; UPDATE=1 writes it anew. -->`
    this.#end = `<!-- End of what is written by ${writer.replace(/.*\//, '')}. -->`
  }

  read(): string {
    const text = readFileSync(file, 'utf8')
    return text.slice(text.indexOf(this.#start), text.indexOf(this.#end) + this.#end.length)
  }

  write(section: string): void {
    const text = readFileSync(file, 'utf8')
    const [start, end] = [text.indexOf(this.#start), text.indexOf(this.#end)]
    writeFileSync(
      file,
      start < 0 ? `${text}\n${section}\n` : text.slice(0, start) + section + text.slice(end + this.#end.length),
    )
  }

  /** The lines between their marks. */
  frame(lines: string[]): string {
    return [this.#start, '', ...lines, '', this.#end].join('\n')
  }
}
