import { MAX_OUTPUT, MAX_STEPS, type Node, type Path, type Template } from './template.js'

export type TemplateData = Readonly<Record<string, unknown>>

export interface RenderOptions {
  /** Applied to each value that is not raw: {@link escapeHtml} for HTML, nothing for text. */
  escape?: (text: string) => string
}

/** Of the innermost loop last. */
interface Context {
  value: unknown
  /** `@index` and the like. */
  variables: TemplateData
}

/**
 * Fills a template. Only own properties of objects and arrays are read, so that no name leads to anything that the data
 * does not have.
 *
 * @returns undefined when the result would be larger than {@link MAX_OUTPUT}, or take more than {@link MAX_STEPS}
 */
export function renderTemplate(
  template: Template,
  data: TemplateData,
  { escape = (text) => text }: RenderOptions = {},
): string | undefined {
  let output = ''
  let steps = 0

  /** @returns false when it has become too much */
  const render = (nodes: readonly Node[], contexts: readonly Context[]): boolean => {
    for (const node of nodes) {
      if (++steps > MAX_STEPS) return false
      if (node.kind === 'text') output += node.text
      else if (node.kind === 'value') {
        const text = toText(lookUp(node.path, contexts))
        output += node.raw ? text : escape(text)
      } else if (node.kind === 'if') {
        const holds = isTrue(lookUp(node.path, contexts)) !== node.negated
        if (!render(holds ? node.body : node.otherwise, contexts)) return false
      } else if (!renderEach(node, contexts)) return false
      if (output.length > MAX_OUTPUT) return false
    }
    return true
  }

  const renderEach = (node: Extract<Node, { kind: 'each' }>, contexts: readonly Context[]): boolean => {
    const value = lookUp(node.path, contexts)
    const entries = typeof value === 'object' && value !== null ? Object.entries(value) : []
    if (entries.length === 0) return render(node.otherwise, contexts)
    return entries.every(([key, item], index) => {
      // A loop without a body takes time too.
      if (++steps > MAX_STEPS) return false
      const variables = { '@index': index, '@key': key, '@first': index === 0, '@last': index === entries.length - 1 }
      return render(node.body, [...contexts, { value: item, variables }])
    })
  }

  return render(template.nodes, [{ value: data, variables: {} }]) ? output : undefined
}

const special: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Escapes a text for HTML, between tags or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => special[character]!)
}

/**
 * The values that a template shows, where it is not in a loop, as `a.b`: what it needs whatever the data is like.
 */
export function shownValues({ nodes }: Template): Set<string> {
  const found = new Set<string>()
  const visit = (some: readonly Node[], loops: number): void => {
    for (const node of some) {
      if (node.kind === 'value' && node.path.up === loops) found.add(node.path.keys.join('.'))
      if (node.kind !== 'if' && node.kind !== 'each') continue
      visit(node.body, node.kind === 'each' ? loops + 1 : loops)
      visit(node.otherwise, loops)
    }
  }
  visit(nodes, 0)
  return found
}

function lookUp({ up, keys }: Path, contexts: readonly Context[]): unknown {
  const context = contexts.at(-1 - up)
  if (!context) return undefined
  let value: unknown = context.value
  for (const [index, key] of keys.entries()) {
    if (index === 0 && key.startsWith('@')) value = own(context.variables, key)
    else value = own(value, key)
  }
  return value
}

function own(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined
}

/** As in Handlebars: an empty text, zero and an empty list do not hold. */
function isTrue(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value)
}

function toText(value: unknown): string {
  if (Array.isArray(value)) return value.map(toText).join(',')
  return ['string', 'number', 'boolean', 'bigint'].includes(typeof value) ? String(value) : ''
}
