import { readMissing } from './served.mjs'
import { code, shownFields } from './tables.mjs'

/** @typedef {import('./sources.mjs').Namespace} Namespace */
/** @typedef {import('./methods.mjs').Method} Method */
/** @typedef {import('./declarations.mjs').Declaration} Declaration */
/** @typedef {ReturnType<typeof import('./sources.mjs').readSources>} Sources */

const NOTE = '<!-- Written by scripts/generate-sdk-docs.mjs from the sources. Change those, and run it. -->'

/**
 * The pages, by file name.
 *
 * @param {Sources} sources
 * @returns {Map<string, string>}
 */
export function toPages(sources) {
  const homes = homesOf(sources)
  const pages = sources.namespaces.map(
    (namespace) => /** @type {const} */ ([`${namespace.name}.md`, toPage(namespace, sources, homes)]),
  )
  return new Map([...pages, ['README.md', toIndex(sources.namespaces)]])
}

/** @param {Namespace[]} namespaces */
function toIndex(namespaces) {
  const count = namespaces.reduce((sum, { methods }) => sum + methods.length, 0)
  return join([
    NOTE,
    '# The Backend SDK',
    'Start with the [README of `@latchkey/backend`](../../packages/backend/README.md). What all methods have in common:',
    [
      '- [Requests](requests.md): retries, timeouts, cancellation, idempotency, pagination, hooks, logging, errors',
      '- [Tokens](tokens.md): verifying tokens, authenticating requests, keys, the cache, testing',
      '- [Differences](differences.md) from `@clerk/backend`, each with its reason',
      '- [Types on the wire](../types.md)',
    ].join('\n'),
    `A client made by \`createClerkClient\` has ${namespaces.length} namespaces with ${count} methods:`,
    table(
      ['namespace', 'about', 'methods'],
      namespaces.map(({ name, api, methods }) => [
        `[\`${name}\`](${name}.md)`,
        [deprecation(api.doc), firstSentence(api.doc.text)].filter(Boolean).join(' '),
        methods.map((method) => link(method.name, name)).join(', '),
      ]),
    ),
  ])
}

/** @param {string} method @param {string} [page] */
function link(method, page) {
  return `[\`${method}\`](${page ? `${page}.md` : ''}#${method.toLowerCase()})`
}

/**
 * The page of each type: that of the API in its file, otherwise of the namespace that returns it most often, otherwise
 * of the other types in its file.
 */
function homesOf(/** @type {Sources} */ { namespaces, types }) {
  // If one class serves two namespaces, its types are on the page of the first.
  const apis = new Map(namespaces.toReversed().map(({ api, name }) => [api.file, name]))
  const homes = new Map(types.map(({ name, file }) => [name, apis.get(file) ?? mostAnswering(name, namespaces)]))
  const ofFile = (/** @type {string} */ file) =>
    types
      .filter((type) => type.file === file)
      .map(({ name }) => homes.get(name))
      .find(Boolean)
  return new Map(types.map(({ name, file }) => [name, homes.get(name) ?? ofFile(file) ?? 'users']))
}

/** The namespace with the most methods that return a type. @returns {string | undefined} */
function mostAnswering(/** @type {string} */ type, /** @type {Namespace[]} */ namespaces) {
  const word = new RegExp(`\\b${type}\\b`)
  const counts = namespaces.map(({ name, methods }) => ({
    name,
    count: methods.filter(({ signatures }) => signatures.some(({ returns }) => word.test(returns))).length,
  }))
  const [most] = counts.toSorted((a, b) => b.count - a.count)
  return most.count > 0 ? most.name : undefined
}

/** @returns {string} */
function toPage(
  /** @type {Namespace} */ { name, api, methods },
  /** @type {Sources} */ sources,
  /** @type {Map<string, string>} */ homes,
) {
  const types = sources.types.filter((type) => homes.get(type.name) === name)
  const sections = types.map((type) => toTypeSection(type, sources)).filter(Boolean)
  return join([
    NOTE,
    `# client.${name}`,
    deprecation(api.doc),
    api.doc.text,
    'Each method also takes [options of the call](requests.md#options) as its last argument. A request that fails throws a [`ClerkAPIResponseError`](requests.md#errors). All namespaces are [here](README.md).',
    table(
      ['method', ''],
      methods.map((method) => [
        link(method.name),
        `${firstSentence(method.doc.text)}${isMissing(method) ? ' Not served yet.' : ''}`,
      ]),
    ),
    ...methods.map((method) => toMethodSection(name, method, api, sources, homes)),
    ...(sections.length > 0 ? ['## Types', ...sections] : []),
  ])
}

const isRequestMissing = readMissing()

/** Whether the server of this repository cannot answer it yet. */
function isMissing(/** @type {Method} */ { requests }) {
  return requests.some(isRequestMissing)
}

