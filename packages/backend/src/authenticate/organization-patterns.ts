import type { OrganizationSyncOptions } from './options.js'

/** Whose a path is: an organization's, by id or slug, or nobody's. */
export type OrganizationTarget = { id: string } | { slug: string } | { personal: true }

type Match = (path: string) => Record<string, string> | null

const compiled = new WeakMap<string[], Match>()

/** Finds whose the path is; null when no pattern says. */
export function findOrganizationTarget(
  path: string,
  options: OrganizationSyncOptions | undefined,
): OrganizationTarget | null {
  const { organizationPatterns, personalAccountPatterns } = options ?? {}
  const params = organizationPatterns && matcherOf(organizationPatterns)(path)
  if (params?.id) return { id: params.id }
  if (params?.slug) return { slug: params.slug }
  return personalAccountPatterns && matcherOf(personalAccountPatterns)(path) ? { personal: true } : null
}

function matcherOf(patterns: string[]): Match {
  const known = compiled.get(patterns)
  if (known) return known
  const expressions = patterns.map(toRegExp)
  const match: Match = (path) => {
    for (const { expression, names } of expressions) {
      const found = expression.exec(path)
      if (found) return Object.fromEntries(names.map((name, index) => [name, found[index + 1] ?? '']))
    }
    return null
  }
  compiled.set(patterns, match)
  return match
}

/** An expression in parentheses; in it, groups that capture nothing. */
const OWN = String.raw`\(((?:\\.|[^\\()]|\(\?(?:\\.|[^\\()])*\))+)\)`

/** A parameter with an expression of its own or without; an expression alone; `{…}` around a part; `\` and what it quotes; the rest. */
const PIECE = new RegExp(
  String.raw`(\/?):(\w+)(?:${OWN})?([?*+]?)|(\/?)${OWN}([?*+]?)|\{([^{}]*)\}([?*+]?)|\\(.)|([^])`,
  'g',
)

/**
 * Compiles a pattern as path-to-regexp 6 reads them: `/orgs/:slug`, `/orgs/:id(\\d+)`, `/orgs/:slug/(.*)`, `/me{/:tab}?`.
 *
 * @throws {Error} when it is no pattern.
 */
function toRegExp(pattern: string): { expression: RegExp; names: string[] } {
  const names: string[] = []
  try {
    return { expression: new RegExp(`^${toSource(pattern, names)}[/#?]?$`, 'i'), names }
  } catch (cause) {
    throw new Error(`Invalid pattern ${JSON.stringify(pattern)} in organizationSyncOptions.`, { cause })
  }
}

function toSource(pattern: string, names: string[]): string {
  return pattern.replace(
    PIECE,
    (_, slash, name, own, repeat, bareSlash, bare, bareRepeat, group, groupRepeat, escaped, character) => {
      if (group !== undefined) return `(?:${toSource(group, names)})${groupRepeat}`
      if (name || bare) {
        names.push(name ?? String(names.length))
        return repeated(slash ?? bareSlash, own ?? bare ?? '[^/#?]+?', repeat ?? bareRepeat)
      }
      const literal: string = escaped ?? character
      if (escaped === undefined && /[:(){}?*+]/.test(literal)) throw new SyntaxError(`Unexpected ${literal}`)
      return literal.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
    },
  )
}

function repeated(slash: string, expression: string, repeat: string): string {
  if (repeat === '*' || repeat === '+') {
    const list = `(?:${slash}((?:${expression})(?:${slash || '/'}(?:${expression}))*))`
    return repeat === '*' ? `${list}?` : list
  }
  return `(?:${slash}(${expression}))${repeat}`
}
