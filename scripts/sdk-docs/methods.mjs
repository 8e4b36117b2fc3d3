import { readDoc, textOf } from './declarations.mjs'

/** @typedef {import('./declarations.mjs').Declaration} Declaration */

/**
 * A method of an API.
 *
 * @typedef {object} Method
 * @property {string} name
 * @property {import('./declarations.mjs').Doc} doc
 * @property {Parameter[]} parameters of its implementation
 * @property {{ parameters: Parameter[], returns: string }[]} signatures more than one if it is overloaded
 * @property {any} result the type that its promise resolves to, a node of Babel's syntax tree
 * @property {string[]} requests such as `GET /v1/users/{userId}`
 */

/**
 * @typedef {object} Parameter
 * @property {string} name `params` for a destructured one
 * @property {string} type
 * @property {any} node the type, a node of Babel's syntax tree
 * @property {boolean} optional
 */

/** The methods of `Api` that send requests. */
const VERBS = /** @type {Record<string, string>} */ ({
  read: 'GET',
  readPage: 'GET',
  post: 'POST',
  put: 'PUT',
  patch: 'PATCH',
  remove: 'DELETE',
})

/**
 * The methods of an API class, in source order.
 *
 * @param {Declaration} declaration
 * @param {string | undefined} root the value of `this.root`, if one class serves several paths
 * @returns {Method[]}
 */
export function readMethods(declaration, root) {
  const members = declaration.node.body.body.filter((/** @type {any} */ { key }) => key && key.name !== 'constructor')
  const implementations = members.filter((/** @type {any} */ { type }) => type === 'ClassMethod')
  const prefix = declaration.source.includes('unversioned') ? '' : '/v1'
  return implementations.map((/** @type {any} */ member) => {
    const { name } = member.key
    const overloads = members.filter(
      (/** @type {any} */ { type, key }) => type === 'TSDeclareMethod' && key.name === name,
    )
    const signatures = (overloads.length > 0 ? overloads : [member]).map((/** @type {any} */ signature) =>
      readSignature(signature, declaration.source),
    )
    const { parameters } = readSignature(member, declaration.source)
    const requests = requestsOf(member, implementations).map((request) =>
      request.replace('/', `${prefix}/`).replace('{root}', root ?? ''),
    )
    return { name, doc: readDoc(overloads[0] ?? member), parameters, signatures, result: resultOf(member), requests }
  })
}

/** @param {any} member */
function resultOf(member) {
  return member.returnType.typeAnnotation.typeParameters.params[0]
}

/** @returns {{ parameters: Parameter[], returns: string }} */
function readSignature(/** @type {any} */ member, /** @type {string} */ source) {
  const parameters = member.params.map((/** @type {any} */ parameter) => {
    const target = parameter.type === 'AssignmentPattern' ? parameter.left : parameter
    const node = target.typeAnnotation.typeAnnotation
    return {
      name: target.name ?? 'params',
      type: textOf(node, source),
      node,
      optional: target !== parameter || Boolean(target.optional),
    }
  })
  return { parameters, returns: textOf(resultOf(member), source) }
}

/** The requests that a method sends itself or through other methods that it calls, each once. @returns {string[]} */
function requestsOf(/** @type {any} */ member, /** @type {any[]} */ siblings) {
  const calls = [...nodesIn(member.body)].filter(
    ({ type, callee }) => type === 'CallExpression' && callee.type === 'MemberExpression',
  )
  const requests = calls.flatMap(({ callee, arguments: args }) => {
    const name = callee.property.name
    const sibling = callee.object.type === 'ThisExpression' && siblings.find(({ key }) => key.name === name)
    if (sibling) return requestsOf(sibling, siblings)
    const verb = VERBS[name] ?? (/^(send|upload|request)$/.test(name) && args[0].value)
    if (!verb) return []
    const own = pathsIn(args)
    // If the call contains no path, the path was chosen earlier in the method.
    return (own.length > 0 ? own : pathsIn(member.body)).map((path) => `${verb} ${path}`)
  })
  return [...new Set(requests)]
}

/** @returns {string[]} */
function pathsIn(/** @type {any} */ node) {
  return [...nodesIn(node)]
    .filter(({ type, tag }) => type === 'TaggedTemplateExpression' && tag.name === 'path')
    .map(({ quasi }) => pathOf(quasi))
}

/** @returns {string} */
function pathOf(/** @type {any} */ { quasis, expressions }) {
  const names = expressions.map((/** @type {any} */ expression) => `{${expression.name ?? expression.property.name}}`)
  return quasis
    .map((/** @type {any} */ { value }, /** @type {number} */ index) => value.cooked + (names[index] ?? ''))
    .join('')
}

/** @returns {Generator<any>} */
function* nodesIn(/** @type {any} */ node) {
  if (typeof node?.type === 'string') yield node
  for (const value of Object.values(node ?? {})) {
    if (typeof value === 'object' && value !== null && value !== node.leadingComments) yield* nodesIn(value)
  }
}
