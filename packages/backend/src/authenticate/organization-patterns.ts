import type { OrganizationSyncOptions } from './options.js'

/** The owner of a path: an organization, by id or slug, or the personal account. */
export type OrganizationTarget = { id: string } | { slug: string } | { personal: true }

type Match = (path: string) => Record<string, string> | null

const compiled = new WeakMap<string[], Match>()

/** Finds the owner of a path; null if no pattern matches. */
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

/** A regular expression in parentheses. It may contain non-capturing groups only. */
const OWN = String.raw`\(((?:\\.|[^\\()]|\(\?(?:\\.|[^\\()])*\))+)\)`

/**
 * In this order: a parameter with or without its own expression; an expression alone; a group in `{…}`; `\` and the
 * character it escapes; any other character.
 */
const PIECE = new RegExp(
  String.raw`(\/?):(\w+)(?:${OWN})?([?*+]?)|(\/?)${OWN}([?*+]?)|\{([^{}]*)\}([?*+]?)|\\(.)|([^])`,
  'g',
)

/**
 * Compiles a pattern as path-to-regexp 6 reads them: `/orgs/:slug`, `/orgs/:id(\\d+)`, `/orgs/:slug/(.*)`, `/me{/:tab}?`.
 *
 * @throws {Error} when the pattern is invalid.
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
