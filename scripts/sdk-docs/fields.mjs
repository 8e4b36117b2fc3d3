import { readDoc, textOf } from './declarations.mjs'

/** @typedef {import('./declarations.mjs').Declaration} Declaration */

/**
 * A field of a type, own or inherited.
 *
 * @typedef {object} Field
 * @property {string} name
 * @property {boolean} optional
 * @property {string} type as it is written
 * @property {any} node the type, a node of Babel's syntax tree
 * @property {Declaration} declaration the declaration that contains it
 * @property {import('./declarations.mjs').Doc} doc
 * @property {boolean} translated whether the SDK translates it from a snake_case field of the wire
 */

/** Types that have the fields of their argument. */
const TRANSLATIONS = new Set(['Resource', 'Translated'])

/** Finds the fields of types. */
export class Fields {
  /** @param {Map<string, Declaration>} declarations by name */
  constructor(declarations) {
    this.declarations = declarations
  }

  /**
   * The fields of a declared type, including inherited ones.
   *
   * @param {Declaration} declaration
   * @param {any[]} args the type arguments
   * @returns {Field[]}
   */
  ofDeclaration(declaration, args = []) {
    const { node } = declaration
    if (node.type === 'ClassDeclaration') return this.#ofClass(declaration)
    const names = (node.typeParameters?.params ?? []).map((/** @type {any} */ parameter) => parameter.name)
    const given = new Map(names.map((/** @type {string} */ name, /** @type {number} */ index) => [name, args[index]]))
    if (node.type === 'TSTypeAliasDeclaration') return this.ofType(node.typeAnnotation, declaration)
    const parents = (node.extends ?? []).flatMap((/** @type {any} */ parent) => this.ofType(parent, declaration))
    const own = this.#members(node.body.body, declaration, given)
    // For a resource, inherited fields come first; for parameters, own fields do.
    return declaration.name.endsWith('Params') ? merge([...own, ...parents, ...own]) : merge([...parents, ...own])
  }

  /**
   * The fields of a type node; empty if the type has no fields.
   *
   * @param {any} node
   * @param {Declaration} declaration the declaration that contains it
   * @returns {Field[]}
   */
  ofType(node, declaration) {
    if (node.type === 'TSParenthesizedType') return this.ofType(node.typeAnnotation, declaration)
    if (node.type === 'TSTypeLiteral') return this.#members(node.members, declaration, new Map())
    if (node.type === 'TSIntersectionType')
      return merge(node.types.flatMap((/** @type {any} */ part) => this.ofType(part, declaration)))
    if (node.type === 'TSUnionType') return this.#ofChoices(node.types, declaration)
    const name = node.typeName?.name ?? node.expression?.name
    const args = node.typeParameters?.params ?? []
    if (TRANSLATIONS.has(name)) return translate(this.ofType(args[0], declaration))
    if (name === 'Partial') return this.ofType(args[0], declaration).map((field) => ({ ...field, optional: true }))
    if (name === 'Omit' || name === 'Pick') {
      const keys = literals(args[1])
      return this.ofType(args[0], declaration).filter((field) => keys.includes(field.name) === (name === 'Pick'))
    }
    const named = this.declarations.get(name)
    return named ? this.ofDeclaration(named, args) : []
  }

  /**
   * The fields of a field's type, or of its items if it is an array.
   *
   * @param {Field} field
   * @returns {Field[]}
   */
  inside(field) {
    const inner = this.ofType(elementOf(field.node), field.declaration)
    return field.translated ? translate(inner) : inner
  }

  /** A class of resources has the fields of its interface, and getters. @returns {Field[]} */
  #ofClass(/** @type {Declaration} */ declaration) {
    const beside = this.declarations.get(`${declaration.name}Fields`)
    const getters = declaration.node.body.body.filter((/** @type {any} */ member) => member.kind === 'get')
    const own = getters.map((/** @type {any} */ getter) =>
      this.#field(getter, getter.returnType.typeAnnotation, declaration),
    )
    return [...(beside ? this.ofDeclaration(beside) : []), ...own]
  }

  /**
   * The fields of all members of a union. A field is optional if not all members require it; `never` excludes a field.
   */
  #ofChoices(/** @type {any[]} */ types, /** @type {Declaration} */ declaration) {
    const choices = types.map((type) =>
      this.ofType(type, declaration).filter((field) => field.node.type !== 'TSNeverKeyword'),
    )
    const fields = merge(choices.flat())
    const inAll = (/** @type {string} */ name) =>
      choices.every((choice) => choice.some((field) => field.name === name && !field.optional))
    return fields.map((field) => ({ ...field, optional: !inAll(field.name) }))
  }

  /** @returns {Field[]} */
  #members(
    /** @type {any[]} */ members,
    /** @type {Declaration} */ declaration,
    /** @type {Map<string, any>} */ given,
  ) {
    return members.flatMap((member) => {
      if (member.type !== 'TSPropertySignature' || !member.typeAnnotation) return []
      const written = member.typeAnnotation.typeAnnotation
      const argument = given.get(written.typeName?.name)
      const field = this.#field(member, argument ?? written, declaration)
      return [
        argument
          ? {
              ...field,
              type: literals(argument)
                .map((value) => `'${value}'`)
                .join(' | '),
            }
          : field,
      ]
    })
  }

  /** @returns {Field} */
  #field(/** @type {any} */ member, /** @type {any} */ node, /** @type {Declaration} */ declaration) {
    const name = member.key.name ?? member.key.value
    const type = textOf(node, declaration.source)
    return {
      name,
      optional: Boolean(member.optional),
      type,
      node,
      declaration,
      doc: readDoc(member),
      translated: false,
    }
  }
}

/**
 * The item type of an array type, nullable or not.
 *
 * @param {any} node
 * @returns {any}
 */
export function elementOf(node) {
  if (node.type === 'TSArrayType') return elementOf(node.elementType)
  if (node.type === 'TSParenthesizedType') return elementOf(node.typeAnnotation)
  if (node.type !== 'TSUnionType') return node
  const types = node.types.filter(
    (/** @type {any} */ type) => type.type !== 'TSNullKeyword' && type.type !== 'TSUndefinedKeyword',
  )
  return types.length === 1 ? elementOf(types[0]) : node
}

/**
 * The strings of a literal type, or of a union of literal types.
 *
 * @param {any} node
 * @returns {string[]}
 */
export function literals(node) {
  if (node.type === 'TSUnionType') return node.types.flatMap(literals)
  return node.type === 'TSLiteralType' && typeof node.literal.value === 'string' ? [node.literal.value] : []
}

/** Fields with the SDK's camelCase names, also where comments mention them. @param {Field[]} fields */
function translate(fields) {
  const names = new Map(
    fields.map(({ name }) => [name, name.replace(/_([a-z\d])/g, (_, letter) => letter.toUpperCase())]),
  )
  const rename = (/** @type {string} */ text) =>
    text.replace(/`(\w+)`/g, (whole, name) => (names.has(name) ? `\`${names.get(name)}\`` : whole))
  return fields.map((field) => {
    const tags = field.doc.tags.map(({ name, text }) => ({ name, text: rename(text) }))
    return {
      ...field,
      name: names.get(field.name) ?? field.name,
      doc: { text: rename(field.doc.text), tags },
      translated: true,
    }
  })
}

/** Keeps the last field of each name, at the position of the first. @param {Field[]} fields */
function merge(fields) {
  return [...new Map(fields.map((field) => [field.name, field])).values()]
}