/** @returns {string} */
function toMethodSection(
  /** @type {string} */ namespace,
  /** @type {Method} */ method,
  /** @type {Declaration} */ api,
  /** @type {Sources} */ sources,
  /** @type {Map<string, string>} */ homes,
) {
  const tags = (/** @type {string} */ name) =>
    method.doc.tags.filter((tag) => tag.name === name).map(({ text }) => text)
  const signatures = method.signatures.map(({ parameters, returns }) => {
    const args = [
      ...parameters.map(({ name, type, optional }) => `${name}${optional ? '?' : ''}: ${type}`),
      'options?: CallOptions',
    ]
    return `client.${namespace}.${method.name}(${args.join(', ')}): ${promiseOf(returns)}`
  })
  return join([
    `### ${method.name}`,
    deprecation(method.doc),
    method.doc.text,
    isMissing(method)
      ? "The server of this repository does not serve it yet: it answers 400 `not_implemented`. Clerk's does."
      : '',
    `\`\`\`ts\n${signatures.join('\n')}\n\`\`\``,
    describeParameters(method, sources),
    parameterTable(method, api, sources),
    [
      `- Request: ${method.requests.map(code).join(', ')}`,
      `- Returns: ${describeResult(method.signatures.at(-1)?.returns ?? 'void', homes, namespace)}`,
      ...tags('throws').map((text) => `- Throws: ${describeError(text)}`),
      ...tags('see').map((url) => `- [Reference](${url})`),
    ].join('\n'),
  ])
}

/** The documentation of the parameters' type, or of a type that it extends. @returns {string} */
function describeParameters(/** @type {Method} */ { parameters }, /** @type {Sources} */ { byName }) {
  const textOf = (/** @type {any} */ node) => {
    const type = byName.get(node?.typeName?.name ?? node?.expression?.name)
    if (!type || type.file === 'pages.ts') return []
    return type.doc.text ? [type.doc.text] : (type.node.extends ?? []).flatMap(textOf)
  }
  return parameters.flatMap(({ node }) => textOf(node)).join(' ')
}

/** @param {string} returns */
function promiseOf(returns) {
  return returns.startsWith('Page<') ? `PagePromise<${returns.slice('Page<'.length)}` : `APIPromise<${returns}>`
}

/** @returns {string} */
function describeResult(
  /** @type {string} */ returns,
  /** @type {Map<string, string>} */ homes,
  /** @type {string} */ namespace,
) {
  if (returns === 'void') return 'nothing'
  const item = /^Page<(.+)>$/.exec(returns)?.[1]
  const names = (item ?? returns).match(/\b[A-Z]\w+/g)?.filter((name) => homes.has(name)) ?? []
  const links = names.map((name) => {
    const home = homes.get(name)
    return `[\`${name}\`](${home === namespace ? '' : `${home}.md`}#${name.toLowerCase()})`
  })
  const what = links.length > 0 ? links.join(' or ') : `\`${item ?? returns}\``
  if (item) return `a page of ${what}; \`for await\` goes through [all of them](requests.md#lists)`
  return returns.endsWith('[]') ? `a list of ${what}` : what
}

/** @param {string} text */
function describeError(text) {
  const [, type = '', rest = ''] = /^\{(\w+)\} (.*)$/.exec(text) ?? []
  return `\`${type}\` ${rest.replace(/^With/, 'with')}`
}

/** @returns {string} */
function parameterTable(
  /** @type {Method} */ method,
  /** @type {Declaration} */ api,
  /** @type {Sources} */ { fields, byName },
) {
  const notes = new Map(
    method.doc.tags
      .filter(({ name }) => name === 'param')
      .map(({ text }) => /** @type {[string, string]} */ (text.split(/ (.*)/))),
  )
  const rows = method.parameters.flatMap(({ name, type, node, optional }) => {
    const isList = type.endsWith('[]')
    const inner = shownFields(
      { node, declaration: api, type, translated: false },
      fields,
      byName,
      isList ? `${name}[].` : '',
    )
    const own =
      inner.length === 0 || isList ? [[code(`${name}${optional ? '?' : ''}`), code(type), notes.get(name) ?? '']] : []
    return [...own, ...inner]
  })
  return rows.length > 0 ? table(['parameter', 'type', ''], rows) : ''
}

/** @returns {string} */
function toTypeSection(/** @type {Declaration} */ type, /** @type {Sources} */ { fields, byName }) {
  const own = {
    node: { type: 'TSTypeReference', typeName: { name: type.name } },
    declaration: type,
    type: type.name,
    translated: false,
  }
  const rows = shownFields(own, fields, byName)
  return rows.length > 0 ? join([`### ${type.name}`, type.doc.text, table(['field', 'type', ''], rows)]) : ''
}

/** @param {import('./declarations.mjs').Doc} doc */
function deprecation({ tags }) {
  const tag = tags.find(({ name }) => name === 'deprecated')
  return tag ? `**Deprecated.** ${tag.text}` : ''
}

/** @param {string} text */
function firstSentence(text) {
  return text.split(/(?<=[.;]) /)[0].replace(/;$/, '.')
}

/** @param {string[]} head @param {string[][]} rows */
function table(head, rows) {
  const line = (/** @type {string[]} */ cells) => `| ${cells.join(' | ')} |`.replaceAll('|  |', '| |')
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n')
}

/** @param {string[]} parts */
function join(parts) {
  return `${parts
    .filter(Boolean)
    .map((part) => part.trim())
    .join('\n\n')}\n`
}
