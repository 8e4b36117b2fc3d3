import { elementOf, literals } from './fields.mjs'

/** @typedef {import('./fields.mjs').Field} Field */
/** @typedef {import('./declarations.mjs').Declaration} Declaration */

/** Deep enough for all existing parameters; stops recursive types. */
const DEPTH = 3

/**
 * A row for each field of a type: name, type and description. Nested fields follow their field, unless its type has its
 * own section.
 *
 * @param {Pick<Field, 'node' | 'declaration' | 'type' | 'translated'>} holder
 * @param {import('./fields.mjs').Fields} fields
 * @param {Map<string, Declaration>} byName
 * @returns {string[][]}
 */
export function shownFields(holder, fields, byName, path = '', depth = 0) {
  return fields.inside(/** @type {Field} */ (holder)).flatMap((field) => {
    const name = `${path}${field.name}`
    const row = [
      code(`${name}${field.optional ? '?' : ''}`),
      code(field.translated ? sdkName(field.type, byName) : field.type),
      describe(field, byName),
    ]
    const expanded = depth < DEPTH && !hasSection(field, byName)
    return [
      row,
      ...(expanded ? shownFields(field, fields, byName, `${name}${isList(field) ? '[]' : ''}.`, depth + 1) : []),
    ]
  })
}

/** The SDK's names of wire types. A type without one is described by its fields. */
function sdkName(/** @type {string} */ type, /** @type {Map<string, Declaration>} */ byName) {
  return type.replace(/\b(\w+)JSON\b/g, (_, name) => (byName.has(name) ? name : 'object'))
}

function hasSection(/** @type {Field} */ { node }, /** @type {Map<string, Declaration>} */ byName) {
  const named = byName.get(elementOf(node).typeName?.name?.replace(/JSON$/, ''))
  return named?.exported === true && !named.name.endsWith('Params')
}

function isList(/** @type {Field} */ { type }) {
  return /\[\]( \| null)?$/.test(type)
}

/** The description of a field, and of the enumerations in its type, in one line. @returns {string} */
function describe(/** @type {Field} */ { doc, type }, /** @type {Map<string, Declaration>} */ byName) {
  const deprecated = doc.tags.find(({ name }) => name === 'deprecated')
  const enumerations = [...new Set(type.match(/\b[A-Z]\w+/g))].flatMap((name) => {
    const { node } = byName.get(name) ?? {}
    const values = node?.type === 'TSTypeAliasDeclaration' ? literals(node.typeAnnotation) : []
    return values.length > 0 ? [`\`${name}\` is ${values.map((value) => `\`${value}\``).join(', ')}.`] : []
  })
  // A type that is not exported has no section, so its description serves for a field without one.
  const local = byName.get(type)?.exported === false ? byName.get(type)?.doc.text : ''
  return [doc.text || local, deprecated && `Deprecated. ${deprecated.text}`, ...enumerations]
    .filter(Boolean)
    .join(' ')
    .replaceAll('|', '\\|')
}

/**
 * A text as code in a table.
 *
 * @param {string} text
 */
export function code(text) {
  const fence = text.includes('`') ? '``' : '`'
  const space = fence === '`' ? '' : ' '
  return `${fence}${space}${text.replaceAll('|', '\\|')}${space}${fence}`
}
