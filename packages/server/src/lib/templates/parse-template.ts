import { MAX_DEPTH, MAX_NODES, MAX_SOURCE, type Node, type Path, type Template } from './template.js'

export type ParsedTemplate = { ok: true; template: Template } | { ok: false; reason: string }

/** Templates that others can include with `{{> name}}`. They include none themselves. */
export type Partials = Readonly<Record<string, Template>>

/**
 * Parses the part of Handlebars that messages need: `{{value}}`, `{{{raw value}}}`, `if`, `unless`, `each` and `else`,
 * the given partials, comments, `{{~ ~}}` and `\{{`. There are no helpers with arguments and no expressions, so that a
 * template can do nothing but show what it is given.
 *
 * @returns the reason with the line, for whoever wrote the template
 */
export function parseTemplate(source: string, partials: Partials = {}): ParsedTemplate {
  if (source.length > MAX_SOURCE) return { ok: false, reason: `is longer than ${MAX_SOURCE} characters` }
  try {
    return { ok: true, template: { nodes: new Parser(source, partials).parse() } }
  } catch (error) {
    if (error instanceof Fault) return { ok: false, reason: error.message }
    throw error
  }
}

class Fault extends Error {}

interface Tag {
  kind: 'comment' | 'escaped' | 'raw' | 'plain'
  /** Without braces and `~`. */
  content: string
  at: number
  end: number
  trimBefore: boolean
  trimAfter: boolean
}

/** A block that is not closed yet. */
interface Block {
  node: Extract<Node, { kind: 'if' | 'each' }>
  keyword: string
  at: number
  /** Where the nodes go that follow the block. */
  outside: Node[]
  /** An `else if`, which ends with the block around it. */
  chained: boolean
}

class Parser {
  readonly #root: Node[] = []
  readonly #blocks: Block[] = []
  #into = this.#root
  #count = 0
  #trimNext = false

  constructor(
    private readonly source: string,
    private readonly partials: Partials,
  ) {}

  parse(): Node[] {
    let at = 0
    for (let open = this.source.indexOf('{{'); open >= 0; open = this.source.indexOf('{{', at)) {
      const tag = this.#read(open)
      this.#addText(this.source.slice(at, tag.at), tag.trimBefore)
      if (tag.kind === 'escaped') this.#addText(this.source.slice(open, tag.end), false)
      else this.#apply(tag)
      this.#trimNext = tag.trimAfter
      at = tag.end
    }
    this.#addText(this.source.slice(at), false)
    const unclosed = this.#blocks.findLast(({ chained }) => !chained)
    if (unclosed) throw this.#fault(unclosed.at, `{{#${unclosed.keyword}}} is not closed`)
    return this.#root
  }

