import { readDoc, textOf } from './declarations.mjs'

/** @typedef {import('./declarations.mjs').Declaration} Declaration */

/**
 * A field of a type, wherever it was declared.
 *
 * @typedef {object} Field
 * @property {string} name
 * @property {boolean} optional
 * @property {string} type as it is written
 * @property {any} node the type, as Babel has it
 * @property {Declaration} declaration where it is written
 * @property {import('./declarations.mjs').Doc} doc
 * @property {boolean} translated whether the SDK makes it of a field of the wire that is named in snake_case
 */

/** Types that stand for another one's fields. */
const TRANSLATIONS = new Set(['Resource', 'Translated'])

/** Finds the fields of types. */
export class Fields {
  /** @param {Map<string, Declaration>} declarations by name */
  constructor(declarations) {
    this.declarations = declarations
  }

  /**
   * The fields of a declared type, those it takes over from others first.
   *
   * @param {Declaration} declaration
   * @param {any[]} args what stands between the angle brackets
   * @returns {Field[]}
   */
  ofDeclaration(declaration, args = []) {
    const { node } = declaration
    const names = (node.typeParameters?.params ?? []).map((/** @type {any} */ parameter) => parameter.name)
    const given = new Map(names.map((/** @type {string} */ name, /** @type {number} */ index) => [name, args[index]]))
    if (node.type === 'TSTypeAliasDeclaration') return this.ofType(node.typeAnnotation, declaration)
    const parents = (node.extends ?? []).flatMap((/** @type {any} */ parent) => this.ofType(parent, declaration))
    return merge([...parents, ...this.#members(node.body.body, declaration, given)])
  }

  /**
   * The fields of a type that stands somewhere, or none where it is not a type with fields.
   *
   * @param {any} node
   * @param {Declaration} declaration where it stands
   * @returns {Field[]}
   */
  ofType(node, declaration) {
    if (node.type === 'TSParenthesizedType') return this.ofType(node.typeAnnotation, declaration)
    if (node.type === 'TSTypeLiteral') return this.#members(node.members, declaration, new Map())
    if (node.type === 'TSIntersectionType') return merge(node.types.flatMap((/** @type {any} */ part) => this.ofType(part, declaration)))
    if (node.type === 'TSUnionType') return this.#ofChoices(node.types, declaration)
    const name = node.typeName?.name ?? node.expression?.name
    const args = node.typeParameters?.params ?? []
    if (TRANSLATIONS.has(name)) return this.ofType(args[0], declaration).map(translated)
    if (name === 'Partial') return this.ofType(args[0], declaration).map((field) => ({ ...field, optional: true }))
    if (name === 'Omit' || name === 'Pick') {
      const keys = literals(args[1])
      return this.ofType(args[0], declaration).filter((field) => keys.includes(field.name) === (name === 'Pick'))
    }
    const named = this.declarations.get(name)
    return named && named.node.type !== 'ClassDeclaration' ? this.ofDeclaration(named, args) : []
  }

  /** What any of the choices has; optional is what not all of them ask for, and `never` leaves a field out. */
  #ofChoices(/** @type {any[]} */ types, /** @type {Declaration} */ declaration) {
    const choices = types.map((type) => this.ofType(type, declaration).filter((field) => field.node.type !== 'TSNeverKeyword'))
    const fields = merge(choices.flat())
    const inAll = (/** @type {string} */ name) => choices.every((choice) => choice.some((field) => field.name === name && !field.optional))
    return fields.map((field) => ({ ...field, optional: !inAll(field.name) }))
  }

  /** @returns {Field[]} */
  #members(/** @type {any[]} */ members, /** @type {Declaration} */ declaration, /** @type {Map<string, any>} */ given) {
    return members.flatMap((member) => {
      if (member.type !== 'TSPropertySignature' || !member.typeAnnotation) return []
      const written = member.typeAnnotation.typeAnnotation
      const node = given.get(written.typeName?.name) ?? written
      const name = member.key.name ?? member.key.value
      const type = node === written ? textOf(node, declaration.source) : literals(node).map((value) => `'${value}'`).join(' | ')
      return [{ name, optional: Boolean(member.optional), type, node, declaration, doc: readDoc(member), translated: false }]
    })
  }
}

/**
 * The texts of a literal type, or of a union of them.
 *
 * @param {any} node
 * @returns {string[]}
 */
export function literals(node) {
  if (node.type === 'TSUnionType') return node.types.flatMap(literals)
  return node.type === 'TSLiteralType' && typeof node.literal.value === 'string' ? [node.literal.value] : []
}

/** @param {Field} field */
function translated(field) {
  const name = field.name.replace(/_([a-z\d])/g, (_, letter) => letter.toUpperCase())
  return { ...field, name, type: field.type.replace(/\b(\w+)JSON\b/g, '$1'), translated: true }
}

/** The last of each name, at the place of the first. @param {Field[]} fields */
function merge(fields) {
  return [...new Map(fields.map((field) => [field.name, field])).values()]
}