  #read(open: number): Tag {
    const { source } = this
    const isEscaped = open > 0 && source[open - 1] === '\\'
    const isComment = source.startsWith('{{!--', open)
    const isRaw = source.startsWith('{{{', open)
    const closing = isComment ? '--}}' : isRaw ? '}}}' : '}}'
    const close = source.indexOf(closing, open + 2)
    if (close < 0) throw this.#fault(open, 'the braces are not closed')
    const inner = source.slice(open + (isRaw ? 3 : 2), close)
    return {
      kind: isEscaped ? 'escaped' : isComment || /^~?\s*!/.test(inner) ? 'comment' : isRaw ? 'raw' : 'plain',
      content: inner.replace(/^~/, '').replace(/~$/, '').trim(),
      at: isEscaped ? open - 1 : open,
      end: close + closing.length,
      trimBefore: !isEscaped && inner.startsWith('~'),
      trimAfter: !isEscaped && inner.endsWith('~'),
    }
  }

  #apply({ kind, content, at }: Tag): void {
    if (kind === 'comment') return
    const [, sign = '', rest = ''] = /^([#/>&^]?)\s*([\s\S]*)$/.exec(content)!
    if (kind === 'raw' || sign === '&') return this.#add({ kind: 'value', path: this.#path(rest, at), raw: true }, at)
    if (sign === '#') return this.#begin(rest, at)
    if (sign === '/') return this.#end(rest, at)
    if (sign === '>') return this.#include(rest, at)
    if (sign === '^' && rest === '') return this.#otherwise('', at)
    const otherwise = /^else(?:\s+([\s\S]+))?$/.exec(rest)
    if (otherwise && sign === '') return this.#otherwise(otherwise[1] ?? '', at)
    if (sign !== '') throw this.#fault(at, `{{${content}}} is not supported`)
    this.#add({ kind: 'value', path: this.#path(rest, at), raw: false }, at)
  }

  #begin(text: string, at: number, chained = false): void {
    const [, keyword = '', argument = ''] = /^(\S+)\s*([\s\S]*)$/.exec(text) ?? []
    if (keyword !== 'if' && keyword !== 'unless' && keyword !== 'each') {
      throw this.#fault(at, `{{#${keyword}}} is not supported: only if, unless and each are`)
    }
    if (this.#blocks.length >= MAX_DEPTH) throw this.#fault(at, `blocks are nested deeper than ${MAX_DEPTH} levels`)
    const parts = { path: this.#path(argument, at), body: [], otherwise: [] }
    const node: Block['node'] =
      keyword === 'each' ? { kind: 'each', ...parts } : { kind: 'if', negated: keyword === 'unless', ...parts }
    const outside = this.#into
    this.#add(node, at)
    this.#blocks.push({ node, keyword, at, outside, chained })
    this.#into = node.body
  }

  #otherwise(text: string, at: number): void {
    const block = this.#blocks.at(-1)
    if (!block || this.#into === block.node.otherwise) throw this.#fault(at, '{{else}} belongs to no block')
    this.#into = block.node.otherwise
    if (text !== '') this.#begin(text, at, true)
  }

  #end(keyword: string, at: number): void {
    let block = this.#blocks.pop()
    while (block?.chained) block = this.#blocks.pop()
    if (block?.keyword !== keyword) {
      throw this.#fault(at, `{{/${keyword}}} closes ${block ? `{{#${block.keyword}}}` : 'no block'}`)
    }
    this.#into = block.outside
  }

  #include(name: string, at: number): void {
    if (!Object.hasOwn(this.partials, name)) {
      const known = Object.keys(this.partials).join(', ') || 'none'
      throw this.#fault(at, `there is no partial ${JSON.stringify(name)}; there are ${known}`)
    }
    for (const node of this.partials[name]!.nodes) this.#add(node, at)
  }

  #path(text: string, at: number): Path {
    const path = parsePath(text)
    if (!path) throw this.#fault(at, `${JSON.stringify(text)} is not the name of a value`)
    return path
  }

  #addText(text: string, trimEnd: boolean): void {
    let kept = this.#trimNext ? text.trimStart() : text
    if (trimEnd) kept = kept.trimEnd()
    this.#trimNext = false
    if (kept !== '') this.#add({ kind: 'text', text: kept }, 0)
  }

  #add(node: Node, at: number): void {
    if (++this.#count > MAX_NODES) throw this.#fault(at, `the template has more than ${MAX_NODES} parts`)
    this.#into.push(node)
  }

  #fault(at: number, why: string): Fault {
    return new Fault(`line ${this.source.slice(0, at).split('\n').length}: ${why}`)
  }
}

/** `a.b`, `a/b`, `this`, `this.a`, `../a`, `@index`. */
function parsePath(text: string): Path | undefined {
  const [outwards = ''] = /^(?:\.\.\/)*/.exec(text)!
  const rest = text.slice(outwards.length).replace(/^(?:this|\.)(?:[./]|$)/, '')
  const up = outwards.length / 3
  if (rest === '') return text === '' ? undefined : { up, keys: [] }
  const keys = rest.split(/[./]/)
  return keys.every((key) => /^@?[\p{L}\p{N}_$-]+$/u.test(key)) ? { up, keys } : undefined
}
